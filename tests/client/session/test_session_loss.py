# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
"""Losing a stream that is up, in virtual time: retries, their budget, other targets."""

import pytest

from pipecat_sagemaker_deepgram.client import records as events
from pipecat_sagemaker_deepgram.client.config import (
    RetryPolicy,
)
from pipecat_sagemaker_deepgram.exceptions import (
    RejectedError,
    StreamIdentity,
    StreamLostError,
)

from .sessions import (
    DENIED,
    WORD,
    attempts,
    connecting,
    endpoints,
    lose_and_reopen,
    names,
    told,
    up,
)
from .simulation import Said, silence

# Losing a stream that is up


def test_a_loss_is_reported_in_order_with_what_is_replayed() -> None:
    simulation = up()
    simulation.speak(5)
    simulation.say(1, 2, is_final=True)
    cause = StreamLostError("cut")
    simulation.wait(3.0)
    simulation.fail(1, cause)
    simulation.wait(1.0)
    simulation.open(2)
    lost, retry, connecting_again, connected = simulation.events[2:]
    assert lost == events.Lost(1, cause)
    assert isinstance(retry, events.RetryScheduled)
    assert isinstance(connecting_again, events.Connecting)
    assert isinstance(connected, events.Connected)
    assert connected.replayed_seconds == pytest.approx(3 * WORD)
    assert connected.outage_seconds == pytest.approx(1.0)
    assert connected.dropped_seconds == 0.0
    assert not connected.is_first


def test_an_outage_lasts_from_the_loss_over_failed_attempts_and_counts_what_it_dropped() -> None:
    simulation = up(max_unsent_bytes=2 * len(silence(1)))
    simulation.fail(1, StreamLostError("cut"))
    simulation.speak(5)
    simulation.wait(1.0)
    simulation.fail(2, StreamLostError("again"))
    simulation.wait(1.0)
    simulation.open(3)
    connected = told(simulation, events.Connected)[-1]
    assert isinstance(connected, events.Connected)
    assert connected.outage_seconds == pytest.approx(2.0, abs=0.01)
    assert connected.dropped_seconds == pytest.approx(3 * WORD)
    simulation.fail(3, StreamLostError("third"))
    simulation.wait(1.0)
    simulation.open(4)
    after = told(simulation, events.Connected)[-1]
    assert isinstance(after, events.Connected)
    assert after.outage_seconds == pytest.approx(1.0, abs=0.01)
    assert after.dropped_seconds == 0.0


def test_an_outage_before_the_first_stream_lasts_from_the_first_attempt() -> None:
    simulation = connecting()
    simulation.wait(0.5)
    simulation.fail(1, StreamLostError("refused"))
    simulation.wait(1.0)
    simulation.open(2)
    (connected,) = told(simulation, events.Connected)
    assert isinstance(connected, events.Connected)
    assert connected.is_first
    assert connected.outage_seconds == pytest.approx(1.5)


def test_a_message_that_means_failure_is_handed_on_and_loses_the_stream() -> None:
    simulation = up()
    simulation.speak(2)
    simulation.receive(1, Said(0.0, 0.0, [], is_final=False, failure="out of memory"))
    lost = simulation.events[-2]
    assert isinstance(lost, events.Lost)
    assert "out of memory" in str(lost.cause)
    assert 1 not in simulation.streams


def test_an_end_nobody_asked_for_is_a_loss() -> None:
    simulation = up()
    simulation.session.stream_ended(1, simulation.now)
    simulation.step()
    assert names(simulation)[-2:] == ["Lost", "RetryScheduled"]


def test_the_errors_stream_is_named() -> None:
    simulation = connecting()
    identity = StreamIdentity(request_id="req-7")
    simulation.session.stream_opened(1, identity, simulation.now)
    error = StreamLostError("cut")
    simulation.session.stream_failed(1, error, simulation.now)
    assert error.identity is identity


def test_what_a_dropped_stream_still_says_is_not_heard() -> None:
    simulation = up()
    simulation.speak(3)
    late = simulation.streams[1].say(1000, is_final=True)
    simulation.fail(1)
    simulation.session.message_received(1, late, simulation.now)
    simulation.session.stream_ended(1, simulation.now)
    simulation.session.stream_failed(1, StreamLostError("x"), simulation.now)
    simulation.session.stream_opened(1, StreamIdentity(), simulation.now)
    assert not simulation.session.records
    assert names(simulation)[-1] == "RetryScheduled"
    assert simulation.session.feed.ledger.acknowledged == 0


def test_audio_dropped_by_a_cap_is_reported() -> None:
    simulation = connecting(max_unsent_bytes=2 * len(silence(1)))
    simulation.speak(5)
    simulation.open(1)
    seconds = [e.seconds for e in simulation.events if isinstance(e, events.AudioDropped)]
    assert sum(seconds) == pytest.approx(3 * WORD)


def test_audio_dropped_by_a_cap_is_reported_once_an_outage() -> None:
    simulation = connecting(max_unsent_bytes=2 * len(silence(1)))
    for _ in range(5):
        simulation.speak()
        simulation.wait(WORD)
    simulation.open(1)
    assert len(told(simulation, events.AudioDropped)) == 1


