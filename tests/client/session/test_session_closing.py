# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
"""Closing in every phase, and what counts as a proper end, in virtual time."""

from typing import Any

import pytest

from pipecat_sagemaker_deepgram.client import records as events
from pipecat_sagemaker_deepgram.client.session.actions import Write
from pipecat_sagemaker_deepgram.client.session.ledger import (
    Control,
)
from pipecat_sagemaker_deepgram.exceptions import (
    ModelStreamError,
    SageMakerDeepgramError,
    StreamIdentity,
    StreamLostError,
    StreamStalledError,
)

from .sessions import (
    DENIED,
    WORD,
    assert_ended_well,
    close,
    connecting,
    down,
    lost_seconds,
    names,
    simulate,
    told,
    up,
)
from .simulation import CLOSE, FINALIZE, silence

BROKEN_INPUT = ModelStreamError(
    "ended", kind="ModelStreamError", code="1001", details="Input stream broken"
)

# Closing


def test_closing_before_anything_began_ends_at_once() -> None:
    simulation = simulate()
    close(simulation)
    assert_ended_well(simulation)
    assert names(simulation) == ["Closed"]


def test_closing_with_audio_and_no_wish_to_connect_reports_the_loss() -> None:
    simulation = simulate()
    simulation.speak(5)
    close(simulation)
    assert lost_seconds(simulation) == pytest.approx(5 * WORD)


def test_closing_while_connecting_with_nothing_given_ends_at_once() -> None:
    simulation = connecting()
    close(simulation)
    assert_ended_well(simulation)


def test_closing_while_connecting_still_sends_what_was_given() -> None:
    simulation = connecting()
    simulation.speak(3)
    close(simulation)
    assert not simulation.is_closed
    simulation.wait(2.0)
    simulation.open(1)
    assert simulation.streams[1].texts == [CLOSE]
    simulation.answer_rest(1)
    assert_ended_well(simulation)


def test_closing_while_connecting_still_sends_the_messages_that_were_given() -> None:
    simulation = connecting()
    simulation.session.add_control(Control(payload=b"hello"))
    close(simulation)
    assert not simulation.is_closed
    simulation.open(1)
    assert simulation.streams[1].texts == ["hello", CLOSE]


def test_closing_while_a_retry_is_waited_for_goes_on_recovering() -> None:
    simulation = up()
    simulation.speak(3)
    simulation.fail(1)
    close(simulation)
    simulation.wait(1.0)
    simulation.open(2)
    simulation.answer_rest(2)
    assert_ended_well(simulation)


def test_closing_asks_for_the_rest_once_and_ends_with_the_answer() -> None:
    simulation = up()
    simulation.speak(3)
    close(simulation)
    assert simulation.session.state.is_closing
    simulation.wait(1.0)
    simulation.answer_rest(1)
    assert_ended_well(simulation)
    assert told(simulation, events.Lost) == []


def test_the_rest_is_asked_for_behind_everything_given() -> None:
    simulation = up(min_chunk_seconds=10.0, max_chunk_seconds=10.0)
    simulation.speak(3)
    simulation.finalize()
    close(simulation)
    assert simulation.streams[1].texts == [FINALIZE, CLOSE]
    assert len(simulation.streams[1].audio) == 3 * len(silence(1))


def test_a_frame_that_was_never_completed_does_not_keep_a_close_waiting() -> None:
    simulation = up()
    simulation.speak(3)
    simulation.session.append(b"\0", simulation.now)
    simulation.step()
    close(simulation)
    assert simulation.streams[1].texts == [CLOSE]
    simulation.answer_rest(1)
    assert_ended_well(simulation)


def test_a_loss_while_closing_is_recovered() -> None:
    simulation = up()
    simulation.speak(4)
    close(simulation)
    simulation.say(1, 2, is_final=True)
    simulation.fail(1)
    simulation.wait(0.5)
    simulation.open(2)
    assert simulation.streams[2].texts == [CLOSE]
    simulation.answer_rest(2)
    assert_ended_well(simulation)


def test_recovery_that_fails_while_closing_ends_with_the_error_and_the_loss() -> None:
    simulation = up(probe_interval=10.0)
    simulation.speak(4)
    close(simulation)
    simulation.fail(1, DENIED)
    assert simulation.session.state.failure is DENIED
    given_up, closed = simulation.events[-2:]
    assert isinstance(given_up, events.GivenUp)
    assert given_up.lost_seconds == pytest.approx(4 * WORD)
    assert closed == events.Closed(0.0)


def test_a_deadline_that_passes_ends_with_what_was_lost() -> None:
    simulation = up()
    simulation.speak(5)
    simulation.say(1, 2, is_final=True)
    close(simulation, timeout=3.0)
    simulation.wait(2.9)
    assert not simulation.is_closed
    simulation.wait(0.1)
    assert simulation.is_closed
    assert simulation.session.state.failure is None
    assert lost_seconds(simulation) == pytest.approx(3 * WORD)
    assert simulation.streams == {}


