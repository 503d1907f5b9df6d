# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
"""The session's state table in virtual time: before and while it connects, and gathering audio."""

import pytest

from pipecat_sagemaker_deepgram.client import records as events
from pipecat_sagemaker_deepgram.client.classify import classify
from pipecat_sagemaker_deepgram.client.config import ClientConfig, RetryPolicy, Target
from pipecat_sagemaker_deepgram.client.session.actions import Write
from pipecat_sagemaker_deepgram.client.session.ledger import Control
from pipecat_sagemaker_deepgram.client.session.session import Phase, Session
from pipecat_sagemaker_deepgram.client.stream_protocol import Reading, StreamProtocol
from pipecat_sagemaker_deepgram.exceptions import (
    ConnectTimeoutError,
    StreamIdentity,
)

from .sessions import (
    WORD,
    assert_ended_well,
    close,
    connecting,
    lose_and_reopen,
    names,
    simulate,
    told,
    up,
)
from .simulation import FINALIZE, silence

# NEW


def test_nothing_happens_before_it_is_wanted() -> None:
    simulation = simulate()
    simulation.speak(3)
    simulation.wait(1000.0)
    assert simulation.session.state.phase is Phase.NEW
    assert simulation.events == []
    assert simulation.streams == {}


def test_what_was_said_before_connecting_is_sent() -> None:
    simulation = simulate()
    simulation.speak(3)
    simulation.session.connect(simulation.now)
    simulation.step()
    simulation.open(1)
    close(simulation)
    simulation.answer_rest(1)
    assert_ended_well(simulation)


def test_connecting_twice_opens_one_stream() -> None:
    simulation = connecting()
    simulation.session.connect(simulation.now)
    simulation.step()
    assert list(simulation.streams) == [1]
    simulation.open(1)
    simulation.session.connect(simulation.now)
    simulation.step()
    assert list(simulation.streams) == [1]


# CONNECTING


def test_what_was_said_while_connecting_is_sent_once_the_stream_is_up() -> None:
    simulation = connecting()
    simulation.speak(3)
    simulation.wait(3.0)
    assert not simulation.streams[1].audio
    simulation.open(1)
    assert len(simulation.streams[1].audio) == 3 * len(silence(1))


def test_a_stream_that_is_up_is_reported_with_how_long_it_took() -> None:
    simulation = connecting()
    simulation.wait(1.5)
    simulation.open(1)
    assert simulation.session.state.phase is Phase.UP
    assert told(simulation, events.Connected) == [
        events.Connected(
            1, StreamIdentity(), connect_seconds=1.5, replayed_seconds=0.0, is_first=True
        )
    ]


def test_a_container_that_says_when_it_is_ready_gets_nothing_before() -> None:
    simulation = connecting(waits_for_ready=True)
    simulation.speak(3)
    simulation.open(1)
    assert simulation.session.state.phase is Phase.CONNECTING
    assert not simulation.streams[1].audio
    simulation.wait(1.0)
    simulation.say_ready(1)
    assert simulation.session.state.phase is Phase.UP
    assert simulation.streams[1].audio


def test_a_container_that_never_says_it_is_ready_is_a_failed_attempt() -> None:
    simulation = connecting(waits_for_ready=True, subscription_timeout=4.0)
    simulation.wait(2.0)
    simulation.open(1)
    simulation.wait(3.9)
    assert told(simulation, events.AttemptFailed) == []
    simulation.wait(0.2)
    (failed,) = told(simulation, events.AttemptFailed)
    assert isinstance(failed, events.AttemptFailed)
    assert isinstance(failed.cause, ConnectTimeoutError)
    assert 1 not in simulation.streams


def test_retries_are_spaced_by_a_random_part_of_a_growing_limit() -> None:
    policy = RetryPolicy(max_retries=4, initial_backoff=1.0, max_backoff=3.0)
    simulation = connecting(policy=policy)
    for attempt, delay in enumerate((0.5, 1.0, 1.5, 1.5), start=1):
        simulation.fail(attempt)
        scheduled = told(simulation, events.RetryScheduled)[-1]
        assert isinstance(scheduled, events.RetryScheduled)
        assert (scheduled.attempt, scheduled.delay) == (attempt, delay)
        simulation.wait(delay - 0.01)
        assert simulation.streams == {}
        simulation.wait(0.01)
        assert list(simulation.streams) == [attempt + 1]


def test_a_failed_attempt_is_reported_in_order() -> None:
    simulation = connecting()
    simulation.fail(1)
    simulation.wait(1.0)
    simulation.open(2)
    assert names(simulation) == [
        "Connecting",
        "AttemptFailed",
        "RetryScheduled",
        "Connecting",
        "Connected",
    ]


def test_a_stream_that_ends_while_it_opens_is_a_failed_attempt() -> None:
    simulation = connecting(waits_for_ready=True)
    simulation.open(1)
    simulation.session.stream_ended(1, simulation.now)
    simulation.step()
    assert names(simulation)[-2:] == ["AttemptFailed", "RetryScheduled"]


