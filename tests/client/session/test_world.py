# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
"""Every state of small worlds is right, and a fault planted in any part of the session is found.

Everything at once would be too large for each change (``make explore`` visits more of it). These
worlds have two faults in three pieces, in a change of settings and in a mute, and everything
together with one fault.
"""

import pickle
from random import Random

import pytest

from . import mutants
from .explorer import Explored, explore
from .world import World
from .world_bounds import Bounds, new_session

WORLDS = {
    "nova": Bounds("nova", pieces=3, faults=2, finalizes=0, changes=0, mutes=0),
    "flux": Bounds("flux", pieces=3, faults=2, finalizes=0, changes=0, mutes=0),
    "nova-finalize-settings-mute": Bounds("nova", pieces=1, faults=1),
    "nova-mute": Bounds("nova", pieces=1, faults=2, finalizes=0, changes=0),
    "flux-settings": Bounds("flux", pieces=1, faults=2, finalizes=0, mutes=0),
    "flux-mute": Bounds("flux", pieces=1, faults=2, finalizes=0, changes=0),
    "targets-probes": Bounds(
        "flux", pieces=1, faults=2, finalizes=0, changes=0, mutes=0, targets=2, probes=True
    ),
}

FAULTS = {
    "acknowledges-too-much": mutants.GreedyLedger,
    "acknowledges-too-little": mutants.SlowLedger,
    "replays-nothing": mutants.UnreplayingStreams,
    "hands-over-without-replay": mutants.BreakingHandover,
    "drops-a-change": mutants.TimidHandover,
    "believes-an-early-end": mutants.CredulousInbox,
    "tries-once": mutants.ForgetfulOutage,
    "reports-no-loss": mutants.QuietFeed,
    "drops-a-replay": mutants.WastefulFeed,
    "never-sees-silence": mutants.BlindSilence,
    "always-sees-silence": mutants.NervousSilence,
    "never-ends": mutants.EndlessSession,
    "ends-at-once": mutants.AbruptSession,
    "writes-where-nothing-is-taken": mutants.DeafSession,
}

SMALL = Bounds("nova", pieces=2, faults=1, finalizes=0, changes=1, mutes=0)


def _explore(bounds: Bounds, fault: type | None = None) -> Explored:
    session = new_session(bounds) if fault is None else mutants.with_fault(bounds, fault)
    return explore(World(bounds, session))


@pytest.mark.parametrize("name", WORLDS)
def test_no_state_of_a_small_world_is_wrong(name: str, capsys: pytest.CaptureFixture[str]) -> None:
    explored = _explore(WORLDS[name])
    with capsys.disabled():
        print(f"\n{name}: {explored}")
    assert not explored.fault, str(explored)
    assert explored.states > 1_000


@pytest.mark.parametrize("name", FAULTS)
def test_a_planted_fault_is_found_and_comes_with_the_steps_to_it(name: str) -> None:
    explored = _explore(SMALL, FAULTS[name])
    assert explored.fault
    assert 1 <= len(explored.trace) <= 12
    assert str(explored).count("\n") == len(explored.trace)


def test_without_a_fault_the_world_in_which_they_are_found_is_right() -> None:
    assert not _explore(SMALL).fault


def test_states_that_are_merged_go_on_alike() -> None:
    """Random walks that meet in a state find the same states behind it."""
    bounds = Bounds("nova", pieces=2, faults=2)
    random, behind, met = Random(1), dict[bytes, list[bytes]](), 0
    for _ in range(150):
        world = World(bounds, new_session(bounds))
        while after := _all_after(world):
            keys = sorted(each.key for each in after)
            met += world.key in behind
            assert behind.setdefault(world.key, keys) == keys
            world = random.choice(after)
    assert met > 200


def _all_after(world: World) -> list[World]:
    frozen = pickle.dumps(world)
    every = [(pickle.loads(frozen), step) for step in world.steps()]
    return [other for other, step in every if other.take(step)]
