# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
"""Who is there, and what is to be done about whom."""

from typing import Any

import pytest

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
from pipecat_sagemaker_deepgram.client.session.recovery import Recovery
from pipecat_sagemaker_deepgram.client.session.state import Phase, SessionState
from pipecat_sagemaker_deepgram.client.session.stream_state import StreamPhase
from pipecat_sagemaker_deepgram.client.session.streams import SessionStreams
from pipecat_sagemaker_deepgram.client.session.targets import TargetList
from pipecat_sagemaker_deepgram.client.stream_protocol import Greeting, NewStream, StreamProtocol
from pipecat_sagemaker_deepgram.exceptions import RejectedError, StreamIdentity, StreamLostError

TARGETS = (Target(endpoint_name="e0"), Target(endpoint_name="e1"))
EXPIRED = RejectedError("x", status_code=403, code="ExpiredToken")


def make(*, chance: float = 0.0, protocol: StreamProtocol | None = None, **fields: Any):
    config = ClientConfig(**fields)
    state = SessionState()
    recovery = Recovery(
        RetryPolicy(), TargetList(TARGETS, retry_after=60.0), classify, lambda: chance
    )
    streams = SessionStreams(
        TARGETS,
        protocol or StreamProtocol(),
        config=config,
        recovery=recovery,
        state=state,
        random=lambda: chance,
    )
    return streams, recovery, state


def test_streams_are_numbered_from_1_and_reported() -> None:
    streams, _, state = make()
    for number in (1, 2):
        assert streams.open(0.0).number == number
    assert list(state.actions) == [OpenStream(number, TARGETS[0], False) for number in (1, 2)]
    assert list(state.records) == [events.Connecting(number, TARGETS[0]) for number in (1, 2)]


def test_the_next_stream_goes_where_recovery_says_and_as_whom() -> None:
    streams, recovery, state = make()
    recovery.failed(StreamLostError("x"), 0, 0.0, leave=True)
    recovery.failed(EXPIRED, 1, 0.0, leave=False)
    streams.open(0.0)
    assert list(state.actions) == [OpenStream(1, TARGETS[1], True)]


def test_only_streams_with_a_place_are_there() -> None:
    streams, _, _ = make()
    opening, active, successor, nowhere = (streams.open(0.0) for _ in range(4))
    streams.opening, streams.active, streams.successor = opening, active, successor
    assert set(streams) == {opening, active, successor}
    assert streams.find(active.number) is active
    assert streams.find(nowhere.number) is None


def test_a_stream_gets_the_audio_from_where_the_ledger_stands() -> None:
    streams, _, _ = make()
    streams.activate(streams.open(0.0), 0.0)
    streams.feed.append(bytes(100), 0.0)
    streams.feed.take(0.0, is_closing=False)
    stream = streams.open(0.0)
    streams.activate(stream, 0.0)
    assert streams.active is stream
    assert stream.timeline.to_position(0.0) == 100


def test_another_target_is_reported_and_the_first_is_not() -> None:
    streams, recovery, state = make()
    streams.activate(streams.open(0.0), 0.0)
    streams.activate(streams.open(0.0), 0.0)
    recovery.failed(StreamLostError("x"), 0, 0.0, leave=True)
    state.records.clear()
    streams.activate(streams.open(0.0), 0.0)
    assert list(state.records) == [events.Connecting(3, TARGETS[1]), events.FailedOver(TARGETS[1])]


def test_the_rest_is_asked_for_with_the_protocols_payload() -> None:
    streams, _, _ = make(protocol=StreamProtocol(close_payload="bye"))
    streams.active = stream = streams.open(0.0)
    assert not streams.finishing
    streams.finish(stream, 0.0)
    assert stream.phase is StreamPhase.FINISHING
    assert streams.next_request_for_rest(0.0) == Write(1, b"bye", is_text=True)
    assert not streams.finishing


def test_the_rest_is_asked_for_by_ending_the_input_where_there_is_no_payload() -> None:
    streams, _, _ = make()
    streams.active = stream = streams.open(0.0)
    streams.finish(stream, 0.0)
    assert stream.phase is StreamPhase.FINISHING
    assert streams.next_request_for_rest(0.0) == EndInput(1)
    assert not streams.finishing


