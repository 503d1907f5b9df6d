# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
"""Outages of the endpoint while somebody speaks, in virtual time."""

import pytest

from pipecat_sagemaker_deepgram.client import records as events
from pipecat_sagemaker_deepgram.exceptions import (
    ConnectError,
    RejectedError,
    SageMakerDeepgramError,
    StreamLostError,
    ThrottledError,
)

from .sessions import WORD, assert_ended_well, attempts, close, names, told, up
from .simulation import Simulation

REFUSED = ConnectError("refused")
RESET = StreamLostError("reset in TLS")
BUSY = ThrottledError("slow down", retry_after=40.0)
UNAVAILABLE = RejectedError("unavailable", status_code=503, code="ServiceUnavailable")
BROKEN = RejectedError("internal", status_code=500, code="InternalFailure")

FAULTS = {"refused": REFUSED, "reset": RESET, "429": BUSY, "503": UNAVAILABLE, "500": BROKEN}


def speak_through(
    simulation: Simulation, seconds: float, error: SageMakerDeepgramError | None
) -> None:
    """Speak in real time; streams that are opened meanwhile fail at once, or come up."""
    for _ in range(round(seconds / WORD)):
        simulation.speak()
        for stream in list(simulation.streams.values()):
            if not stream.is_open and error is not None:
                simulation.fail(stream.number, error)
            elif not stream.is_open:
                simulation.open(stream.number)
        simulation.wait(WORD)


@pytest.mark.parametrize("fault", FAULTS)
@pytest.mark.parametrize("seconds", [1.0, 3.0, 10.0, 30.0, 50.0])
@pytest.mark.parametrize("chance", [0.0, 0.5, 0.99])
def test_an_outage_costs_no_word_and_words_flow_soon_after_it(
    seconds: float, fault: str, chance: float
) -> None:
    simulation = up(chance=chance, max_chunk_seconds=10.0)
    speak_through(simulation, 1.0, REFUSED)
    simulation.say(1, 1000, is_final=True)
    simulation.fail(1)
    speak_through(simulation, seconds, FAULTS[fault])
    returned_at = simulation.now
    opened: list[int] = []
    while not opened:
        speak_through(simulation, WORD, None)
        opened = [stream.number for stream in simulation.streams.values() if stream.is_open]
    assert simulation.now - returned_at <= 2.0 + (5.0 if fault == "429" else 0.0) + 2 * WORD
    speak_through(simulation, 1.0, None)
    close(simulation)
    simulation.answer_rest(opened[0])
    assert_ended_well(simulation)
    assert told(simulation, events.AudioDropped) == []


def test_giving_up_takes_the_whole_budget_and_no_less() -> None:
    simulation = up(chance=0.5)
    simulation.fail(1)
    began = simulation.now
    while "GivenUp" not in names(simulation):
        speak_through(simulation, 1.0, REFUSED)
    assert 59.0 <= simulation.now - began <= 61.1


def test_streams_that_each_report_a_position_use_nothing_of_the_budget_up() -> None:
    """Within one long turn nothing is final."""
    simulation = up(chance=0.5)
    for number in range(1, 60):
        simulation.speak(15)
        simulation.wait(1.5)
        simulation.say(number, 10, is_final=False)
        simulation.fail(number, RESET)
        assert attempts(simulation)[-1] == 1
        simulation.wait(0.2)
        simulation.open(number + 1)
    close(simulation)
    simulation.answer_rest(60)
    assert_ended_well(simulation)


def test_what_an_outage_held_back_survives_further_losses_on_the_way_to_the_end() -> None:
    simulation = up(max_replay_seconds=3.0)
    simulation.fail(1)
    speak_through(simulation, 10.0, REFUSED)
    for _ in range(3):
        speak_through(simulation, 3.0, None)
        (number,) = simulation.streams
        simulation.fail(number)
    speak_through(simulation, 3.0, None)
    (number,) = simulation.streams
    close(simulation)
    simulation.answer_rest(number)
    assert_ended_well(simulation)
