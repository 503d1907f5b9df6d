# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
"""A v2/listen container and the session before it, in virtual time: chance decides what is said.

Words follow each other with pauses between; a word is heard when its middle was. Every stream
begins where the session's audio is not acknowledged, as the protocol's own reader says.
"""

import json
from dataclasses import dataclass, field
from random import Random
from typing import Any

from pipecat_sagemaker_deepgram.deepgram.v2.protocol import FluxReader
from pipecat_sagemaker_deepgram.deepgram.v2.turn_events import Heard, TurnEnded, TurnEvent
from pipecat_sagemaker_deepgram.deepgram.v2.turns import TurnMachine

STEP = 0.25
"""Seconds of audio between two messages."""


@dataclass(frozen=True)
class SpokenWord:
    """A word of the reference text, in session seconds."""

    text: str
    start: float
    end: float

    @property
    def middle(self) -> float:
        return (self.start + self.end) / 2


def speech(random: Random, count: int) -> list[SpokenWord]:
    """Words of random lengths, with random pauses between them."""
    words, at = [], random.uniform(0.0, 2.0)
    for index in range(count):
        length = random.uniform(0.1, 0.5)
        words.append(SpokenWord(f"w{index}", at, at + length))
        at += length + random.choice((0.0, 0.0, 0.0, 0.3, 2.5))
    return words


@dataclass
class Stream:
    """One stream as the container hears it; positions are session seconds."""

    number: int
    begins_at: float
    heard_to: float
    window_from: float
    reader: FluxReader
    sequence: int = 0
    turn_index: int = 0
    words: list[SpokenWord] = field(default_factory=list)
    state: str = "idle"
    late: float = 0.0


class Conversation:
    """Drives a turn machine.

    Args:
        random: Decides everything.
        words: The reference text.
        is_timed: Whether the container tells when words were said.
        long_turn: Seconds of an open turn that are replayed.
    """

    def __init__(
        self, random: Random, words: list[SpokenWord], *, is_timed: bool, long_turn: float
    ) -> None:
        self.random = random
        self.words = words
        self.machine = TurnMachine(eot_timeout=5.0)
        self.told: list[TurnEvent] = []
        self.now = 0.0
        self.acknowledged = 0.0
        self._is_timed = is_timed
        self._long_turn = long_turn
        self._number = 0
        self.stream = self._open()

    @property
    def length(self) -> float:
        """Seconds of all the audio, a pause behind it included."""
        return self.words[-1].end + 3.0 if self.words else 3.0

    @property
    def finals(self) -> list[str]:
        """The words of all finals, in order."""
        ended = [event for event in self.told if isinstance(event, TurnEnded)]
        return " ".join(event.transcript for event in ended).split()

    # The network

    def cut(self) -> None:
        """Lose the stream; the next one replays what was not acknowledged."""
        self.machine.stream_lost()
        replayed = self.stream.heard_to - self.acknowledged
        self.stream = self._open()
        self.machine.stream_began(
            self.stream.number, replayed_seconds=max(0.0, replayed), now=self.now
        )

    def end_here(self) -> None:
        """End the turn on this side."""
        self.take(self.machine.end())

    def request_end(self) -> None:
        """Have the application end the turn."""
        self.machine.request_end(self.stream.heard_to, self.now, is_sent=False)

    def wait(self, seconds: float) -> None:
        """Let time pass."""
        self.now += seconds
        at = self.machine.get_timer()
        if at is not None and at <= self.now:
            self.take(self.machine.handle_timer(self.now))

    # The container

    def listen(self) -> None:
        """Listen a little further and say something."""
        stream = self.stream
        before = stream.heard_to
        stream.heard_to = min(self.length, before + STEP)
        stream.words += [
            word
            for word in self.words
            if max(before, stream.begins_at) <= word.middle < stream.heard_to
        ]
        self.now += STEP
        self._say(self._next_event())

    def listen_to_the_end(self) -> None:
        """Listen to everything that is left, and end what is open."""
        while self.stream.heard_to < self.length:
            self.listen()
        self.listen()
        if self.random.random() < 0.5 and self.stream.state != "idle":
            self._say("EndOfTurn")
        self.end_here()

    def take(self, events: list[TurnEvent]) -> None:
        """Do what a service does with a machine's events."""
        self.told += events
        for event in events:
            if isinstance(event, TurnEnded) and event.is_ours:
                self.acknowledged = max(self.acknowledged, event.heard.info.text_end)

    def _next_event(self) -> str:
        stream = self.stream
        silence = stream.heard_to - (stream.words[-1].end if stream.words else stream.heard_to)
        if stream.state == "idle":
            waited = stream.heard_to - (stream.words[0].middle if stream.words else stream.heard_to)
            return "StartOfTurn" if stream.words and waited >= stream.late else "Update"
        if stream.state == "awaiting":
            if silence < STEP:
                return "TurnResumed"
            return self.random.choice(("Update", "EndOfTurn", "TurnResumed"))
        if silence > 2.0 or (silence > 0.1 and self.random.random() < 0.2):
            return "EndOfTurn"
        return "EagerEndOfTurn" if silence > 0.1 and self.random.random() < 0.4 else "Update"

    def _say(self, event: str) -> None:
        stream = self.stream
        shown = [] if stream.state == "idle" and event == "Update" else stream.words
        body: dict[str, Any] = {
            "type": "TurnInfo",
            "event": event,
            "sequence_id": stream.sequence,
            "turn_index": stream.turn_index,
            "audio_window_start": stream.window_from - stream.begins_at,
            "audio_window_end": stream.heard_to - stream.begins_at,
            "transcript": " ".join(word.text for word in shown),
            "words": [self._word(word) for word in shown],
        }
        stream.sequence += 1
        stream.state = {
            "StartOfTurn": "on", "TurnResumed": "on", "EagerEndOfTurn": "awaiting",
            "EndOfTurn": "idle",
        }.get(event, stream.state)  # fmt: skip
        if event == "EndOfTurn":
            stream.turn_index += 1
            stream.words = []
            stream.window_from = stream.heard_to
            stream.late = self._lateness()
        self._deliver(json.dumps(body))

    def _word(self, word: SpokenWord) -> dict[str, Any]:
        told: dict[str, Any] = {"word": word.text, "confidence": 0.9}
        if self._is_timed:
            told["start"] = word.start - self.stream.begins_at
            told["end"] = word.end - self.stream.begins_at
        return told

    def _deliver(self, data: str) -> None:
        stream = self.stream
        reading = stream.reader.read(data)
        if reading.acknowledged_to is not None:
            to = min(reading.acknowledged_to + stream.begins_at, stream.heard_to)
            self.acknowledged = max(self.acknowledged, to)
        info, body = reading.value
        heard = Heard(
            info.in_session_time(lambda at: at + stream.begins_at),
            stream.number,
            stream.begins_at,
            body,
        )
        self.machine.note_sequence(stream.number, info.sequence_id)
        self.take(self.machine.observe(heard, self.now))

    def _open(self) -> Stream:
        self._number += 1
        at = self.acknowledged
        return Stream(self._number, at, at, at, FluxReader(self._long_turn), late=self._lateness())

    def _lateness(self) -> float:
        return self.random.choice((0.0, 0.0, 0.5, 0.9))
