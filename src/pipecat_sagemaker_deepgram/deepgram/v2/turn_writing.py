# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
"""Writes turns as v2/listen does, independent of streams. Pure.

A turn keeps its number and the beginning of its window. If its text comes from two streams, its
words do too.
"""

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
        # The words of the open turn as they were written last
        self._words: Sequence[Any] = ()

    def write(self, event: TurnEvent, heard: HeardTurn, text: str) -> Mapping[str, Any]:
        """Write an event of a turn.

        Args:
            event: The event.
            heard: The message that reported it.
            text: The turn's text so far.
        """
        body = heard.body
        if self._window_start is None:
            self._window_start = body.get("audio_window_start")
        written = {**body, "event": _NAMES[type(event)], "turn_index": self._turn_index}
        if self._window_start is not None:
            written["audio_window_start"] = self._window_start
        self._words = self._words_of(text, body)
        if text != (body.get("transcript") or ""):
            written |= {"transcript": text, "words": self._words}
        if isinstance(event, TurnEnded):
            self._begin_next()
        return written

    def between_turns(self, body: Mapping[str, Any]) -> Mapping[str, Any]:
        """Write that no turn is open."""
        return {**body, "turn_index": self._turn_index}

    def _begin_next(self) -> None:
        self._turn_index += 1
        self._window_start = None
        self._words = ()

    def _words_of(self, text: str, body: Mapping[str, Any]) -> Sequence[Any]:
        """The words of a text: the message's own, preceded by those that it does not contain."""
        own = body.get("words") or []
        if text == (body.get("transcript") or ""):
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
    """How many words at the beginning equal the tokens at the beginning."""
    count = 0
    while count < min(most, len(words)) and words[count] == tokens[count]:
        count += 1
    return count
