# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
"""A session with a Nova container round a ``NovaConversation``, in virtual time, for tests.

The audio holds a word in every tenth of a second of every channel; a word belongs to the piece in
which its middle lies. Messages go through the protocol's own reader and into session time, and the
session replays from where that reader acknowledged.
"""

import json
import math
from collections import defaultdict
from dataclasses import dataclass, field
from typing import Any

from pipecat_sagemaker_deepgram.client.config import Target
from pipecat_sagemaker_deepgram.client.records import (
    Closed,
    Connected,
    Connecting,
    ControlSent,
    GivenUp,
    Lost,
    Message,
    Record,
)
from pipecat_sagemaker_deepgram.client.session.timeline import StreamTimeline
from pipecat_sagemaker_deepgram.deepgram.controls import FINALIZE
from pipecat_sagemaker_deepgram.deepgram.steps import SendText
from pipecat_sagemaker_deepgram.deepgram.v1.conversation import FINALIZE_KIND, NovaConversation
from pipecat_sagemaker_deepgram.deepgram.v1.finalize import FinalizeTimeout
from pipecat_sagemaker_deepgram.deepgram.v1.steps import (
    FinalHeard,
    FinalizeAnswered,
    InterimHeard,
    NovaStep,
)
from pipecat_sagemaker_deepgram.exceptions import StreamIdentity, StreamLostError

RATE = 32_000
WORD = 0.1
CAUSE = StreamLostError("cut")
TARGET = Target(endpoint_name="deepgram", region="us-east-1")


def conversation(*, channels: int = 1, timeout: FinalizeTimeout = 1.0) -> NovaConversation:
    """A conversation about audio of 16 kHz."""
    return NovaConversation(
        query=str,
        bytes_per_second=lambda: RATE,
        channels=channels,
        finalize_timeout=timeout,
    )


def connected(stream: int) -> Connected:
    """A stream has come up."""
    return Connected(stream, StreamIdentity(), 0.1, 0.0, is_first=stream == 1)


def spoken(start: float, end: float) -> list[str]:
    """The words whose middles lie between two times."""
    first, last = (math.ceil((time - 1e-9) / WORD - 0.5) for time in (start, end))
    return [f"w{index}" for index in range(first, last)]


