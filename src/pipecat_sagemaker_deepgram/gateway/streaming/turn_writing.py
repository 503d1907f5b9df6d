# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
"""Turns as v2/listen writes them, whatever streams they were heard on. Pure."""

from collections.abc import Mapping, Sequence
from typing import Any

from pipecat_sagemaker_deepgram.deepgram.v2.turn_events import (
    EndPredicted,
    HeardTurn,
    TurnEnded,
    TurnEvent,
    TurnResumed,
    TurnStarted,
    TurnUpdated,
)

_NAMES: Mapping[type[TurnEvent], str] = {
    TurnStarted: "StartOfTurn",
    TurnUpdated: "Update",
    EndPredicted: "EagerEndOfTurn",
    TurnResumed: "TurnResumed",
    TurnEnded: "EndOfTurn",
}


class TurnWriter:
    """Writes ``TurnInfo``, turn after turn."""

    def __init__(self) -> None:
        self._turn_index = 0
        self._window_start: float | None = None
        self._text = ""
        self._words: Sequence[Any] = ()
        self._latest: Mapping[str, Any] = {}

    def write(
        self, event: TurnEvent, heard: HeardTurn | None
    ) -> tuple[Mapping[str, Any], float | None]:
        """Write what has happened to a turn.

        Args:
            event: What has happened.
            heard: The message that says so; ``None`` where time does.

        Returns:
            The message, and the session seconds up to which the turn's audio is answered for
            where the endpoint has not ended the turn itself.
        """
        heard = getattr(event, "heard", heard)
        text = getattr(event, "transcript", self._text)
        body = self._latest if heard is None else heard.body
        self._latest = body
        if self._window_start is None:
            self._window_start = body.get("audio_window_start")
        self._words = self._words_of(text, body)
        self._text = text
        written = {
            **body,
            "event": _NAMES[type(event)],
            "turn_index": self._turn_index,
            "audio_window_start": self._window_start,
            "transcript": text,
            "words": self._words,
        }
        if not isinstance(event, TurnEnded):
            return written, None
        self._begin_next()
        return written, event.heard.info.text_end if event.is_ours else None

    def between_turns(self, body: Mapping[str, Any]) -> Mapping[str, Any]:
        """Write that no turn is on."""
        return {**body, "turn_index": self._turn_index}

    def _begin_next(self) -> None:
        self._turn_index += 1
        self._window_start = None
        self._text, self._words = "", ()

    def _words_of(self, text: str, body: Mapping[str, Any]) -> Sequence[Any]:
        """The words of a text: those of the message, and before them what it does not have."""
        own = body.get("words") or []
        if text == body.get("transcript"):
            return own
        tokens = text.split()
        after = _common(
            [each.get("word") for each in reversed(own)], list(reversed(tokens)), len(tokens)
        )
        left = len(tokens) - after
        before = _common([each.get("word") for each in self._words], tokens, left)
        between = [{"word": token, "confidence": 0.0} for token in tokens[before:left]]
        return [*self._words[:before], *between, *own[len(own) - after :]]


def _common(words: Sequence[Any], tokens: Sequence[str], most: int) -> int:
    """How many of the first words are the first tokens."""
    count = 0
    while count < min(most, len(words)) and words[count] == tokens[count]:
        count += 1
    return count
