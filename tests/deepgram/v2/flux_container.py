# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
"""A v2/listen container and the session before it, in virtual time: chance decides what is said.

Words follow each other with pauses between; a word is heard when its middle was. Every stream
begins where the session's audio is not acknowledged, as the protocol's own reader says. The
conversation is given records, and its commands are carried out, or not, as a client may.
"""

import json
from bisect import bisect_left
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from random import Random
from typing import Any

from pipecat_sagemaker_deepgram.client.config import Target
from pipecat_sagemaker_deepgram.client.records import (
    Connected,
    Connecting,
    Lost,
    Message,
    Record,
    SilenceSent,
    StreamChanged,
)
from pipecat_sagemaker_deepgram.client.session.timeline import StreamTimeline
from pipecat_sagemaker_deepgram.client.stream_protocol import NewStream, Reader
from pipecat_sagemaker_deepgram.deepgram.steps import Acknowledge, ChangeStream, SendSilence
from pipecat_sagemaker_deepgram.deepgram.v2.capabilities import CapabilityCache
from pipecat_sagemaker_deepgram.deepgram.v2.conversation import FluxConversation, FluxStep
from pipecat_sagemaker_deepgram.deepgram.v2.turn_events import TurnEnded
from pipecat_sagemaker_deepgram.exceptions import StreamError, StreamIdentity

RATE = 32_000
TARGET = Target(endpoint_name="e", region="r")

STEP = 0.25
"""Seconds of audio between two messages, as a rule."""


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
    reader: Reader
    timeline: StreamTimeline
    sequence: int = 0
    turn_index: int = 0
    words: list[SpokenWord] = field(default_factory=list[SpokenWord])
    state: str = "idle"
    late: float = 0.0
    quiet: float = 0.0
    """Seconds of injected silence since the last audio."""
    silences: list[tuple[float, float]] = field(default_factory=list[tuple[float, float]])
    """Where silence was injected, and how much."""

    def own_time(self, position: float) -> float:
        """The stream's own seconds of a session position, behind the silence that lies there."""
        silence = sum(seconds for at, seconds in self.silences if at <= position)
        return position - self.begins_at + silence

    def hear_silence(self, seconds: float) -> None:
        """Be sent silence that nobody gave."""
        own = _bytes(self.own_time(self.heard_to))
        self.timeline.begin_run(own, _bytes(self.heard_to), is_silence=True)
        self.silences.append((self.heard_to, seconds))
        self.quiet += seconds


DIGITS = ("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine")


def monologue(random: Random, count: int) -> list[SpokenWord]:
    """Words as somebody says them who does not pause: some often, others once, and numbers."""
    said: list[str] = []
    while len(said) < count:
        if random.random() < 0.05:
            said += [random.choice(DIGITS) for _ in range(random.randrange(2, 9))]
        else:
            said.append(random.choice(("the", "and", "to", "you", f"w{len(said)}")))
    words, at = [], 0.5
    for text in said:
        length = random.uniform(0.1, 0.4)
        words.append(SpokenWord(text, at, at + length))
        at += length + random.choice((0.0, 0.0, 0.05, 0.3))
    return words


def plain(texts: Sequence[str]) -> list[str]:
    """The words of some texts, those of numbers as digits, one by one."""
    found: list[str] = []
    for text in " ".join(texts).split():
        if text in DIGITS:
            found.append(str(DIGITS.index(text)))
        else:
            found += text if text.isdigit() else [text]
    return found


def with_numerals(texts: Sequence[str]) -> str:
    """A text in which digits that follow each other are written as one number."""
    written = ""
    for before, text in pairwise(["", *texts]):
        is_digit = text in DIGITS
        written += "" if is_digit and before in DIGITS else " "
        written += str(DIGITS.index(text)) if is_digit else text
    return written.strip()


