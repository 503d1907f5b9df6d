# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
"""What a caller has set by ``Configure``, which every further stream has to be told."""

from collections import deque
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import msgspec
from loguru import logger

from pipecat_sagemaker_deepgram.client import Greeting, NewStream
from pipecat_sagemaker_deepgram.deepgram.relay import json_text

CONFIGURE = "Configure"
"""``type`` of the message, and the kind of the control."""


MOST_STREAMS = 2
"""Streams that are sent a ``Configure`` that none of them has answered: a container that does not
know it ends each."""


@dataclass
class _Waiting:
    settings: Mapping[str, Any]
    streams: int = 0


class Configured:
    """Keeps the settings of one connection.

    A stream that takes over is sent them all at once, those included that no stream has answered
    yet. Its one answer to that stands for theirs; where there are none, nobody waits for it.
    """

    def __init__(self) -> None:
        self._settings: dict[str, Any] = {}
        self._waiting: deque[_Waiting] = deque()
        self._greeted_for: int | None = None

    def sent(self, message: Mapping[str, Any]) -> None:
        """The caller has sent a ``Configure``."""
        settings = {name: message[name] for name in message if name != "type"}
        self._waiting.append(_Waiting(settings))

    def greeting(self, stream: NewStream) -> Greeting:
        """What a new stream is sent before any audio."""
        self._drop_unanswered()
        settings = self._settings
        for waiting in self._waiting:
            settings = merged(settings, waiting.settings)
        self._greeted_for = len(self._waiting) if settings else None
        if not settings:
            return Greeting()
        text = json_text({"type": CONFIGURE, **settings})
        return Greeting(text=text, forgets=(CONFIGURE,))

    def answers(self, message: str) -> int:
        """How often a message of the container is handed on, which may be an answer."""
        if "Configure" not in message:
            return 1
        kind = msgspec.json.decode(message).get("type")
        if kind not in ("ConfigureSuccess", "ConfigureFailure"):
            return 1
        count = 1
        if self._greeted_for is not None:
            count, self._greeted_for = self._greeted_for, None
        for _ in range(min(count, len(self._waiting))):
            waiting = self._waiting.popleft()
            if kind == "ConfigureSuccess":
                self._settings = merged(self._settings, waiting.settings)
        return count

    def _drop_unanswered(self) -> None:
        for waiting in self._waiting:
            waiting.streams += 1
        while self._waiting and self._waiting[0].streams > MOST_STREAMS:
            self._waiting.popleft()
            logger.warning("Configure is not sent again: each stream that was sent it has ended")


def merged(before: Mapping[str, Any], after: Mapping[str, Any]) -> dict[str, Any]:
    """Settings changed by others; what is not given, or null, stays as it was."""
    changed = dict(before)
    for name, value in after.items():
        if isinstance(value, dict):
            changed[name] = merged(before.get(name) or {}, value)
        elif value is not None:
            changed[name] = value
    return changed
