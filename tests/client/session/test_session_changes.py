# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
"""Streams that take over from streams that work, in virtual time."""

from typing import Any

import pytest

from pipecat_sagemaker_deepgram.client import records as events
from pipecat_sagemaker_deepgram.client.session.state import Phase
from pipecat_sagemaker_deepgram.exceptions import StreamLostError, StreamStalledError

from .sessions import (
    WORD,
    assert_ended_well,
    attempts,
    close,
    connecting,
    endpoints,
    names,
    simulate,
    told,
    up,
)
from .simulation import CLOSE, Simulation


def rotating(**options: Any) -> Simulation:
    """A session on its first stream, which rotates at 100 s and at 110 s at the latest."""
    defaults = {"rotate_after": 100.0, "rotate_jitter": 0.0, "rotate_by": 110.0}
    return up(stall_timeout=None, **(defaults | options))


def heard_so_far(simulation: Simulation, number: int) -> None:
    """Have a stream answer everything it was sent."""
    simulation.say(number, 1000, is_final=True)


def drained(simulation: Simulation) -> None:
    """A session whose second stream has taken over in a pause and whose first one is drained."""
    simulation.speak(3)
    heard_so_far(simulation, 1)
    simulation.wait(100.0)
    simulation.open(2)


# In a pause


def test_a_stream_in_a_pause_is_replaced_when_its_time_comes() -> None:
    simulation = rotating()
    simulation.speak(3)
    heard_so_far(simulation, 1)
    simulation.wait(99.9)
    assert list(simulation.streams) == [1]
    simulation.wait(0.1)
    assert list(simulation.streams) == [1, 2]
    assert simulation.streams[1].texts == []
    simulation.open(2)
    assert simulation.streams[1].texts == [CLOSE]
    assert told(simulation, events.StreamChanged) == [events.StreamChanged(2, "rotation", 0.0)]


def test_a_rotation_is_no_loss_and_no_new_connection() -> None:
    simulation = rotating()
    drained(simulation)
    simulation.answer_rest(1)
    simulation.speak(3)
    close(simulation)
    simulation.answer_rest(2)
    assert_ended_well(simulation)
    assert names(simulation) == [
        "Connecting",
        "Connected",
        "Connecting",
        "StreamChanged",
        "Closed",
    ]


def test_the_new_stream_gets_the_audio_while_the_old_one_is_drained() -> None:
    simulation = rotating()
    drained(simulation)
    before = len(simulation.streams[1].audio)
    simulation.speak(4)
    assert len(simulation.streams[1].audio) == before
    assert simulation.streams[2].audio


def test_what_the_new_stream_says_waits_for_the_old_ones_last_word() -> None:
    simulation = rotating()
    drained(simulation)
    simulation.speak(4)
    simulation.say(2, 2, is_final=True)
    simulation.say(2, 2, is_final=True)
    assert simulation.heard == [1, 2, 3]
    simulation.answer_rest(1)
    assert simulation.heard == [1, 2, 3, 4, 5, 6, 7]
    assert simulation.times == sorted(simulation.times)


def test_audio_without_speech_that_is_unanswered_is_answered_by_the_old_stream() -> None:
    simulation = rotating()
    simulation.speak(3)
    heard_so_far(simulation, 1)
    simulation.pause(5)
    simulation.wait(100.0)
    simulation.open(2)
    simulation.speak(2)
    simulation.answer_rest(1)
    close(simulation)
    simulation.answer_rest(2)
    assert_ended_well(simulation)
    assert simulation.times[-1] == pytest.approx(10 * WORD)


def test_a_predecessor_that_never_finishes_costs_no_word() -> None:
    simulation = rotating(close_timeout=5.0)
    drained(simulation)
    simulation.speak(4)
    simulation.say(2, 2, is_final=True)
    simulation.wait(4.9)
    assert told(simulation, events.Lost) == []
    simulation.wait(0.2)
    (lost,) = told(simulation, events.Lost)
    assert isinstance(lost, events.Lost)
    assert isinstance(lost.cause, StreamStalledError)
    simulation.wait(1.0)
    simulation.open(3)
    close(simulation)
    simulation.answer_rest(3)
    assert_ended_well(simulation)


@pytest.mark.parametrize("number", [1, 2], ids=["predecessor", "successor"])
def test_a_loss_while_the_old_stream_is_drained_costs_no_word(number: int) -> None:
    simulation = rotating()
    simulation.speak(3)
    heard_so_far(simulation, 1)
    simulation.wait(100.0)
    simulation.open(2)
    simulation.speak(4)
    simulation.say(2, 2, is_final=True)
    simulation.fail(number)
    simulation.wait(1.0)
    simulation.open(3)
    close(simulation)
    simulation.answer_rest(3)
    assert_ended_well(simulation)


