# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
"""A session whose recovery has failed, in virtual time."""

import pytest

from pipecat_sagemaker_deepgram.client import records as events
from pipecat_sagemaker_deepgram.client.session.state import Phase

from .sessions import (
    DENIED,
    assert_ended_well,
    attempts,
    close,
    connecting,
    down,
    endpoints,
    names,
)


def test_with_a_probe_interval_the_session_goes_down_instead_of_ending() -> None:
    simulation = down()
    assert simulation.session.state.phase is Phase.DOWN
    given_up = simulation.events[-1]
    assert isinstance(given_up, events.GivenUp)
    assert simulation.session.state.failure is given_up.cause


@pytest.mark.parametrize("chance", [0.0, 0.5, 0.99])
def test_probes_come_soon_at_first_and_between_once_and_twice_the_interval_later(
    chance: float,
) -> None:
    simulation = down(chance=chance)
    for number, delay in enumerate((1.0, 2.0, 4.0, 8.0, 10.0, 10.0), 2):
        simulation.wait(delay * (1 + chance) - 0.01)
        assert simulation.streams == {}
        simulation.wait(0.02)
        assert list(simulation.streams) == [number]
        simulation.fail(number, DENIED)


def test_a_probe_that_fails_is_followed_by_another_and_no_second_end() -> None:
    simulation = down()
    for number in (2, 3, 4):
        simulation.wait(15.0)
        simulation.fail(number, DENIED)
    assert names(simulation).count("GivenUp") == 1
    assert names(simulation).count("AttemptFailed") == 4
    assert simulation.session.state.phase is Phase.DOWN


def test_what_is_said_while_down_is_let_go_and_nothing_of_before_is_sent() -> None:
    simulation = connecting(probe_interval=10.0)
    simulation.speak(3)
    simulation.fail(1, DENIED)
    simulation.speak(3)
    simulation.finalize()
    simulation.wait(15.0)
    simulation.speak(3)
    simulation.open(2)
    assert simulation.session.state.phase is Phase.UP
    assert not simulation.streams[2].audio
    assert simulation.streams[2].texts == []
    simulation.given.clear()
    simulation.speak(4)
    close(simulation)
    simulation.answer_rest(2)
    assert_ended_well(simulation)


def test_a_revived_session_has_its_whole_budget() -> None:
    simulation = down()
    simulation.wait(15.0)
    simulation.open(2)
    simulation.fail(2)
    assert attempts(simulation) == [1]
    assert simulation.session.state.phase is Phase.CONNECTING


def test_connecting_while_down_probes_at_once() -> None:
    simulation = down()
    simulation.session.connect(simulation.now)
    simulation.step()
    assert list(simulation.streams) == [2]
    simulation.session.connect(simulation.now)
    simulation.step()
    assert list(simulation.streams) == [2]
    simulation.wait(100.0)
    assert list(simulation.streams) == [2]
    simulation.open(2)
    assert simulation.session.state.phase is Phase.UP


def test_a_probe_tries_every_target_again() -> None:
    simulation = connecting(targets=2, probe_interval=10.0)
    simulation.fail(1, DENIED)
    simulation.wait(0.0)
    simulation.fail(2, DENIED)
    simulation.wait(15.0)
    assert endpoints(simulation) == ["e0", "e1", "e0"]
