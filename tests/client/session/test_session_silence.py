# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
"""A container that says nothing, and one that is told nothing, in virtual time."""

import pytest

from pipecat_sagemaker_deepgram.client import records as events
from pipecat_sagemaker_deepgram.client.stream_protocol import (
    Keepalive,
)
from pipecat_sagemaker_deepgram.exceptions import (
    StreamStalledError,
)

from .sessions import (
    WORD,
    assert_ended_well,
    close,
    connecting,
    told,
    up,
)
from .simulation import FINALIZE, Simulation, silence


def flow(simulation: Simulation, seconds: float, *, speech: bool) -> None:
    """Give audio in its own time."""
    for _ in range(round(seconds / WORD)):
        if speech:
            simulation.speak()
        else:
            simulation.pause(1)
        simulation.wait(WORD)


def stalls(simulation: Simulation) -> int:
    return sum(
        isinstance(event, events.Lost) and isinstance(event.cause, StreamStalledError)
        for event in simulation.events
    )


def test_a_container_that_says_nothing_to_speech_is_lost() -> None:
    simulation = up(stall_timeout=5.0)
    flow(simulation, 4.9, speech=True)
    assert stalls(simulation) == 0
    flow(simulation, 0.2, speech=True)
    assert stalls(simulation) == 1


def test_a_container_that_says_nothing_to_silence_is_not_lost() -> None:
    simulation = up(stall_timeout=5.0)
    flow(simulation, 30.0, speech=False)
    assert stalls(simulation) == 0


def test_a_container_that_answers_all_audio_is_lost_for_silence_too() -> None:
    simulation = up(stall_timeout=5.0, answers_every=0.5)
    flow(simulation, 4.9, speech=False)
    assert stalls(simulation) == 0
    flow(simulation, 0.3, speech=False)
    assert stalls(simulation) == 1


def test_a_container_is_owed_no_answer_to_less_audio_than_it_answers() -> None:
    simulation = up(stall_timeout=5.0, answers_every=2 * WORD)
    flow(simulation, WORD, speech=False)
    simulation.wait(60.0)
    assert stalls(simulation) == 0
    flow(simulation, WORD, speech=False)
    simulation.wait(6.0)
    assert stalls(simulation) == 1


def test_speech_after_a_long_silence_is_waited_on_from_about_its_beginning() -> None:
    simulation = up(stall_timeout=5.0)
    flow(simulation, 12.0, speech=False)
    flow(simulation, 3.0, speech=True)
    flow(simulation, 7.0, speech=False)
    assert stalls(simulation) == 1


def test_any_message_is_a_sign_of_life() -> None:
    simulation = up(stall_timeout=5.0)
    for _ in range(5):
        flow(simulation, 4.0, speech=True)
        simulation.say(1, 0, is_final=False)
    assert stalls(simulation) == 0


def test_where_no_stream_counts_as_stalled_none_is_lost() -> None:
    simulation = up(stall_timeout=None)
    flow(simulation, 30.0, speech=True)
    assert stalls(simulation) == 0


def test_a_container_is_asked_for_a_sign_of_life_first_where_that_is_possible() -> None:
    simulation = up(stall_timeout=5.0, stall_probe=lambda: FINALIZE)
    flow(simulation, 5.2, speech=True)
    assert simulation.streams[1].texts == [FINALIZE]
    assert stalls(simulation) == 0
    flow(simulation, 4.7, speech=True)
    assert simulation.streams[1].texts == [FINALIZE]
    assert stalls(simulation) == 0
    flow(simulation, 0.3, speech=True)
    assert stalls(simulation) == 1


def test_a_container_that_answers_the_question_is_not_lost() -> None:
    simulation = up(stall_timeout=5.0, stall_probe=lambda: FINALIZE)
    flow(simulation, 5.2, speech=True)
    simulation.say(1, 100, is_final=True)
    flow(simulation, 5.2, speech=True)
    assert simulation.streams[1].texts == [FINALIZE, FINALIZE]
    assert stalls(simulation) == 0


def test_each_stream_is_asked_as_the_protocol_says_when_it_is_opened() -> None:
    probes = [None, FINALIZE]
    simulation = up(stall_timeout=5.0, stall_probe=lambda: probes.pop(0))
    flow(simulation, 5.2, speech=True)
    assert stalls(simulation) == 1
    simulation.open(2)
    flow(simulation, 5.2, speech=True)
    assert simulation.streams[2].texts == [FINALIZE]
    assert stalls(simulation) == 1


def test_no_answer_is_waited_for_while_a_paced_replay_catches_up() -> None:
    simulation = up(stall_timeout=2.0, replay_speed=1.25, max_replay_seconds=1e3)
    for _ in range(10):
        flow(simulation, 1.0, speech=True)
        simulation.say(1, 0, is_final=False)
    simulation.fail(1)
    simulation.wait(0.1)
    simulation.open(2)
    simulation.wait(7.0)
    assert stalls(simulation) == 0


@pytest.mark.parametrize("is_first", [True, False])
def test_speech_that_was_replayed_and_never_answered_is_missed_once_audio_flows_again(
    is_first: bool,
) -> None:
    simulation = connecting(stall_timeout=5.0)
    simulation.speak(5)
    if not is_first:
        simulation.open(1)
        simulation.fail(1)
        simulation.wait(0.1)
    simulation.open(1 if is_first else 2)
    flow(simulation, 6.0, speech=False)
    assert stalls(simulation) == 1


def test_a_container_that_says_nothing_is_lost_where_nothing_is_replayed_too() -> None:
    simulation = up(stall_timeout=5.0, max_replay_buffer_bytes=0)
    flow(simulation, 6.0, speech=True)
    assert stalls(simulation) == 1


def test_a_quiet_stream_is_kept_alive() -> None:
    keepalive = Keepalive(interval=4.0, text="alive", silence_seconds=0.1, first_audio_within=5.0)
    simulation = up(keepalive=keepalive)
    simulation.wait(4.9)
    assert not simulation.streams[1].audio
    simulation.wait(8.2)
    assert bytes(simulation.streams[1].audio) == silence(1)
    assert told(simulation, events.SilenceSent) == [events.SilenceSent(1, 0.1)]
    assert simulation.streams[1].texts == ["alive", "alive"]


def test_the_silence_that_keeps_a_stream_alive_shifts_no_word() -> None:
    keepalive = Keepalive(interval=4.0, silence_seconds=0.5)
    simulation = up(keepalive=keepalive, stall_timeout=None)
    simulation.speak(3)
    simulation.wait(9.0)
    simulation.speak(3)
    close(simulation)
    simulation.say(1, 3, is_final=True)
    simulation.answer_rest(1)
    assert_ended_well(simulation)
    assert simulation.times == [pytest.approx(3 * WORD), pytest.approx(6 * WORD)]