def test_a_close_while_the_old_stream_is_drained_waits_for_both() -> None:
    simulation = rotating()
    drained(simulation)
    simulation.speak(4)
    simulation.say(2, 2, is_final=True)
    close(simulation)
    simulation.answer_rest(2)
    assert not simulation.is_closed
    simulation.answer_rest(1)
    assert_ended_well(simulation)


def test_a_new_stream_that_ends_first_is_heard_after_the_old_one() -> None:
    simulation = rotating()
    drained(simulation)
    simulation.speak(4)
    close(simulation)
    stream = simulation.streams[2]
    data = stream.say(1000, is_final=True, is_last=True)
    simulation.session.message_received(2, data, simulation.now)
    assert not [each for each in simulation.session.records if isinstance(each, events.Message)]
    del simulation.streams[2]
    simulation.session.stream_ended(2, simulation.now)
    simulation.answer_rest(1)
    assert_ended_well(simulation)


def test_an_old_stream_that_says_nothing_more_is_not_blamed_for_speech_it_did_not_get() -> None:
    simulation = up(
        rotate_after=10.0,
        rotate_jitter=0.0,
        rotate_by=60.0,
        stall_timeout=2.0,
        close_timeout=8.0,
    )
    simulation.wait(9.5)
    simulation.pause(5)
    simulation.wait(0.5)
    simulation.open(2)
    while simulation.now < 14.0:
        simulation.speak()
        if 2 in simulation.streams:
            simulation.say(2, 0, is_final=False)
        simulation.wait(WORD)
    assert told(simulation, events.Lost) == []


# Without a pause


def test_without_a_pause_the_stream_is_cut_at_its_latest_moment_and_replayed() -> None:
    simulation = rotating()
    simulation.speak(5)
    simulation.say(1, 2, is_final=True)
    simulation.wait(100.0)
    simulation.open(2)
    simulation.speak(2)
    simulation.wait(9.9)
    assert told(simulation, events.StreamChanged) == []
    simulation.wait(0.1)
    (changed,) = told(simulation, events.StreamChanged)
    assert isinstance(changed, events.StreamChanged)
    assert changed.replayed_seconds == pytest.approx(5 * WORD)
    assert list(simulation.streams) == [2]
    close(simulation)
    simulation.answer_rest(2)
    assert_ended_well(simulation)


def test_a_pause_that_comes_in_time_is_taken() -> None:
    simulation = rotating()
    simulation.speak(5)
    simulation.wait(100.0)
    simulation.open(2)
    simulation.wait(5.0)
    heard_so_far(simulation, 1)
    assert told(simulation, events.StreamChanged) == [events.StreamChanged(2, "rotation", 0.0)]


def test_an_open_turn_is_no_pause() -> None:
    simulation = rotating()
    simulation.speak(5)
    heard_so_far(simulation, 1)
    simulation.pause(5)
    simulation.say(1, 2, is_final=False)
    simulation.wait(100.0)
    simulation.open(2)
    assert told(simulation, events.StreamChanged) == []
    heard_so_far(simulation, 1)
    assert len(told(simulation, events.StreamChanged)) == 1


def test_a_control_that_was_not_answered_is_no_pause() -> None:
    simulation = rotating()
    simulation.pause(3)
    simulation.finalize()
    simulation.wait(100.0)
    simulation.open(2)
    assert told(simulation, events.StreamChanged) == []
    heard_so_far(simulation, 1)
    assert len(told(simulation, events.StreamChanged)) == 1


def test_a_successor_that_is_late_cuts_as_soon_as_it_is_ready() -> None:
    simulation = rotating()
    simulation.speak(5)
    simulation.wait(115.0)
    assert told(simulation, events.StreamChanged) == []
    simulation.open(2)
    simulation.wait(0.0)
    assert len(told(simulation, events.StreamChanged)) == 1


# Refused and overtaken


def test_a_rotation_that_is_refused_keeps_the_stream_and_is_tried_again() -> None:
    simulation = rotating()
    simulation.wait(100.0)
    simulation.fail(2)
    assert isinstance(simulation.events[-1], events.ChangeRefused)
    assert simulation.session.state.phase is Phase.UP
    simulation.speak(2)
    assert simulation.streams[1].audio
    simulation.wait(29.9)
    assert list(simulation.streams) == [1]
    simulation.wait(0.1)
    assert list(simulation.streams) == [1, 3]


def test_a_rotation_that_is_refused_takes_nothing_from_the_retry_budget() -> None:
    simulation = rotating()
    simulation.wait(100.0)
    simulation.fail(2)
    simulation.fail(1)
    assert attempts(simulation) == [1]


def test_a_stream_lost_while_its_successor_opens_is_replaced_by_it() -> None:
    simulation = rotating()
    simulation.speak(3)
    simulation.wait(100.0)
    simulation.fail(1)
    assert simulation.session.state.phase is Phase.CONNECTING
    assert list(simulation.streams) == [2]
    simulation.open(2)
    assert names(simulation)[-2:] == ["Lost", "Connected"]
    close(simulation)
    simulation.answer_rest(2)
    assert_ended_well(simulation)


