# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
"""Streams that take over from streams that work, in virtual time."""

from typing import Any

import pytest

from pipecat_sagemaker_deepgram.client import records as events
from pipecat_sagemaker_deepgram.client.session.state import Phase
from pipecat_sagemaker_deepgram.exceptions import StreamLostError

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
from .simulation import Simulation


def rotating(**options: Any) -> Simulation:
    """A session on its first stream, which rotates at 100 s and at 110 s at the latest."""
    defaults = {"rotate_after": 100.0, "rotate_jitter": 0.0, "rotate_by": 110.0}
    return up(stall_timeout=None, **(defaults | options))


def heard_so_far(simulation: Simulation, number: int) -> None:
    """Have a stream answer everything it was sent."""
    simulation.say(number, 1000, is_final=True)


def replaced(simulation: Simulation) -> None:
    """A session whose second stream has taken over in a pause."""
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
    simulation.open(2)
    assert list(simulation.streams) == [2]
    assert told(simulation, events.StreamChanged) == [events.StreamChanged(2, "rotation", 0.0)]


def test_a_rotation_is_no_loss_and_no_new_connection() -> None:
    simulation = rotating()
    replaced(simulation)
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


def test_what_the_old_stream_did_not_answer_is_sent_to_the_new_one() -> None:
    simulation = rotating()
    simulation.speak(3)
    heard_so_far(simulation, 1)
    simulation.pause(5)
    simulation.wait(100.0)
    simulation.open(2)
    (changed,) = told(simulation, events.StreamChanged)
    assert isinstance(changed, events.StreamChanged)
    assert changed.replayed_seconds == pytest.approx(5 * WORD)
    simulation.speak(2)
    close(simulation)
    simulation.answer_rest(2)
    assert_ended_well(simulation)
    assert simulation.times[-1] == pytest.approx(10 * WORD)


@pytest.mark.parametrize("loudness", [1, 30, 1000, 20_000])
def test_the_level_of_the_audio_decides_nothing(loudness: int) -> None:
    simulation = rotating(loudness=loudness)
    simulation.speak(3)
    heard_so_far(simulation, 1)
    simulation.speak(3)
    simulation.say(1, 1, is_final=False)
    simulation.wait(100.0)
    simulation.open(2)
    assert told(simulation, events.StreamChanged) == []
    simulation.wait(10.0)
    assert len(told(simulation, events.StreamChanged)) == 1
    close(simulation)
    simulation.answer_rest(2)
    assert_ended_well(simulation)


# Without a pause


def test_without_a_pause_the_stream_is_cut_at_its_latest_moment_and_replayed() -> None:
    simulation = rotating()
    simulation.speak(5)
    simulation.say(1, 2, is_final=True)
    simulation.say(1, 2, is_final=False)
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
        assert list(simulation.streams) == [number + 1]
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


def test_settings_changed_while_a_stream_opens_are_applied_once_it_is_up() -> None:
    simulation = connecting()
    simulation.session.change_stream("settings", simulation.now, within=2.0)
    simulation.step()
    simulation.open(1)
    assert sorted(simulation.streams) == [1, 2]
    simulation.open(2)
    assert names(simulation)[-1] == "StreamChanged"