@pytest.mark.parametrize("seconds_before", [0.0, 2.0, 4.0])
def test_the_rest_that_a_silent_stream_does_not_answer_is_asked_of_another_in_time(
    seconds_before: float,
) -> None:
    simulation = up(stall_timeout=5.0)
    simulation.speak(5)
    simulation.wait(seconds_before)
    close(simulation, timeout=5.0)
    simulation.wait(2.4)
    assert told(simulation, events.Lost) == []
    simulation.wait(0.2)
    (lost,) = told(simulation, events.Lost)
    assert isinstance(lost, events.Lost)
    assert isinstance(lost.cause, StreamStalledError)
    simulation.open(2)
    assert simulation.streams[2].texts == [CLOSE]
    simulation.answer_rest(2)
    assert_ended_well(simulation)


def test_a_stream_that_goes_on_answering_is_waited_for_to_the_end() -> None:
    simulation = up(stall_timeout=5.0)
    simulation.speak(5)
    close(simulation, timeout=5.0)
    for _ in range(2):
        simulation.wait(2.4)
        simulation.say(1, 1, is_final=True)
    simulation.answer_rest(1)
    assert_ended_well(simulation)
    assert told(simulation, events.Lost) == []


def test_a_stream_that_has_answered_all_is_waited_for_to_the_end() -> None:
    simulation = up(stall_timeout=5.0)
    simulation.speak(3)
    close(simulation, timeout=5.0)
    simulation.say(1, 3, is_final=True)
    simulation.wait(4.9)
    assert told(simulation, events.Lost) == []
    simulation.answer_rest(1)
    assert_ended_well(simulation)


@pytest.mark.parametrize("error", [None, BROKEN_INPUT, StreamLostError("gone")])
def test_an_end_before_everything_was_answered_is_a_loss_in_whatever_form(
    error: SageMakerDeepgramError | None,
) -> None:
    simulation = up(says_last=True)
    simulation.speak(3)
    simulation.say(1, 1, is_final=True)
    close(simulation)
    if error is None:
        del simulation.streams[1]
        simulation.session.stream_ended(1, simulation.now)
        simulation.step()
    else:
        simulation.fail(1, error)
    assert len(told(simulation, events.Lost)) == 1
    simulation.wait(1.0)
    simulation.open(2)
    assert simulation.streams[2].texts == [CLOSE]
    simulation.answer_rest(2)
    assert_ended_well(simulation)


def test_streams_that_end_early_are_losses_until_the_close_times_out_however_many() -> None:
    simulation = up(says_last=True)
    simulation.speak(5)
    close(simulation, timeout=5.0)
    for number in (1, 2, 3):
        simulation.say(number, 1, is_final=True)
        del simulation.streams[number]
        simulation.session.stream_ended(number, simulation.now)
        simulation.step()
        simulation.wait(1.0)
        simulation.open(number + 1)
    assert not simulation.is_closed
    assert len(told(simulation, events.Lost)) == 3
    simulation.answer_rest(4)
    assert_ended_well(simulation)


def test_what_no_stream_has_answered_when_the_close_times_out_is_reported() -> None:
    simulation = up(says_last=True)
    simulation.speak(5)
    close(simulation, timeout=5.0)
    simulation.say(1, 1, is_final=True)
    del simulation.streams[1]
    simulation.session.stream_ended(1, simulation.now)
    simulation.step()
    simulation.wait(5.0)
    assert simulation.is_closed
    assert told(simulation, events.AudioDropped) == [
        events.AudioDropped(pytest.approx(4 * WORD), "closed")  # type: ignore[arg-type]
    ]


@pytest.mark.parametrize("option", [{"stall_timeout": None}, {"max_replay_buffer_bytes": 0}])
def test_a_silent_stream_is_waited_for_to_the_end_where_no_other_could_do_better(
    option: dict[str, Any],
) -> None:
    simulation = up(**option)
    simulation.speak(3)
    close(simulation, timeout=5.0)
    simulation.wait(4.9)
    assert told(simulation, events.Lost) == []
    simulation.wait(0.1)
    assert simulation.is_closed


def test_a_predecessor_that_does_not_finish_is_lost_in_time_for_another_stream() -> None:
    simulation = up(stall_timeout=5.0, close_timeout=60.0)
    simulation.speak(3)
    simulation.say(1, 3, is_final=True)
    simulation.session.change_stream("requested", simulation.now, within=60.0)
    simulation.step()
    simulation.open(2)
    assert len(told(simulation, events.StreamChanged)) == 1
    simulation.speak(3)
    close(simulation, timeout=5.0)
    simulation.wait(2.6)
    assert len(told(simulation, events.Lost)) == 1
    simulation.open(3)
    simulation.answer_rest(3)
    assert_ended_well(simulation)


