# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
"""What is sent beside the audio: silence, and greetings; and replays kept whole."""

import json

import pytest

from pipecat_sagemaker_deepgram.client import records as events
from pipecat_sagemaker_deepgram.client.stream_protocol import Greeting, NewStream, Reader, Reading

from .sessions import close, connecting, lose_and_reopen, told, up
from .simulation import RATE, Said, Simulation


def _silent_bytes(simulation: Simulation, number: int) -> int:
    return len(simulation.streams[number].audio)


def test_silence_goes_to_the_stream_and_never_to_another() -> None:
    simulation = up()
    simulation.speak(2)
    heard = _silent_bytes(simulation, 1)
    assert simulation.session.inject_silence(0.5, simulation.now)
    simulation.step()
    assert _silent_bytes(simulation, 1) == heard + RATE // 2
    assert told(simulation, events.SilenceSent) == [events.SilenceSent(1, 0.5)]
    lose_and_reopen(simulation, 1)
    assert _silent_bytes(simulation, 2) == heard


def test_silence_moves_no_times() -> None:
    simulation = up()
    simulation.speak(2)
    simulation.session.inject_silence(10.0, simulation.now)
    simulation.step()
    simulation.speak(2)
    simulation.say(1, 1000, is_final=True)
    assert simulation.times == [pytest.approx(0.4)]
    assert simulation.heard == simulation.given


def test_silence_does_not_overtake_audio() -> None:
    simulation = up(min_chunk_seconds=0.2)
    simulation.speak(1)
    assert not simulation.session.inject_silence(0.5, simulation.now)


def test_without_a_stream_no_silence_is_taken() -> None:
    simulation = connecting()
    assert not simulation.session.inject_silence(0.1, simulation.now)


def test_nothing_is_injected_once_the_session_is_closing() -> None:
    simulation = up()
    simulation.speak(1)
    close(simulation)
    assert not simulation.session.inject_silence(0.1, simulation.now)


def test_a_greeting_goes_ahead_of_all_audio_and_every_stream_gets_its_own() -> None:
    def greet(stream: NewStream) -> Greeting:
        return Greeting(text=f"hello {stream.number}")

    simulation = connecting(greeting=greet)
    simulation.speak(1)
    simulation.open(1)
    assert simulation.streams[1].texts == ["hello 1"]
    assert simulation.streams[1].audio_before_text == 0
    lose_and_reopen(simulation, 1)
    assert simulation.streams[2].texts == ["hello 2"]
    assert simulation.streams[2].audio_before_text == 0


def _keeping_reader() -> Reader:
    def read(data: str | bytes) -> Reading:
        return Reading(value=Said(**json.loads(data)), keeps_all=True)

    return read


@pytest.mark.parametrize("keeps_all", [True, False])
def test_a_replay_is_limited_unless_the_container_is_in_the_middle_of_something(
    keeps_all: bool,
) -> None:
    simulation = up(max_replay_seconds=0.3)
    if keeps_all:
        stream = simulation.session._streams.active
        assert stream is not None
        stream._reader = _keeping_reader()
    simulation.speak(10)
    simulation.receive(1, Said(0.0, 0.0, [], is_final=False))
    lose_and_reopen(simulation, 1)
    assert _silent_bytes(simulation, 2) == (RATE if keeps_all else RATE * 3 // 10)
