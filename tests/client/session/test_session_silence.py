# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
"""A container that says nothing, and one that is told nothing, in virtual time."""

from itertools import pairwise

import pytest

from pipecat_sagemaker_deepgram.client import records as events
from pipecat_sagemaker_deepgram.client.session.state import Phase
from pipecat_sagemaker_deepgram.client.stream_protocol import (
    Keepalive,
)
from pipecat_sagemaker_deepgram.exceptions import (
    StreamStalledError,
)

from .sessions import (
    WORD,
    assert_ended_well,
    attempts,
    close,
    connecting,
    told,
    up,
)
from .simulation import FINALIZE, Said, Simulation, silence


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


def test_a_silent_stream_is_replaced_once_and_its_successor_kept_where_nobody_knows_of_speech() -> (
    None
):
    simulation = up(stall_timeout=5.0)
    flow(simulation, 4.9, speech=True)
    assert stalls(simulation) == 0
    flow(simulation, 0.2, speech=True)
    assert stalls(simulation) == 1
    simulation.open(2)
    flow(simulation, 600.0, speech=True)
    assert stalls(simulation) == 1
    assert list(simulation.streams) == [2]
    assert simulation.session.state.phase is Phase.UP
    simulation.say(2, 1e9, is_final=True)
    assert simulation.heard == simulation.given


@pytest.mark.parametrize("loudness", [1, 30, 1000, 20_000])
@pytest.mark.parametrize("speech", [True, False])
def test_the_level_of_the_audio_decides_nothing(loudness: int, speech: bool) -> None:
    simulation = up(stall_timeout=5.0, loudness=loudness)
    flow(simulation, 4.9, speech=speech)
    assert stalls(simulation) == 0
    flow(simulation, 0.2, speech=speech)
    assert stalls(simulation) == 1


def test_while_somebody_speaks_an_answer_is_owed_and_asked_of_ever_more_streams() -> None:
    simulation = up(stall_timeout=5.0, answers_speech=lambda: True)
    simulation.session.note_speech(True)
    at = []
    for number in range(2, 6):
        while number not in simulation.streams:
            flow(simulation, 0.5, speech=True)
        at.append(simulation.now)
        simulation.open(number)
    gaps = [later - before for before, later in pairwise(at)]
    assert gaps == [pytest.approx(wait, abs=0.6) for wait in (10.0, 20.0, 30.0)]
    assert attempts(simulation) == [1, 1, 1, 1]
    simulation.say(5, 1e9, is_final=True)
    assert simulation.heard == simulation.given


def test_a_container_that_was_seen_to_answer_silence_owes_that() -> None:
    simulation = up(stall_timeout=5.0)
    simulation.session.note_speech(False)
    flow(simulation, 1.0, speech=False)
    simulation.receive(1, Said(0.0, 1.0, [], is_final=False, is_silence=True))
    flow(simulation, 5.2, speech=False)
    assert stalls(simulation) == 1
    simulation.open(2)
    flow(simulation, 10.2, speech=False)
    assert stalls(simulation) == 2


def test_less_audio_than_a_container_answers_is_not_waited_for() -> None:
    simulation = up(stall_timeout=5.0)
    simulation.session.note_speech(False)
    flow(simulation, 1.0, speech=False)
    simulation.receive(1, Said(0.0, 1.0, [], is_final=False, is_silence=True))
    flow(simulation, 1.5, speech=False)
    simulation.receive(1, Said(0.0, 1.5, [], is_final=False, is_silence=True))
    simulation.session.note_speech(True)
    simulation.wait(60.0)
    assert stalls(simulation) == 0


def test_a_container_that_answers_all_audio_is_lost_for_silence_too() -> None:
    simulation = up(stall_timeout=5.0, answers_every=0.5)
    flow(simulation, 4.9, speech=False)
    assert stalls(simulation) == 0
    flow(simulation, 0.3, speech=False)
    assert stalls(simulation) == 1


def test_no_answer_is_owed_to_less_audio_than_the_container_answers_each_time() -> None:
    simulation = up(stall_timeout=5.0, answers_every=2 * WORD)
    simulation.session.note_speech(True)
    flow(simulation, WORD, speech=False)
    simulation.wait(60.0)
    assert stalls(simulation) == 0
    flow(simulation, WORD, speech=False)
    simulation.wait(6.0)
    assert stalls(simulation) == 1


def test_a_container_that_comes_on_however_slowly_is_kept_and_reported_once() -> None:
    simulation = up(stall_timeout=5.0, answers_every=0.5)
    for _ in range(20):
        flow(simulation, 4.0, speech=True)
        simulation.say(1, 20, is_final=True)
    assert stalls(simulation) == 0
    (slow,) = told(simulation, events.ContainerSlow)
    assert isinstance(slow, events.ContainerSlow)
    assert slow.seconds_behind >= 10.0
    simulation.say(1, 1e9, is_final=True)
    assert simulation.heard == simulation.given