@dataclass
class NovaSession:
    """A container, the session that talks to it, and what came of it.

    Attributes:
        channels: How many channels are transcribed each by itself.
        steps: Everything that the conversation said, in order.
        given: Session seconds of the audio given.
        stream: Number of the stream that is up, or came last.
    """

    channels: int = 1
    timeout: FinalizeTimeout = 1.0
    steps: list[NovaStep] = field(default_factory=list)
    now: float = 0.0
    given: float = 0.0
    stream: int = 0
    is_up: bool = False

    def __post_init__(self) -> None:
        self.conversation = conversation(channels=self.channels, timeout=self.timeout)
        self._acknowledged = 0.0
        self._finalize_at: float | None = None
        self.connect()

    # What the session does

    def record(self, record: Record) -> list[NovaStep]:
        """Hand a record to the conversation, and give what followed."""
        steps = self.conversation.observe(record, self.now)
        self.steps += steps
        return steps

    def connect(self) -> None:
        """Open a stream, which replays what was not acknowledged."""
        if self.is_up:
            return
        self.stream += 1
        self.is_up = True
        self._timeline = StreamTimeline(bytes_per_second=RATE)
        self._timeline.begin_run(0, round(self._acknowledged * RATE), is_silence=False)
        self._origin = self._acknowledged
        self._read = self.conversation.protocol.new_reader()
        self._settled = dict.fromkeys(range(self.channels), self._acknowledged)
        self._unanswered: dict[int, list[float]] = defaultdict(list)
        self.record(Connecting(self.stream, TARGET))
        self.record(connected(self.stream))
        self._send_finalize()

    def lose(self) -> None:
        """The stream is lost."""
        if self.is_up:
            self.is_up = False
            self.record(Lost(self.stream, CAUSE))

    def give_up(self) -> None:
        """The stream is lost, and recovery fails."""
        self.lose()
        self.record(GivenUp(CAUSE, 0.0))

    def close(self) -> None:
        """The session ends."""
        self.record(Closed(0.0))

    def wait(self, seconds: float) -> None:
        """Let time pass."""
        end = self.now + seconds
        while (at := self.conversation.get_timer()) is not None and at <= end:
            self.now = max(self.now, at)
            self.steps += self.conversation.handle_timer(self.now)
            assert self.conversation.get_timer() != at, "what is due is done"
        self.now = end

    # What the user does

    def speak(self, seconds: float) -> None:
        """Give audio."""
        self.given = round(self.given + seconds, 6)

    def start(self) -> None:
        """VAD hears the user begin."""
        self.steps += self.conversation.user_started()

    def stop(self) -> None:
        """VAD hears the user end."""
        steps = self.conversation.user_stopped(self.given)
        assert SendText(FINALIZE, kind=FINALIZE_KIND) in steps
        self.steps += steps
        self.ask()

    def ask(self) -> None:
        """Take the conversation's ``Finalize`` to the container."""
        self._finalize_at = self.given
        self._send_finalize()

    def _send_finalize(self) -> None:
        """The latest ``Finalize`` is sent while the audio before it is not acknowledged."""
        at = self._finalize_at
        if at is None or not self.is_up:
            return
        for channel in range(self.channels):
            self._unanswered[channel].append(at)
        self.record(ControlSent(self.stream, FINALIZE_KIND))

    # What the container says

    def interim(self, channel: int = 0, *, to: float | None = None) -> None:
        """Say what was heard since the last final."""
        if self.is_up:
            end = self.given if to is None else to
            self._say(channel, max(end, self._settled[channel]), is_final=False)

    def final(self, channel: int = 0, *, to: float | None = None) -> None:
        """Settle what was heard, to a session time at most."""
        if self.is_up:
            self._settle(channel, self.given if to is None else to)

    def answer(self, channel: int = 0) -> None:
        """Answer the oldest ``Finalize`` of the stream."""
        if self.is_up and (waiting := self._unanswered[channel]):
            self._settle(channel, waiting.pop(0), from_finalize=True)

    def ignore(self, channel: int = 0) -> None:
        """Never answer the oldest ``Finalize`` of the stream."""
        if self._unanswered[channel]:
            self._unanswered[channel].pop(0)

    def _settle(self, channel: int, to: float, **flags: Any) -> None:
        end = max(min(to, self.given), self._settled[channel])
        self._say(channel, end, is_final=True, **flags)
        self._settled[channel] = end

    def _say(self, channel: int, end: float, **flags: Any) -> None:
        start = self._settled[channel]
        said = spoken(start, end)
        written = [
            {
                "word": word,
                "start": int(word[1:]) * WORD - self._origin,
                "end": (int(word[1:]) + 1) * WORD - self._origin,
            }
            for word in said
        ]
        best = {"transcript": " ".join(said), "words": written}
        body = {
            "type": "Results",
            "channel_index": [channel, self.channels],
            "start": start - self._origin,
            "duration": end - start,
            "channel": {"alternatives": [best]},
        }
        self.message(body | flags)

    def message(self, body: dict[str, Any]) -> list[NovaStep]:
        """Have the container send a message."""
        text = json.dumps(body)
        reading = self._read(text)
        if reading.acknowledged_to is not None:
            to = self._timeline.to_session(reading.acknowledged_to)
            self._acknowledged = max(self._acknowledged, round(to, 6))
        if self._finalize_at is not None and self._acknowledged >= self._finalize_at:
            self._finalize_at = None
        value = self.conversation.protocol.in_session_time(reading.value, self._timeline)
        return self.record(Message(text, value, self.stream, self._timeline))

    # What came of it

    @property
    def finals(self) -> list[FinalHeard]:
        """The finals, in order."""
        return [step for step in self.steps if isinstance(step, FinalHeard)]

    @property
    def interims(self) -> list[str]:
        """The texts of the interims, in order."""
        return [
            step.transcript.results.alternative.transcript
            for step in self.steps
            if isinstance(step, InterimHeard)
        ]

    @property
    def answers(self) -> int:
        """How often a ``Finalize`` was settled, with text or without."""
        empty = sum(isinstance(step, FinalizeAnswered) for step in self.steps)
        return empty + sum(final.is_finalized for final in self.finals)

    def words(self, channel: int = 0) -> list[str]:
        """The words of a channel's finals, in order."""
        return [
            word
            for final in self.finals
            if final.transcript.results.channel == channel
            for word in final.transcript.results.alternative.transcript.split()
        ]