class Call:
    """A conversation, the container it is held with, and what lies between.

    Args:
        random: Decides everything.
        words: The reference text.
        is_timed: Whether the container reports when words were said.
        long_turn: Seconds of an open turn that are replayed.
        max_replay: Most seconds of audio that are kept for a replay.
        ends_turns: Whether the container ends turns before all is said.
        write: Makes a text of words.
        step: Seconds of audio between two messages.
    """

    def __init__(
        self,
        random: Random,
        words: list[SpokenWord],
        *,
        is_timed: bool,
        long_turn: float,
        max_replay: float = 1e6,
        ends_turns: bool = True,
        write: Callable[[Sequence[str]], str] = " ".join,
        step: float = STEP,
    ) -> None:
        self.random = random
        self.words = words
        self.conversation = FluxConversation(
            lambda: {"model": "flux-general-en"},
            long_turn=long_turn,
            max_replay_bytes=round(max_replay * RATE),
            capabilities=CapabilityCache(),
        )
        self.steps: list[FluxStep] = []
        self.now = 0.0
        self.acknowledged = 0.0
        self._is_timed = is_timed
        self._max_replay = max_replay
        self._ends_turns = ends_turns
        self._write = write
        self._step = step
        self._number = 0
        self._heard_to = 0.0
        self.stream = self._open()
        self._come_up(is_first=True)

    @property
    def length(self) -> float:
        """Seconds of all the audio, a pause behind it included."""
        return self.words[-1].end + 3.0 if self.words else 3.0

    @property
    def finals(self) -> list[str]:
        """The words of all finals, in order."""
        ended = [step for step in self.steps if isinstance(step, TurnEnded)]
        return " ".join(step.transcript for step in ended).split()

    # The session

    def cut(self) -> None:
        """Lose the stream; the next one replays what was not acknowledged."""
        self._observe(Lost(self.stream.number, StreamError("reset")))
        self.stream = self._open()
        self._come_up()

    def change(self) -> None:
        """Have another stream take over without waiting for a pause."""
        self.stream = self._open()
        replayed = max(0.0, self._heard_to - self.acknowledged)
        greeting = self.conversation.protocol.greeting(self._new_stream()).text
        self._observe(StreamChanged(self.stream.number, "requested", replayed, greeting))

    def request_end(self) -> None:
        """Have the application end the turn."""
        self._take(self.conversation.request_end(self.stream.heard_to, self.now))

    def wait(self, seconds: float) -> None:
        """Let time pass without audio."""
        until = self.now + seconds
        while (at := self.conversation.get_timer()) is not None and at <= until:
            self.now = max(self.now, at)
            self._take(self.conversation.handle_timer(self.now))
        self.now = until

    def _observe(self, record: Record) -> None:
        self._take(self.conversation.observe(record, self.now))

    def _take(self, steps: Sequence[FluxStep]) -> None:
        self.steps += steps
        for step in steps:
            match step:
                case Acknowledge(seconds=seconds):
                    self.acknowledged = max(self.acknowledged, seconds)
                case ChangeStream() if self.random.random() < 0.7:
                    self.change()
                case SendSilence(seconds=seconds) if self.random.random() < 0.8:
                    self._send_silence(seconds)
                case _:
                    pass

    def _send_silence(self, seconds: float) -> None:
        self.stream.hear_silence(seconds)
        self._observe(SilenceSent(self.stream.number, seconds))
        if self.random.random() < 0.9:
            self._say(self._next_event())

    def _come_up(self, *, is_first: bool = False) -> None:
        replayed = max(0.0, self._heard_to - self.acknowledged)
        greeting = self.conversation.protocol.greeting(self._new_stream()).text
        identity = StreamIdentity()
        number = self.stream.number
        self._observe(Connected(number, identity, 0.1, replayed, is_first, greeting))

    def _new_stream(self) -> NewStream:
        return NewStream(number=self.stream.number, target=TARGET, is_fresh=True)

    # The container

    def listen(self) -> None:
        """Listen a little further and say something."""
        stream = self.stream
        before = stream.heard_to
        stream.heard_to = min(self.length, before + self._step)
        stream.quiet = 0.0
        if stream.heard_to > before:
            own = _bytes(stream.own_time(before))
            stream.timeline.begin_run(own, _bytes(before), is_silence=False)
        begin = bisect_left(self.words, max(before, stream.begins_at), key=_middle)
        stream.words += self.words[begin : bisect_left(self.words, stream.heard_to, key=_middle)]
        self.now += self._step
        if stream.heard_to > self._heard_to:
            self.conversation.audio_given(stream.heard_to - self._heard_to, self.now)
            self._heard_to = stream.heard_to
        self._say(self._next_event())

    def listen_to_the_end(self) -> None:
        """Listen to everything that is left, and have what is open ended."""
        while self.stream.heard_to < self.length:
            self.listen()
        self.listen()
        if self.random.random() < 0.5 and self.stream.state != "idle":
            self._say("EndOfTurn")
        self.wait(60.0)

    def _next_event(self) -> str:
        stream = self.stream
        said_to = stream.words[-1].end if stream.words else stream.heard_to
        silence = stream.heard_to - said_to + stream.quiet
        if stream.state == "idle":
            begun = stream.words[0].middle if stream.words else stream.heard_to
            waited = stream.heard_to - begun + stream.quiet
            return "StartOfTurn" if stream.words and waited >= stream.late else "Update"
        if stream.state == "awaiting":
            if silence < STEP:
                return "TurnResumed"
            return self.random.choice(("Update", "EndOfTurn", "TurnResumed"))
        if not self._ends_turns and stream.heard_to < self.length:
            return "Update"
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
            "audio_window_start": stream.own_time(stream.window_from),
            "audio_window_end": stream.own_time(stream.heard_to),
            "transcript": self._write([word.text for word in shown]),
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
        reported: dict[str, Any] = {"word": word.text, "confidence": 0.9}
        if self._is_timed:
            reported["start"] = self.stream.own_time(word.start)
            reported["end"] = self.stream.own_time(word.end)
        return reported

    def _deliver(self, data: str) -> None:
        stream = self.stream
        reading = stream.reader(data)
        if reading.acknowledged_to is not None:
            to = min(stream.timeline.to_session(reading.acknowledged_to), stream.heard_to)
            self.acknowledged = max(self.acknowledged, to)
        value = self.conversation.protocol.in_session_time(reading.value, stream.timeline)
        self._observe(Message(data, value, stream.number, stream.timeline))

    def _open(self) -> Stream:
        self._number += 1
        self._observe(Connecting(self._number, TARGET))
        at = _bytes(max(self.acknowledged, self._heard_to - self._max_replay)) / RATE
        timeline = StreamTimeline(bytes_per_second=RATE)
        timeline.begin_run(0, _bytes(at), is_silence=False)
        reader = self.conversation.protocol.new_reader()
        return Stream(self._number, at, at, at, reader, timeline, late=self._lateness())

    def _lateness(self) -> float:
        return self.random.choice((0.0, 0.0, 0.5, 0.9))


def _middle(word: SpokenWord) -> float:
    return word.middle


def _bytes(seconds: float) -> int:
    return round(seconds * RATE / 2) * 2
