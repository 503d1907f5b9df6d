# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
"""A session against a simulated endpoint in virtual time: no event loop, no clock, no sockets.

The first sample of a frame says which word it belongs to and how far into the word it lies, the
second is as loud as it is told to be; a final holds the words whose middle frame it covers,
wherever its ends cut the others.
"""

import json
import random
import struct
from dataclasses import asdict, dataclass, field
from typing import Any

from pipecat_sagemaker_deepgram.client import records as events
from pipecat_sagemaker_deepgram.client.classify import classify
from pipecat_sagemaker_deepgram.client.config import ClientConfig, RetryPolicy, Target
from pipecat_sagemaker_deepgram.client.session.actions import (
    DropStream,
    EndInput,
    OpenStream,
    Write,
)
from pipecat_sagemaker_deepgram.client.session.ledger import Control
from pipecat_sagemaker_deepgram.client.session.session import Session
from pipecat_sagemaker_deepgram.client.session.state import Phase
from pipecat_sagemaker_deepgram.client.stream_protocol import (
    Reader,
    Reading,
    StreamProtocol,
)
from pipecat_sagemaker_deepgram.exceptions import (
    ConnectError,
    SageMakerDeepgramError,
    StreamIdentity,
    StreamLostError,
)

FRAMES_PER_WORD = 10
FRAME = 4
RATE = 100 * FRAME
"""Bytes of a second: a word lasts a tenth of it."""

MAX_TIMERS = 100_000
"""Timers that may fire in one wait."""

CLOSE = "close"
FINALIZE = "finalize"


def word_audio(index: int, loudness: int) -> bytes:
    """Audio of one word; words count from 1."""
    first = index * FRAMES_PER_WORD
    marks = range(first, first + FRAMES_PER_WORD)
    return b"".join(struct.pack("<Hh", mark, loudness) for mark in marks)


def silence(words: int) -> bytes:
    """Silence of so many words' length."""
    return bytes(words * FRAMES_PER_WORD * FRAME)


def words_in(audio: bytes) -> list[int]:
    """The words whose middle lies in the audio."""
    return [
        mark // FRAMES_PER_WORD
        for mark, _ in struct.iter_unpack("<Hh", audio)
        if mark % FRAMES_PER_WORD == FRAMES_PER_WORD // 2 and mark >= FRAMES_PER_WORD
    ]


@dataclass
class Said:
    """A message of the simulated container."""

    start: float
    end: float
    words: list[int]
    is_final: bool
    is_last: bool = False
    is_ready: bool = False
    is_silence: bool = False
    failure: str = ""


def _new_reader() -> Reader:
    def read(data: str | bytes) -> Reading:
        said = Said(**json.loads(data))
        return Reading(
            value=said,
            acknowledged_to=said.end if said.is_final else None,
            heard_to=said.end,
            is_last=said.is_last,
            is_ready=said.is_ready,
            is_idle=said.is_final,
            is_silence=said.is_silence,
            failure=said.failure,
        )

    return read


@dataclass
class SimulatedStream:
    """One stream as the container sees it."""

    number: int
    audio: bytearray = field(default_factory=bytearray)
    finalised: int = 0
    """Bytes that finals have covered."""
    is_open: bool = False
    was_asked_for_rest: bool = False
    owes_finalize: bool = False
    texts: list[str] = field(default_factory=list)
    """The text messages it was sent."""
    audio_before_text: int = 0
    """Bytes of audio that it was sent before the last of them."""

    def say(self, length: int, *, is_final: bool, is_last: bool = False) -> str:
        """Say what the next ``length`` bytes hold."""
        end = min(len(self.audio), self.finalised + length)
        heard = bytes(self.audio[self.finalised : end])
        said = Said(self.finalised / RATE, end / RATE, words_in(heard), is_final, is_last)
        if is_final:
            self.finalised = end
        return json.dumps(asdict(said))