# What gives the budget back


def test_an_acknowledged_advance_gives_the_budget_back() -> None:
    simulation = up(policy=RetryPolicy(max_retries=1))
    for number in (1, 2, 3):
        simulation.speak(2)
        simulation.say(number, 2, is_final=True)
        lose_and_reopen(simulation, number)
    assert attempts(simulation) == [1, 1, 1]


def test_messages_that_report_no_position_do_not_give_the_budget_back() -> None:
    simulation = up(policy=RetryPolicy(max_retries=5))
    for number in (1, 2, 3):
        simulation.speak(2)
        simulation.say(number, 0, is_final=False)
        simulation.say(number, 0, is_final=True)
        lose_and_reopen(simulation, number)
    assert attempts(simulation) == [1, 2, 3]


@pytest.mark.parametrize(("age", "expected"), [(29.9, [1, 2]), (30.0, [1, 1])])
def test_half_a_minute_of_a_stable_stream_gives_the_budget_back(
    age: float, expected: list[int]
) -> None:
    simulation = up(policy=RetryPolicy(retry_budget=1e3))
    lose_and_reopen(simulation, 1)
    simulation.wait(age)
    simulation.fail(2)
    assert attempts(simulation) == expected


def test_streams_that_die_as_soon_as_they_are_up_come_to_an_end() -> None:
    simulation = up(policy=RetryPolicy(max_retries=3, max_backoff=0.1))
    simulation.speak(5)
    number = 1
    while not simulation.is_closed:
        simulation.wait(1.0)
        if number in simulation.streams:
            simulation.open(number)
            simulation.fail(number)
            number += 1
    assert attempts(simulation) == [1, 2, 3]
    assert isinstance(simulation.events[-2], events.GivenUp)


def test_an_advance_that_the_caller_acknowledges_gives_the_budget_back() -> None:
    simulation = up()
    lose_and_reopen(simulation, 1)
    simulation.speak(2)
    simulation.session.acknowledge(2 * WORD)
    lose_and_reopen(simulation, 2)
    assert attempts(simulation) == [1, 1]


# Targets


def test_a_target_that_fails_is_left_for_the_next_and_returned_to() -> None:
    simulation = connecting(targets=2, target_retry_after=60.0)
    simulation.open(1)
    simulation.wait(1.0)
    simulation.fail(1)
    simulation.wait(1.0)
    simulation.open(2)
    simulation.wait(60.0)
    simulation.fail(2)
    simulation.wait(1.0)
    simulation.open(3)
    assert endpoints(simulation) == ["e0", "e1", "e0"]
    turned = [e.target.endpoint_name for e in simulation.events if isinstance(e, events.FailedOver)]
    assert turned == ["e1", "e0"]


def test_a_failover_is_reported_before_the_connection() -> None:
    simulation = up(targets=2)
    simulation.fail(1)
    simulation.wait(1.0)
    simulation.open(2)
    assert names(simulation)[2:] == [
        "Lost",
        "RetryScheduled",
        "Connecting",
        "FailedOver",
        "Connected",
    ]


def test_a_first_connection_to_another_target_is_no_failover() -> None:
    simulation = connecting(targets=2)
    simulation.fail(1)
    simulation.wait(1.0)
    simulation.open(2)
    assert endpoints(simulation) == ["e0", "e1"]
    assert told(simulation, events.FailedOver) == []


@pytest.mark.parametrize(("age", "expected"), [(1.9, "e1"), (2.0, "e0")])
def test_only_an_early_death_counts_against_the_target(age: float, expected: str) -> None:
    simulation = up(targets=2)
    simulation.wait(age)
    simulation.fail(1)
    simulation.wait(1.0)
    assert endpoints(simulation)[-1] == expected


def test_an_early_death_after_an_advance_does_not_count_against_the_target() -> None:
    simulation = up(targets=2)
    simulation.speak(2)
    simulation.say(1, 1, is_final=True)
    simulation.fail(1)
    simulation.wait(1.0)
    assert endpoints(simulation)[-1] == "e0"


def test_a_fatal_failure_of_one_target_means_the_next_at_once() -> None:
    simulation = connecting(targets=2)
    simulation.fail(1, DENIED)
    simulation.wait(0.0)
    assert endpoints(simulation) == ["e0", "e1"]
    simulation.open(2)
    simulation.wait(100.0)
    lose_and_reopen(simulation, 2)
    assert endpoints(simulation)[-1] == "e1"


def test_a_fatal_failure_of_every_target_is_the_end() -> None:
    simulation = connecting(targets=2)
    simulation.speak(4)
    simulation.fail(1, DENIED)
    simulation.wait(0.0)
    last = RejectedError("no", status_code=400, code="ValidationException")
    simulation.fail(2, last)
    assert simulation.session.state.failure is last
    given_up, closed = simulation.events[-2:]
    assert isinstance(given_up, events.GivenUp)
    assert given_up.lost_seconds == pytest.approx(4 * WORD)
    assert closed == events.Closed(0.0)