@pytest.mark.parametrize(("second", "ends_at"), [(1.0, 2.0), (60.0, 5.0)])
def test_a_second_close_can_only_shorten_the_first(second: float, ends_at: float) -> None:
    simulation = up()
    simulation.speak()
    close(simulation, timeout=5.0)
    simulation.wait(1.0)
    close(simulation, timeout=second)
    simulation.wait(ends_at - 1.0 - 0.01)
    assert not simulation.is_closed
    simulation.wait(0.01)
    assert simulation.is_closed


def test_closing_while_down_ends_at_once() -> None:
    simulation = down()
    close(simulation)
    assert simulation.is_closed
    assert simulation.session.get_timer() is None


def test_closing_during_a_probe_drops_it() -> None:
    simulation = down()
    simulation.wait(15.0)
    close(simulation)
    assert simulation.is_closed
    assert simulation.streams == {}


def test_closing_twice_ends_once() -> None:
    simulation = up()
    for _ in range(2):
        close(simulation)
    simulation.answer_rest(1)
    for _ in range(2):
        close(simulation)
        simulation.session.abort()
        simulation.step()
    assert names(simulation).count("Closed") == 1


def test_nothing_reaches_a_session_that_is_over() -> None:
    simulation = up()
    simulation.session.abort()
    simulation.step()
    ended = list(simulation.events)
    simulation.session.connect(simulation.now)
    simulation.session.change_stream("requested", simulation.now, within=1.0)
    simulation.session.append(silence(3), simulation.now)
    simulation.session.add_control(Control(payload=b"x"))
    simulation.session.stream_opened(1, StreamIdentity(), simulation.now)
    said = "not read"
    simulation.session.message_received(1, said, simulation.now)
    simulation.session.stream_ended(1, simulation.now)
    simulation.session.stream_failed(1, StreamLostError("x"), simulation.now)
    assert simulation.session.next(simulation.now) is None
    assert not simulation.session.records
    simulation.wait(1000.0)
    assert simulation.events == ended
    assert simulation.streams == {}


@pytest.mark.parametrize("begin", [simulate, connecting, up, down], ids=lambda f: f.__name__)
def test_an_abort_ends_every_phase_at_once(begin: Any) -> None:
    simulation = begin()
    simulation.session.abort()
    simulation.step()
    assert simulation.is_closed
    assert simulation.streams == {}
    assert isinstance(simulation.events[-1], events.Closed)
    assert simulation.session.get_timer() is None


def test_an_abort_reports_what_was_not_answered() -> None:
    simulation = up()
    simulation.speak(3)
    simulation.session.abort()
    simulation.step()
    assert lost_seconds(simulation) == pytest.approx(3 * WORD)


# The proper end


def test_an_end_after_the_caller_asked_for_it_is_proper() -> None:
    simulation = up()
    simulation.speak(3)
    simulation.session.add_control(Control(payload=CLOSE.encode()))
    simulation.step()
    simulation.answer_rest(1)
    assert_ended_well(simulation)
    assert told(simulation, events.Lost) == []


def test_an_end_without_a_last_message_is_proper_once_the_rest_was_asked_for() -> None:
    simulation = up()
    close(simulation)
    simulation.streams.pop(1)
    simulation.session.stream_ended(1, simulation.now)
    simulation.step()
    assert_ended_well(simulation)


def test_a_broken_input_stream_after_the_rest_was_asked_for_is_an_end() -> None:
    simulation = up()
    close(simulation)
    simulation.fail(1, BROKEN_INPUT)
    assert_ended_well(simulation)


def test_a_broken_input_stream_in_use_is_a_loss() -> None:
    simulation = up()
    simulation.fail(1, BROKEN_INPUT)
    assert names(simulation)[-2:] == ["Lost", "RetryScheduled"]


@pytest.mark.parametrize("error", [StreamLostError("gone"), BROKEN_INPUT])
def test_a_failure_after_the_last_answer_is_an_end(error: SageMakerDeepgramError) -> None:
    simulation = up()
    simulation.speak(3)
    close(simulation)
    stream = simulation.streams[1]
    data = stream.say(len(stream.audio), is_final=True, is_last=True)
    simulation.session.message_received(1, data, simulation.now)
    simulation.step()
    simulation.fail(1, error)
    assert_ended_well(simulation)


def test_a_failure_before_the_last_answer_is_a_loss_although_the_rest_was_asked_for() -> None:
    simulation = up()
    simulation.speak(3)
    close(simulation)
    simulation.fail(1, StreamLostError("gone"))
    assert names(simulation)[-2:] == ["Lost", "RetryScheduled"]


def test_binary_messages_need_not_be_text() -> None:
    simulation = up()
    simulation.session.add_control(Control(payload=b"\xff\xfe", is_text=False))
    write = simulation.session.next(simulation.now)
    assert write == Write(1, b"\xff\xfe", is_text=False)