def test_a_stream_lost_while_its_successor_waits_is_replaced_at_once() -> None:
    simulation = rotating()
    simulation.speak(3)
    simulation.wait(100.0)
    simulation.open(2)
    simulation.fail(1)
    assert simulation.session.state.phase is Phase.UP
    assert names(simulation)[-2:] == ["Lost", "Connected"]
    connected = simulation.events[-1]
    assert isinstance(connected, events.Connected)
    assert connected.replayed_seconds == pytest.approx(3 * WORD)
    close(simulation)
    simulation.answer_rest(2)
    assert_ended_well(simulation)


def test_a_successor_that_fails_after_the_loss_is_a_failed_attempt() -> None:
    simulation = rotating()
    simulation.wait(100.0)
    simulation.fail(1, StreamLostError("x"))
    simulation.fail(2)
    assert names(simulation)[-2:] == ["AttemptFailed", "RetryScheduled"]


def test_closing_drops_a_successor() -> None:
    simulation = rotating()
    simulation.speak(3)
    simulation.wait(100.0)
    close(simulation)
    assert list(simulation.streams) == [1]
    simulation.answer_rest(1)
    assert_ended_well(simulation)


def test_no_rotation_begins_while_closing() -> None:
    simulation = rotating()
    simulation.speak(3)
    close(simulation, timeout=1000.0)
    simulation.wait(200.0)
    assert list(simulation.streams) == [1]


def test_each_stream_rotates_in_its_turn() -> None:
    simulation = rotating()
    for number in (1, 2, 3):
        simulation.wait(100.0)
        simulation.open(number + 1)
        simulation.answer_rest(number)
    assert [e.stream for e in simulation.events if isinstance(e, events.StreamChanged)] == [2, 3, 4]


def test_a_rotation_returns_to_the_preferred_target() -> None:
    simulation = rotating(targets=2, target_retry_after=60.0)
    simulation.fail(1)
    simulation.wait(1.0)
    simulation.open(2)
    simulation.wait(100.0)
    simulation.open(3)
    assert endpoints(simulation) == ["e0", "e1", "e0"]
    assert names(simulation)[-2:] == ["FailedOver", "StreamChanged"]


# On request


def test_a_change_on_request_names_its_reason() -> None:
    simulation = up()
    simulation.session.change_stream("settings", simulation.now, within=2.0)
    simulation.step()
    simulation.open(2)
    assert told(simulation, events.StreamChanged) == [events.StreamChanged(2, "settings", 0.0)]


def test_a_change_on_request_cuts_when_its_time_is_up() -> None:
    simulation = up()
    simulation.speak(3)
    simulation.session.change_stream("settings", simulation.now, within=2.0)
    simulation.step()
    simulation.open(2)
    simulation.wait(1.9)
    assert told(simulation, events.StreamChanged) == []
    simulation.wait(0.1)
    assert len(told(simulation, events.StreamChanged)) == 1


def test_without_a_stream_that_is_up_there_is_nothing_to_change() -> None:
    simulation = simulate()
    simulation.session.change_stream("settings", simulation.now, within=2.0)
    simulation.session.connect(simulation.now)
    simulation.session.change_stream("settings", simulation.now, within=2.0)
    simulation.step()
    assert list(simulation.streams) == [1]


def test_a_change_that_waits_for_a_drained_stream_does_not_keep_the_timer_busy() -> None:
    simulation = rotating(close_timeout=60.0)
    drained(simulation)
    simulation.session.change_stream("settings", simulation.now, within=0.0)
    simulation.step()
    simulation.open(3)
    simulation.wait(10.0)
    assert len(told(simulation, events.StreamChanged)) == 1
    simulation.answer_rest(1)
    simulation.wait(0.0)
    assert len(told(simulation, events.StreamChanged)) == 2


def test_a_held_stream_that_answers_and_ends_first_is_not_lost() -> None:
    simulation = up()
    simulation.speak(1)
    simulation.say(1, 1, is_final=True)
    simulation.session.change_stream("settings", simulation.now, within=2.0)
    simulation.step()
    simulation.open(2)
    simulation.speak(2)
    simulation.session.close(simulation.now, timeout=5.0)
    simulation.step()
    simulation.answer_rest(2)
    simulation.answer_rest(1)
    assert simulation.heard == simulation.given == [1, 2, 3]
    assert simulation.is_closed
    assert told(simulation, events.Lost) == []


def test_settings_changed_while_a_stream_opens_are_applied_once_it_is_up() -> None:
    simulation = connecting()
    simulation.session.change_stream("settings", simulation.now, within=2.0)
    simulation.step()
    simulation.open(1)
    assert sorted(simulation.streams) == [1, 2]
    simulation.open(2)
    assert names(simulation)[-1] == "StreamChanged"
