# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
"""What a caller has set by ``Configure``, which every further stream goes by. Pure."""

from collections import deque
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qs

from pipecat_sagemaker_deepgram.client.stream_protocol import Greeting, NewStream
from pipecat_sagemaker_deepgram.deepgram.query import build_query
from pipecat_sagemaker_deepgram.deepgram.relay import json_text
from pipecat_sagemaker_deepgram.deepgram.v2.configure import SWITCHES, THRESHOLDS
from pipecat_sagemaker_deepgram.exceptions import ConfigurationError

CONFIGURE = "Configure"
"""``type`` of the message, and the kind of the control."""

MOST_STREAMS = 2
"""Streams that are sent a ``Configure`` that none of them has answered: a container that does not
know it ends each."""

_QUERY_NAMES = {
    **{name: name for name in (*THRESHOLDS, *SWITCHES)},
    "keyterms": "keyterm",
    "language_hints": "language_hint",
}
"""What the query calls a setting (Deepgram docs, "Configure")."""


@dataclass
class _Waiting:
    settings: Mapping[str, Any]
    streams: int = 0


class Configured:
    """Keeps the settings of one session.

    What was applied stands in the query of the streams that follow. A stream is sent what its query
    does not say, all at once: what was applied since it was opened, and what no stream has answered
    yet. Its one answer to that stands for theirs; where there are none, nobody waits for it.
    """

    def __init__(self) -> None:
        self._settings: dict[str, Any] = {}
        # Of these, what the query of the stream that was opened last does not say
        self._unsaid: dict[str, Any] = {}
        self._waiting: deque[_Waiting] = deque()
        self._answers_next = 1

    @property
    def thresholds(self) -> Mapping[str, Any]:
        """The thresholds that were applied."""
        thresholds = self._settings.get("thresholds")
        return thresholds if isinstance(thresholds, Mapping) else {}

    def query(self, given: str) -> str:
        """The query of a stream that is being opened.

        Args:
            given: The caller's query.

        Returns:
            The same with the settings in use, as far as it has room for them.
        """
        parameters = {
            _QUERY_NAMES[name]: value
            for name, value in {**self._settings, **self.thresholds}.items()
            if name in _QUERY_NAMES
        }
        if not parameters:
            self._unsaid = self._settings
            return given
        try:
            query = build_query({**parse_qs(given, keep_blank_values=True), **parameters})
        except ConfigurationError:  # It is longer than SageMaker takes.
            self._unsaid = self._settings
            return given
        said = {"thresholds", *_QUERY_NAMES}
        self._unsaid = {name: self._settings[name] for name in self._settings.keys() - said}
        return query

    def sent(self, message: Mapping[str, Any]) -> None:
        """The caller has sent a ``Configure``."""
        settings = {name: message[name] for name in message if name != "type"}
        self._waiting.append(_Waiting(settings))

    def greeting(self, stream: NewStream) -> Greeting:
        """What a new stream is sent before any audio."""
        self._drop_unanswered()
        settings = self._unsaid
        for waiting in self._waiting:
            settings = merged(settings, waiting.settings)
        if not settings:
            return Greeting(forgets=(CONFIGURE,))
        self._answers_next = len(self._waiting)
        text = json_text({"type": CONFIGURE, **settings})
        return Greeting(text=text, forgets=(CONFIGURE,))

    def answered(self, *, is_success: bool) -> int:
        """A stream has answered.

        Returns:
            How often the answer is handed on: once for each request that it answers.
        """
        count = min(self._answers_next, len(self._waiting))
        self._answers_next = 1
        for _ in range(count):
            waiting = self._waiting.popleft()
            if is_success:
                self._settings = merged(self._settings, waiting.settings)
                self._unsaid = merged(self._unsaid, waiting.settings)
        return count

    def _drop_unanswered(self) -> None:
        for waiting in self._waiting:
            waiting.streams += 1
        while self._waiting and self._waiting[0].streams > MOST_STREAMS:
            self._waiting.popleft()


def merged(before: Mapping[str, Any], after: Mapping[str, Any]) -> dict[str, Any]:
    """Settings changed by others; what is not given, or null, stays as it was."""
    changed = dict(before)
    for name, value in after.items():
        if isinstance(value, dict):
            changed[name] = merged(before.get(name) or {}, value)
        elif value is not None:
            changed[name] = value
    return changed