def test_audio_that_is_given_at_once_makes_no_container_slow() -> None:
    """A recording is sent as fast as it can be, and listened to faster than it was spoken."""
    simulation = up(stall_timeout=5.0, answers_every=0.5)
    simulation.speak(600)
    for _ in range(30):
        simulation.wait(1.0)
        simulation.say(1, 20, is_final=True)
    assert told(simulation, events.ContainerSlow) == []
    assert simulation.heard == simulation.given


def test_the_same_position_again_is_no_sign_of_life() -> None:
    simulation = up(stall_timeout=5.0, answers_every=0.5)
    flow(simulation, 1.0, speech=True)
    for _ in range(10):
        simulation.say(1, 5, is_final=False)
        flow(simulation, 0.5, speech=True)
    assert stalls(simulation) == 0
    flow(simulation, 0.2, speech=True)
    assert stalls(simulation) == 1


def test_where_no_stream_counts_as_stalled_none_is_lost() -> None:
    simulation = up(stall_timeout=None)
    flow(simulation, 30.0, speech=True)
    assert stalls(simulation) == 0


def test_a_container_is_asked_for_a_sign_of_life_first_while_nobody_speaks() -> None:
    simulation = up(stall_timeout=5.0, stall_probe=lambda: FINALIZE, answers_speech=lambda: True)
    simulation.session.note_speech(False)
    flow(simulation, 5.0, speech=False)
    simulation.wait(0.1)
    assert simulation.streams[1].texts == [FINALIZE]
    assert stalls(simulation) == 0
    simulation.wait(4.8)
    assert stalls(simulation) == 0
    simulation.wait(0.2)
    assert stalls(simulation) == 1
    assert simulation.streams[2].texts == []


def test_nobody_is_asked_in_the_middle_of_speech() -> None:
    simulation = up(stall_timeout=5.0, stall_probe=lambda: FINALIZE)
    simulation.session.note_speech(True)
    flow(simulation, 60.0, speech=True)
    assert simulation.streams[1].texts == []
    assert stalls(simulation) == 0


def test_a_container_that_answers_the_question_is_not_lost() -> None:
    simulation = up(stall_timeout=5.0, stall_probe=lambda: FINALIZE)
    flow(simulation, 5.2, speech=True)
    simulation.say(1, 1000, is_final=True)
    flow(simulation, 5.2, speech=True)
    assert simulation.streams[1].texts == [FINALIZE, FINALIZE]
    assert stalls(simulation) == 0


def test_each_stream_is_asked_as_the_protocol_says_when_it_is_opened() -> None:
    probes = [None, FINALIZE]
    simulation = up(stall_timeout=5.0, stall_probe=lambda: probes.pop(0))
    flow(simulation, 5.2, speech=True)
    assert stalls(simulation) == 1
    simulation.open(2)
    flow(simulation, 10.2, speech=True)
    assert simulation.streams[2].texts == [FINALIZE]
    assert stalls(simulation) == 1


@pytest.mark.parametrize("is_first", [True, False])
def test_speech_that_was_replayed_and_never_answered_is_missed_while_no_audio_flows(
    is_first: bool,
) -> None:
    """The user is muted, or lets go of the button."""
    simulation = connecting(stall_timeout=5.0)
    simulation.speak(5)
    if not is_first:
        simulation.open(1)
        simulation.fail(1)
        simulation.wait(0.1)
    simulation.open(1 if is_first else 2)
    simulation.wait(5.1)
    assert stalls(simulation) == 1
    number = 2 if is_first else 3
    simulation.open(number)
    simulation.say(number, 1000, is_final=True)
    assert simulation.heard == simulation.given


def test_while_nobody_takes_its_messages_no_stream_is_blamed_for_silence() -> None:
    simulation = up(stall_timeout=5.0, answers_every=0.5)
    flow(simulation, 1.0, speech=True)
    simulation.session.stream_unread(1, simulation.now, is_unread=True)
    simulation.step()
    flow(simulation, 60.0, speech=True)
    assert stalls(simulation) == 0
    simulation.session.stream_unread(1, simulation.now, is_unread=False)
    simulation.step()
    flow(simulation, 4.9, speech=True)
    assert stalls(simulation) == 0
    flow(simulation, 0.3, speech=True)
    assert stalls(simulation) == 1


def test_a_session_that_ends_unread_says_so() -> None:
    simulation = up()
    simulation.speak(3)
    simulation.session.stream_unread(1, simulation.now, is_unread=True)
    simulation.session.abort()
    simulation.step()
    (dropped,) = told(simulation, events.AudioDropped)
    assert dropped == events.AudioDropped(pytest.approx(3 * WORD), "unread")  # type: ignore[arg-type]


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
