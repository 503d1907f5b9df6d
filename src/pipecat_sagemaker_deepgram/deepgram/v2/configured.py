# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
"""The settings that a caller has changed by ``Configure``, for all later streams. Pure."""

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
"""Most streams to which an unanswered ``Configure`` is sent: a container that does not know the
message ends each of them."""

_QUERY_NAMES = {
    **{name: name for name in (*THRESHOLDS, *SWITCHES)},
    "keyterms": "keyterm",
    "language_hints": "language_hint",
}
"""The names of settings in the query (Deepgram docs, "Configure")."""


@dataclass
class _Waiting:
    settings: Mapping[str, Any]
    streams: int = 0


class Configured:
    """Keeps the settings of one session.

    Settings that were applied are put into the query of later streams. A new stream is sent one
    ``Configure`` with everything that its query does not contain: settings that were applied since
    it was opened, and those that no stream has answered yet. Its answer counts as the answer to all
    the caller's unanswered messages; if there are none, it is not passed on.
    """

    def __init__(self) -> None:
        self._settings: dict[str, Any] = {}
        # Those that the query of the latest stream does not contain
        self._unsaid: dict[str, Any] = {}
        self._waiting: deque[_Waiting] = deque()
        self._answers_next = 1

    @property
    def thresholds(self) -> Mapping[str, Any]:
        """The thresholds that were applied."""
        thresholds = self._settings.get("thresholds")
        return thresholds if isinstance(thresholds, Mapping) else {}

    def query(self, given: str) -> str:
        """Return the query of a stream that is being opened.

        Args:
            given: The caller's query.

        Returns:
            The same query with the settings in use; unchanged if it would become too long.
        """
        parameters = self._query_parameters()
        if not parameters:
            self._unsaid = self._settings
            return given
        try:
            query = build_query({**parse_qs(given, keep_blank_values=True), **parameters})
        except ConfigurationError:  # The query is longer than SageMaker accepts.
            self._unsaid = self._settings
            return given
        said = {"thresholds", *_QUERY_NAMES}
        self._unsaid = {name: self._settings[name] for name in self._settings.keys() - said}
        return query

    def _query_parameters(self) -> dict[str, Any]:
        return {
            _QUERY_NAMES[name]: value
            for name, value in {**self._settings, **self.thresholds}.items()
            if name in _QUERY_NAMES
        }

    def sent(self, message: Mapping[str, Any]) -> None:
        """Note that the caller has sent a ``Configure``."""
        settings = {name: message[name] for name in message if name != "type"}
        self._waiting.append(_Waiting(settings))

    def greeting(self, stream: NewStream) -> Greeting:
        """Return what a new stream is sent before any audio."""
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
        """Process a stream's answer.

        Returns:
            How often to pass the answer on: once for each request that it answers.
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
    """Return settings changed by others; those that are missing or null do not change."""
    changed = dict(before)
    for name, value in after.items():
        if isinstance(value, dict):
            changed[name] = merged(before.get(name) or {}, value)
        elif value is not None:
            changed[name] = value
    return changed
