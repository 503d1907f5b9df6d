# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
"""Ten thousand random schedules: nothing lost, nothing twice, in order, time never backwards."""

import pytest

from pipecat_sagemaker_deepgram.client.config import ClientConfig

from .simulation import Simulation

SCHEDULES = 10_000
SHARDS = 20


def _act_at_random(simulation: Simulation) -> None:
    random = simulation.random
    open_streams = [stream for stream in simulation.streams.values() if stream.is_open]
    opening = [stream for stream in simulation.streams.values() if not stream.is_open]
    match random.randrange(13):
        case 0 | 1 | 2:
            simulation.speak(random.randrange(1, 6))
        case 3:
            simulation.pause(random.randrange(1, 12))
        case 4:
            simulation.wait(random.choice((0.01, 0.1, 1.0, 7.0)))
        case 5 | 6 if open_streams:
            # A final may end inside a word and before the last interim did.
            simulation.say(
                random.choice(open_streams).number, random.uniform(0.1, 8), is_final=True
            )
        case 7 if open_streams:
            simulation.say(
                random.choice(open_streams).number, random.uniform(0.1, 12), is_final=False
            )
        case 8 if open_streams:
            simulation.fail(random.choice(open_streams).number)
        case 9 if opening:
            stream = random.choice(opening)
            if random.random() < 0.3:
                simulation.fail(stream.number)
            else:
                simulation.open(stream.number)
        case 10:
            simulation.finalize()
        case 11:
            simulation.session.change_stream("requested", simulation.now, within=2.0)
            simulation.step()
        case 12 if open_streams:
            number = random.choice(open_streams).number
            simulation.session.stream_draining(number, simulation.now)
            simulation.step()
    _answer_whoever_asked(simulation)


def _answer_whoever_asked(simulation: Simulation) -> None:
    for stream in list(simulation.streams.values()):
        if stream.was_asked_for_rest and simulation.random.random() < 0.5:
            simulation.answer_rest(stream.number)


def _close(simulation: Simulation) -> None:
    """Close with the network still unruly, but not for ever."""
    simulation.session.close(simulation.now, timeout=1e6)
    simulation.step()
    for round_number in range(1000):
        if simulation.is_closed:
            return
        for stream in list(simulation.streams.values()):
            if stream.number not in simulation.streams:
                continue
            if round_number < 10 and simulation.random.random() < 0.3:
                simulation.fail(stream.number)
            elif not stream.is_open:
                simulation.open(stream.number)
        _answer_whoever_asked(simulation)
        simulation.wait(0.5)
    raise AssertionError("the session did not end")


def run_schedule(seed: int) -> Simulation:
    simulation = Simulation(
        seed,
        targets=1 + seed % 3,
        # Quiet words make every moment a pause; a changeover then comes in the middle of them.
        loudness=0 if seed % 4 < 2 else 1000,
        config=ClientConfig(
            rotate_after=None if seed % 2 else 20.0,
            rotate_by=30.0,
            stall_timeout=None,
            subscription_timeout=1e9,
            close_timeout=3.0,
            max_replay_seconds=1e9,
            min_chunk_seconds=0.0 if seed % 5 else 0.08,
            replay_speed=None if seed % 7 else 1.5,
        ),
    )
    simulation.session.connect(simulation.now)
    simulation.step()
    for _ in range(simulation.random.randrange(5, 60)):
        _act_at_random(simulation)
    _close(simulation)
    return simulation


@pytest.mark.parametrize("shard", range(SHARDS))
def test_no_word_is_lost_or_repeated_whatever_happens(shard: int) -> None:
    for seed in range(shard, SCHEDULES, SHARDS):
        simulation = run_schedule(seed)
        assert simulation.heard == simulation.given, f"seed {seed}"
        assert simulation.times == sorted(simulation.times), f"seed {seed}"
        assert simulation.streams == {}, f"seed {seed}"