class Simulation:
    """Drives a session with chance as its network, endpoint and speaker.

    Args:
        seed: Decides everything.
        config: The session's configuration.
        policy: Its retry policy.
        targets: How many targets it has.
        chance: What every random number is; by default the seed decides.
        loudness: The amplitude of speech.
        protocol: Further fields of its protocol.
    """

    def __init__(
        self,
        seed: int,
        *,
        config: ClientConfig | None = None,
        policy: RetryPolicy | None = None,
        targets: int = 1,
        chance: float | None = None,
        loudness: int = 1000,
        **protocol: Any,
    ) -> None:
        self.random = random.Random(seed)
        draw = self.random.random if chance is None else lambda: chance
        self.loudness = loudness
        self.now = 0.0
        every_target = tuple(Target(endpoint_name=f"e{n}", region="r") for n in range(targets))
        self.config = config or ClientConfig(rotate_after=None)
        self.session = Session(
            every_target,
            StreamProtocol(
                bytes_per_second=lambda: RATE,
                frame_size=FRAME,
                new_reader=_new_reader,
                close_payload=CLOSE,
                replays=True,
                **protocol,
            ),
            config=self.config,
            retry_policy=policy or RetryPolicy(max_retries=10_000, retry_budget=1e9),
            classify=classify,
            random=draw,
        )
        self.streams: dict[int, SimulatedStream] = {}
        self.events: list[events.SessionEvent] = []
        self.given: list[int] = []
        self.heard: list[int] = []
        self.times: list[float] = []
        """Session times of the finals' ends, as they were handed on."""

    # The speaker

    def speak(self, count: int = 1) -> None:
        """Give so many further words."""
        for _ in range(count):
            self.given.append(len(self.given) + 1)
            self.session.append(word_audio(self.given[-1], self.loudness), self.now)
        self.step()

    def pause(self, words: int) -> None:
        """Give silence."""
        self.session.append(silence(words), self.now)
        self.step()

    def finalize(self) -> None:
        """Give a control."""
        self.session.add_control(Control(payload=FINALIZE.encode(), kind=FINALIZE))
        self.step()

    # The network

    def fail(self, number: int, error: SageMakerDeepgramError | None = None) -> None:
        """Break a stream, open or not."""
        stream = self.streams.pop(number)
        error = error or (StreamLostError("cut") if stream.is_open else ConnectError("refused"))
        self.session.stream_failed(number, error, self.now)
        self.step()

    def open(self, number: int) -> None:
        """Let a stream come up."""
        self.streams[number].is_open = True
        self.session.stream_opened(number, StreamIdentity(), self.now)
        self.step()

    def wait(self, seconds: float) -> None:
        """Let time pass, timers included."""
        until = self.now + seconds
        for _ in range(MAX_TIMERS):
            at = self.session.get_timer()
            if at is None or at > until:
                break
            self.now = max(self.now, at)
            self.session.handle_timer(self.now)
            self.step()
        else:
            raise AssertionError("a timer is due again and again")
        self.now = until

    # The container

    def say(self, number: int, words: float, *, is_final: bool) -> None:
        """Have a stream's container speak of so many words' length."""
        stream = self.streams[number]
        length = int(words * FRAMES_PER_WORD) * FRAME
        data = stream.say(length, is_final=is_final)
        self.session.message_received(number, data, self.now)
        self.step()

    def say_ready(self, number: int) -> None:
        """Have a stream's container say that it is ready."""
        said = Said(0.0, 0.0, [], is_final=False, is_ready=True)
        self.receive(number, said)

    def receive(self, number: int, said: Said) -> None:
        """Have a stream's container say something, whatever it is."""
        data = json.dumps(asdict(said))
        self.session.message_received(number, data, self.now)
        self.step()

    def answer_rest(self, number: int) -> None:
        """Have a container that was asked for the rest answer and end."""
        stream = self.streams[number]
        data = stream.say(len(stream.audio), is_final=True, is_last=True)
        self.session.message_received(number, data, self.now)
        self.step()
        if self.streams.pop(number, None):
            self.session.stream_ended(number, self.now)
            self.step()

    # Obeying the session

    def step(self) -> None:
        """Do what the session asks for, and take what it hands on."""
        while True:
            while (step := self.session.next(self.now)) is not None:
                match step:
                    case Write():
                        self._write(step)
                    case OpenStream(stream=number):
                        self.streams[number] = SimulatedStream(number)
                    case DropStream(stream=number):
                        self.streams.pop(number, None)
                    case EndInput():
                        raise AssertionError("this protocol asks for the rest")
            if not self.session.records:
                return
            while self.session.records:
                self._take(self.session.records.popleft())

    def _write(self, write: Write) -> None:
        stream = self.streams[write.stream]
        if not write.is_text:
            stream.audio += write.data
            return
        text = write.data.decode()
        stream.texts.append(text)
        stream.audio_before_text = len(stream.audio)
        stream.was_asked_for_rest |= text == CLOSE
        stream.owes_finalize |= text == FINALIZE

    def _take(self, record: events.Record) -> None:
        if not isinstance(record, events.Message):
            self.events.append(record)
        elif record.value.is_final:
            self.heard += record.value.words
            self.times.append(record.timeline.to_session(record.value.end))

    @property
    def is_closed(self) -> bool:
        """Whether the session is over."""
        return self.session.state.phase is Phase.CLOSED
