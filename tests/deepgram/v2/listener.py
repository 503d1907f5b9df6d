# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
"""Short words for what a container says of turns, for tests of the turn machine."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

from pipecat_sagemaker_deepgram.deepgram.v2.messages import TurnInfo, TurnWord
from pipecat_sagemaker_deepgram.deepgram.v2.turn_events import (
    EndPredicted,
    HeardTurn,
    TurnEnded,
    TurnEvent,
    TurnResumed,
    TurnStarted,
    TurnUpdated,
)
from pipecat_sagemaker_deepgram.deepgram.v2.turns import TurnMachine

NAMES = {
    TurnStarted: "start",
    TurnUpdated: "update",
    EndPredicted: "eager",
    TurnResumed: "resume",
    TurnEnded: "end",
}


def info(event: str, end: float, text: str = "", **fields: Any) -> TurnInfo:
    """A ``TurnInfo`` of a window that ends there."""
    defaults: dict[str, Any] = {
        "turn_index": 0,
        "audio_window_start": 0.0,
        "words": tuple(TurnWord(word) for word in text.split()),
    }
    given = defaults | fields
    return TurnInfo(event=event, audio_window_end=end, transcript=text, **given)


def timed(*words: tuple[str, float, float]) -> tuple[TurnWord, ...]:
    """Words with their times."""
    return tuple(TurnWord(word, 0.9, start, end) for word, start, end in words)


class Listener:
    """A turn machine and what it has reported."""

    def __init__(self, **options: Any) -> None:
        self.machine = TurnMachine(**options)
        self.events: list[TurnEvent] = []
        self.now = 0.0

    def hear(
        self,
        event: str,
        end: float,
        text: str = "",
        *,
        stream: int = 1,
        begins_at: float = 0.0,
        body: Mapping[str, Any] = MappingProxyType({}),
        **fields: Any,
    ) -> None:
        """Take a message in."""
        heard = HeardTurn(info(event, end, text, **fields), stream, begins_at, body)
        self.events += self.machine.observe(heard, self.now)

    def wait(self, seconds: float) -> None:
        """Let time pass."""
        self.now += seconds
        at = self.machine.get_timer()
        if at is not None and at <= self.now:
            self.events += self.machine.handle_timer(self.now)

    def end(self) -> None:
        """End the turn on this side."""
        self.events += self.machine.end()

    @property
    def reported(self) -> list[str]:
        """The events by name, with their text."""
        return [
            f"{NAMES[type(event)]} {getattr(event, 'transcript', '')}".strip()
            for event in self.events
        ]

    @property
    def ends(self) -> list[TurnEnded]:
        """The ends of turns."""
        return [event for event in self.events if isinstance(event, TurnEnded)]
