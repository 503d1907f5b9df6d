# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
"""Detects a speaker's turns from a recogniser's hearings: the state machine of v2/listen.

All times are seconds of audio; they do not depend on the wall clock. The rules are those of
Deepgram docs, "Flux state machine" and "End of turn configuration".
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from enum import Enum, auto
from typing import Literal

from pipecat_sagemaker_deepgram.container.recognizers.recognizer import Hearing, RecognizedWord

UPDATE_INTERVAL = 0.25
"""Seconds of audio after which an event is sent, even if nothing is new."""

_TOLERANCE = 1e-6

type EventName = Literal["Update", "StartOfTurn", "EagerEndOfTurn", "TurnResumed", "EndOfTurn"]
type Trigger = Literal["model", "timeout", "manual"]


@dataclass(frozen=True)
class Thresholds:
    """When a turn ends.

    Attributes:
        end: Confidence from which it has ended.
        eager: Confidence from which it may be about to end; None for no such events.
        timeout: Seconds of silence after which it has ended, whatever the confidence.
    """

    end: float = 0.7
    eager: float | None = None
    timeout: float = 5.0


@dataclass(frozen=True)
class TurnEvent:
    """An event of a turn.

    Attributes:
        name: What happened.
        turn_index: Number of the turn, from 0; between turns, that of the next one.
        window_start: Where the previous turn ended.
        window_end: How far the audio was heard.
        words: All words of the turn so far.
        confidence: Probability, 0 to 1, that the speaker has finished.
        trigger: What ended the turn; None unless it ended.
    """

    name: EventName
    turn_index: int
    window_start: float
    window_end: float
    words: tuple[RecognizedWord, ...]
    confidence: float
    trigger: Trigger | None = None

    @property
    def transcript(self) -> str:
        """The text of the words."""
        return transcript(self.words)


def transcript(words: Sequence[RecognizedWord]) -> str:
    """Join words to a text."""
    return " ".join(word.text for word in words)


class _State(Enum):
    NO_TURN = auto()
    ONGOING = auto()
    AWAITING_END = auto()


class TurnDetector:
    """Turns hearings into events of turns.

    Args:
        thresholds: When a turn ends.

    Attributes:
        thresholds: The same; may be replaced at any time, which applies from the next hearing on.
    """

    def __init__(self, thresholds: Thresholds) -> None:
        self.thresholds = thresholds
        self._state = _State.NO_TURN
        self._turn_index = 0
        self._window_start = 0.0
        self._heard = Hearing(0.0)
        self._reported = TurnEvent("Update", 0, 0.0, 0.0, (), 0.0)
        self._eager_silence = 0.0

    @property
    def is_turn_open(self) -> bool:
        """Whether a turn has started and not ended."""
        return self._state is not _State.NO_TURN

    def hear(self, hearing: Hearing) -> list[TurnEvent]:
        """Process a hearing; return the events, with at most one end of a turn among them."""
        if self.is_turn_open and not hearing.words:
            hearing = replace(hearing, words=self._heard.words)
        self._heard = hearing
        events: list[TurnEvent] = []
        while (event := self._change()) is not None:
            events.append(event)
        return events or self._update_if(self._is_due())

    def force_end(self) -> list[TurnEvent]:
        """End the open turn with the words of the latest ``Update``; do nothing if none is open.

        If words became known since the last message, an ``Update`` with them is sent first.
        """
        if not self.is_turn_open:
            return []
        events = self._update_if(self._has_new_text)
        return [*events, self._end("manual")]

    def catch_up(self) -> list[TurnEvent]:
        """Report what was heard or recognised since the last message, if anything."""
        has_heard_more = self._heard.position > self._reported.window_end + _TOLERANCE
        return self._update_if(has_heard_more or (self.is_turn_open and self._has_new_text))

    @property
    def _has_new_text(self) -> bool:
        return transcript(self._heard.words) != self._reported.transcript

    def _change(self) -> TurnEvent | None:
        """Change the state if the hearing requires it; otherwise return None."""
        match self._state:
            case _State.NO_TURN:
                return self._start() if self._heard.words else None
            case _State.ONGOING:
                return self._end_if_due(eagerly=self.thresholds.eager is not None)
            case _State.AWAITING_END:
                return self._resume() if self._has_resumed() else self._end_if_due(eagerly=False)

    def _end_if_due(self, *, eagerly: bool) -> TurnEvent | None:
        heard, thresholds = self._heard, self.thresholds
        if eagerly and _reaches(heard.confidence, thresholds.eager or 0.0):
            return self._await_end()
        if not eagerly and _reaches(heard.confidence, thresholds.end):
            return self._end("model")
        if _reaches(heard.silence, thresholds.timeout):
            return self._end("timeout")
        return None

    def _has_resumed(self) -> bool:
        is_speaking = self._heard.silence < self._eager_silence - _TOLERANCE
        return is_speaking or transcript(self._heard.words) != self._reported.transcript

    def _start(self) -> TurnEvent:
        self._state = _State.ONGOING
        return self._report("StartOfTurn")

    def _await_end(self) -> TurnEvent:
        self._state = _State.AWAITING_END
        self._eager_silence = self._heard.silence
        return self._report("EagerEndOfTurn")

    def _resume(self) -> TurnEvent:
        self._state = _State.ONGOING
        return self._report("TurnResumed")

    def _end(self, trigger: Trigger) -> TurnEvent:
        event = replace(self._report("EndOfTurn"), trigger=trigger)
        self._state = _State.NO_TURN
        self._turn_index += 1
        self._window_start = self._heard.position
        self._heard = replace(self._heard, words=())
        return event

    def _is_due(self) -> bool:
        return _reaches(self._heard.position - self._reported.window_end, UPDATE_INTERVAL)

    def _update_if(self, wanted: bool) -> list[TurnEvent]:
        return [self._report("Update")] if wanted else []

    def _report(self, name: EventName) -> TurnEvent:
        heard = self._heard
        self._reported = TurnEvent(
            name,
            self._turn_index,
            self._window_start,
            heard.position,
            heard.words,
            heard.confidence,
        )
        return self._reported


def _reaches(value: float, limit: float) -> bool:
    return value >= limit - _TOLERANCE