def test_a_budget_that_is_spent_ends_the_session_with_what_was_lost() -> None:
    simulation = connecting(policy=RetryPolicy(max_retries=2))
    simulation.speak(5)
    for number in (1, 2, 3):
        simulation.fail(number)
        simulation.wait(1.0)
    assert simulation.session.state.phase is Phase.CLOSED
    given_up, closed = simulation.events[-2:]
    assert isinstance(given_up, events.GivenUp)
    assert given_up.lost_seconds == pytest.approx(5 * WORD)
    assert closed == events.Closed(0.0)
    assert simulation.session.state.failure is given_up.cause
    assert simulation.streams == {}


def test_the_time_of_an_outage_is_bounded_too() -> None:
    policy = RetryPolicy(max_retries=1000, initial_backoff=4.0, max_backoff=4.0, retry_budget=10.0)
    simulation = connecting(policy=policy)
    number = 0
    while not simulation.is_closed:
        number += 1
        simulation.fail(number)
        simulation.wait(2.0)
    assert number == 6
    assert isinstance(simulation.events[-2], events.GivenUp)


# Gathering


def test_audio_below_the_least_size_goes_when_its_time_is_up() -> None:
    simulation = up(min_chunk_seconds=2 * WORD)
    simulation.speak()
    assert not simulation.streams[1].audio
    simulation.wait(4 * WORD)
    assert simulation.streams[1].audio


def test_audio_that_waits_for_a_chunk_to_be_full_leaves_only_the_timer_to_set() -> None:
    simulation = up(min_chunk_seconds=2 * WORD)
    half_a_word = silence(1)[: len(silence(1)) // 2]
    for _ in range(3):
        assert not simulation.session.append(half_a_word, simulation.now)
        assert simulation.session.get_timer() == pytest.approx(simulation.now + 4 * WORD)
    assert simulation.session.append(half_a_word, simulation.now)
    assert isinstance(simulation.session.next(simulation.now), Write)


def test_a_peer_that_takes_nothing_does_not_keep_the_timer_busy() -> None:
    simulation = up(min_chunk_seconds=2 * WORD)
    simulation.session.stream_blocked(1, is_blocked=True)
    simulation.session.append(silence(1), simulation.now)
    assert simulation.session.get_timer() == pytest.approx(4 * WORD)
    simulation.session.handle_timer(1.0)
    assert simulation.session.next(1.0) is None
    assert simulation.session.get_timer() is None
    simulation.session.stream_blocked(1, is_blocked=False)
    assert isinstance(simulation.session.next(1.0), Write)


# Controls


def test_a_control_is_reported_when_it_goes_out_behind_its_audio() -> None:
    simulation = connecting()
    simulation.speak(3)
    simulation.finalize()
    assert told(simulation, events.ControlSent) == []
    simulation.open(1)
    assert told(simulation, events.ControlSent) == [events.ControlSent(1, FINALIZE)]


def test_a_control_that_is_sent_again_is_reported_again() -> None:
    simulation = up()
    simulation.speak(3)
    simulation.finalize()
    lose_and_reopen(simulation, 1)
    assert told(simulation, events.ControlSent) == [
        events.ControlSent(1, FINALIZE),
        events.ControlSent(2, FINALIZE),
    ]


def test_a_control_without_a_kind_is_not_reported() -> None:
    simulation = up()
    simulation.session.add_control(Control(payload=b"KeepAlive"))
    simulation.step()
    assert told(simulation, events.ControlSent) == []


# Messages that are too large

LARGE = 1024 * 1024


@pytest.mark.parametrize(
    "data",
    ["x" * (LARGE + 1), "\u20ac" * (LARGE // 3 + 1), bytes(LARGE + 1), "{" * 14 * LARGE],
    ids=["ASCII", "three bytes a character", "binary", "much"],
)
def test_a_message_that_is_too_large_is_reported_and_the_stream_goes_on(data: str | bytes) -> None:
    simulation = up(max_message_bytes=LARGE)
    simulation.speak(3)
    simulation.session.message_received(1, data, simulation.now)
    simulation.step()
    assert told(simulation, events.AudioDropped) == [events.AudioDropped(0.0, "message_too_large")]
    simulation.speak(3)
    close(simulation)
    simulation.answer_rest(1)
    assert_ended_well(simulation)
    assert names(simulation) == ["Connecting", "Connected", "AudioDropped", "Closed"]


@pytest.mark.parametrize("data", ["x" * LARGE, "\u20ac" * (LARGE // 3), bytes(LARGE)])
def test_a_message_of_just_the_limit_is_read(data: str | bytes) -> None:
    read: list[str | bytes] = []

    def reader(given: str | bytes) -> Reading:
        read.append(given)
        return Reading(is_delivered=False)

    protocol = StreamProtocol(new_reader=lambda: reader, max_message_bytes=LARGE)
    session = Session(
        (Target(endpoint_name="e"),),
        protocol,
        config=ClientConfig(),
        retry_policy=RetryPolicy(),
        classify=classify,
        random=lambda: 0.5,
    )
    session.connect(0.0)
    session.stream_opened(1, StreamIdentity(), 0.0)
    session.message_received(1, data, 0.0)
    assert read == [data]


def test_a_large_message_of_a_stream_that_is_not_in_use_costs_nothing() -> None:
    simulation = up(max_message_bytes=LARGE)
    simulation.session.change_stream("requested", simulation.now, within=2.0)
    simulation.step()
    simulation.session.message_received(2, bytes(LARGE + 1), simulation.now)
    simulation.step()
    assert told(simulation, events.AudioDropped) == []
