# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
"""How long a silent stream is waited for, in use and at the end."""

from dataclasses import dataclass
from typing import Any

import pytest

from pipecat_sagemaker_deepgram.client.classify import classify
from pipecat_sagemaker_deepgram.client.config import ClientConfig, RetryPolicy, Target
from pipecat_sagemaker_deepgram.client.session.closing import Closing
from pipecat_sagemaker_deepgram.client.session.handover import Handover
from pipecat_sagemaker_deepgram.client.session.inbox import Inbox
from pipecat_sagemaker_deepgram.client.session.ledger import AudioRun
from pipecat_sagemaker_deepgram.client.session.outage import Outage
from pipecat_sagemaker_deepgram.client.session.recovery import Recovery
from pipecat_sagemaker_deepgram.client.session.silence import SilenceWatch
from pipecat_sagemaker_deepgram.client.session.state import SessionState
from pipecat_sagemaker_deepgram.client.session.stream_state import StreamPhase, StreamState
from pipecat_sagemaker_deepgram.client.session.streams import SessionStreams
from pipecat_sagemaker_deepgram.client.session.targets import TargetList
from pipecat_sagemaker_deepgram.client.stream_protocol import StreamProtocol
from pipecat_sagemaker_deepgram.exceptions import StreamIdentity

RATE = 1000
TARGETS = (Target(endpoint_name="e0"),)


@dataclass
class Stage:
    """A session's parts round one stream, which is being opened at 0."""

    state: SessionState
    streams: SessionStreams
    silence: SilenceWatch
    inbox: Inbox
    stream: StreamState

    def make_ready(self, at: float = 0.0) -> None:
        self.stream.opened(StreamIdentity(), at)
        self.stream.ready(at)

    def write(self, now: float, *, position: int = 0) -> None:
        self.stream.write_audio(AudioRun(position, bytes(100)), now)

    def receive(self, now: float) -> None:
        """A message, which is an answer: the protocol reports no positions."""
        self.stream.read("", now)

    @property
    def stalled_at(self) -> float | None:
        return self.silence.stalled_at(self.stream)

    def ends_at(self) -> list[float]:
        return [at for at in self.silence.deadlines() if at is not None]


def stage(*, stall_timeout: float | None = 5.0, **fields: Any) -> Stage:
    config = ClientConfig(subscription_timeout=3.0, stall_timeout=stall_timeout)
    protocol = StreamProtocol(bytes_per_second=lambda: RATE, replays=True, **fields)
    recovery = Recovery(RetryPolicy(), TargetList(TARGETS, retry_after=0.0), classify, lambda: 0.0)
    state = SessionState()
    streams = SessionStreams(
        TARGETS, protocol, config=config, recovery=recovery, state=state, random=lambda: 0.0
    )
    handover = Handover(streams, state, recovery, config)
    outage = Outage(streams, handover, recovery, state, config, lambda: 0.0)
    inbox = Inbox(streams, handover, outage, recovery, protocol, state)
    streams.active = stream = streams.open(0.0)
    silence = SilenceWatch(streams, inbox, protocol, state, config)
    return Stage(state, streams, silence, inbox, stream)


def ready(**fields: Any) -> Stage:
    made = stage(**fields)
    made.make_ready()
    return made


# In use


def test_a_container_has_to_be_ready_in_time() -> None:
    made = stage()
    assert made.stalled_at is None
    made.stream.opened(StreamIdentity(), 2.0)
    assert made.stalled_at == 5.0
    made.stream.ready(2.5)
    assert made.stalled_at is None


def test_an_answer_is_waited_for_from_the_first_audio_after_the_last_message() -> None:
    made = ready()
    made.write(1.0, position=0)
    made.write(4.0, position=100)
    assert made.stalled_at == 6.0
    made.receive(5.0)
    assert made.stalled_at is None
    made.write(7.0, position=200)
    assert made.stalled_at == 12.0


def test_no_answer_is_waited_for_where_no_stream_counts_as_stalled() -> None:
    made = ready(stall_timeout=None)
    made.write(1.0)
    assert made.stalled_at is None


def test_a_control_alone_is_not_waited_on() -> None:
    made = ready()
    made.stream.write_control(b"x", 1.0, is_text=True)
    assert made.stalled_at is None


def test_a_probe_begins_the_wait_anew() -> None:
    made = ready(stall_probe=lambda: "hello?")
    made.write(1.0)
    assert made.stream.probe(6.0)
    assert made.stalled_at == 11.0
    made.receive(11.5)
    made.write(12.0)
    assert made.stalled_at == 17.0


def test_each_silent_stream_in_a_row_is_waited_for_longer() -> None:
    made = ready()
    made.write(1.0)
    found = []
    for count in range(5):
        made.inbox.silent_streams = count
        found.append(made.stalled_at)
    assert found == [6.0, 11.0, 21.0, 31.0, 31.0]


def test_a_stream_that_is_not_read_is_not_waited_for() -> None:
    made = ready()
    made.write(1.0)
    made.stream.is_unread = True
    assert made.stalled_at is None
    made.stream.is_unread = False
    made.stream.excused(9.0)
    assert made.stalled_at == 14.0


# At the end


@pytest.mark.parametrize("phase", [StreamPhase.READY, StreamPhase.FINISHING])
def test_at_the_end_half_of_the_time_is_for_the_stream_that_is_there(phase: StreamPhase) -> None:
    made = ready()
    made.stream.phase = phase
    made.state.closing = Closing(10.0, 15.0)
    assert made.ends_at() == [12.5]


def test_a_message_and_a_new_stream_begin_the_time_anew() -> None:
    made = ready()
    made.state.closing = Closing(10.0, 15.0)
    made.receive(11.0)
    assert made.ends_at() == [13.5]
    made.make_ready(12.0)
    assert made.ends_at() == [14.5]


def test_a_stream_that_is_not_up_has_limits_of_its_own() -> None:
    made = stage()
    made.state.closing = Closing(10.0, 15.0)
    assert made.ends_at() == []
    made.stream.opened(StreamIdentity(), 11.0)
    assert made.ends_at() == [14.0]


def test_where_no_stream_counts_as_stalled_none_does_at_the_end() -> None:
    made = ready(stall_timeout=None)
    made.state.closing = Closing(10.0, 15.0)
    assert made.ends_at() == []