def test_a_stream_that_is_gone_is_not_asked_for_the_rest() -> None:
    streams, _, _ = make()
    streams.active = streams.open(0.0)
    streams.finish(streams.active, 0.0)
    streams.active = None
    assert streams.next_request_for_rest(0.0) is None
    assert not streams.finishing


def test_a_stream_that_takes_nothing_is_asked_for_the_rest_when_it_does() -> None:
    streams, _, _ = make()
    streams.active = stream = streams.open(0.0)
    stream.is_blocked = True
    streams.finish(stream, 0.0)
    assert streams.next_request_for_rest(0.0) is None
    stream.is_blocked = False
    assert streams.next_request_for_rest(0.0) == EndInput(1)


def test_injections_go_in_order_past_a_stream_that_takes_nothing_and_not_to_one_that_is_gone() -> (
    None
):
    streams, _, _ = make()
    streams.active, streams.successor, gone = (streams.open(0.0) for _ in range(3))
    streams.active.inject_text("a", 0.0)
    gone.inject_text("b", 0.0)
    streams.successor.inject_text("c", 0.0)
    streams.active.inject_text("d", 0.0)
    streams.active.is_blocked = True
    assert streams.next_injection() == Write(2, b"c", is_text=True)
    assert streams.next_injection() is None
    streams.active.is_blocked = False
    assert streams.next_injection() == Write(1, b"a", is_text=True)
    assert streams.next_injection() == Write(1, b"d", is_text=True)
    assert streams.next_injection() is None


def test_a_greeting_is_asked_for_when_a_stream_takes_over_and_reported_with_it() -> None:
    asked: list[NewStream] = []

    def greet(stream: NewStream) -> Greeting:
        asked.append(stream)
        return Greeting(text=f"hello {stream.number}", forgets=("x",))

    streams, _, state = make(protocol=StreamProtocol(greeting=greet, replays=True))
    streams.feed.ledger.add_control(Control(payload=b"x", kind="x"))
    streams.feed.ledger.add_control(Control(payload=b"y", kind="y"))
    streams.opening = stream = streams.open(0.0)
    streams.come_up(stream, 0.0)
    assert asked == [NewStream(number=1, target=TARGETS[0], is_fresh=True)]
    assert streams.next_injection() == Write(1, b"hello 1", is_text=True)
    connected = state.records[-1]
    assert isinstance(connected, events.Connected)
    assert connected.greeting == "hello 1"
    control = streams.feed.take(0.0, is_closing=False)
    assert control == Control(payload=b"y", kind="y")


def test_a_stream_is_not_fresh_where_the_one_before_was_in_the_middle_of_something() -> None:
    asked: list[bool] = []

    def greet(stream: NewStream) -> Greeting:
        asked.append(stream.is_fresh)
        return Greeting()

    streams, _, _ = make(protocol=StreamProtocol(greeting=greet, replays=True))
    for is_in_the_middle in (False, True, False):
        stream = streams.open(0.0)
        streams.activate(stream, 0.0)
        stream.keeps_all = is_in_the_middle
        streams.rewind(stream)
    streams.activate(streams.open(0.0), 0.0)
    assert asked == [True, True, False, True]


def test_the_end_leaves_nobody() -> None:
    streams, _, state = make()
    streams.active, streams.successor = streams.open(0.0), streams.open(0.0)
    for stream in streams:
        stream.opened(StreamIdentity(), 0.0)
    state.actions.clear()
    streams.drop(None)
    streams.end()
    assert list(state.actions) == [DropStream(1), DropStream(2)]
    assert list(streams) == []
    assert state.phase is Phase.CLOSED
    assert state.records[-1] == events.Closed(0.0)


@pytest.mark.parametrize(
    ("chance", "fields", "at"),
    [
        (0.0, {"rotate_after": 100.0, "rotate_jitter": 20.0}, 1100.0),
        (0.5, {"rotate_after": 100.0, "rotate_jitter": 20.0}, 1090.0),
        (0.9, {"rotate_after": 100.0, "rotate_jitter": 0.0}, 1100.0),
        (0.9, {"rotate_after": None}, None),
    ],
)
def test_a_rotation_is_brought_forward_at_random(
    chance: float, fields: dict[str, Any], at: float | None
) -> None:
    streams, _, _ = make(chance=chance, **fields)
    assert streams.open(1000.0).rotate_at == at
