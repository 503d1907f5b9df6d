# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
"""Every state of a small world is right, and a fault planted in any part of the session is found.

There is one piece of audio here: ``make explore``, which takes two minutes, has three.
"""

import pytest

from . import mutants
from .explorer import Explored, explore
from .world import World
from .world_bounds import Bounds, new_session
from .world_peers import PROTOCOLS

TWO_TARGETS = Bounds(
    "flux", pieces=1, faults=2, finalizes=0, changes=0, mutes=0, targets=2, probes=True
)

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


def _explore(bounds: Bounds, fault: type | None = None) -> Explored:
    session = new_session(bounds) if fault is None else mutants.with_fault(bounds, fault)
    return explore(World(bounds, session))


@pytest.mark.parametrize("protocol", PROTOCOLS)
def test_no_state_of_a_world_with_one_piece_is_wrong(protocol: str) -> None:
    explored = _explore(Bounds(protocol, pieces=1))
    assert not explored.fault, str(explored)
    assert explored.states > 3_000


def test_no_state_of_a_world_with_two_endpoints_is_wrong() -> None:
    explored = _explore(TWO_TARGETS)
    assert not explored.fault, str(explored)
    assert explored.states > 800


@pytest.mark.parametrize("name", FAULTS)
def test_a_planted_fault_is_found_and_comes_with_the_steps_to_it(name: str) -> None:
    explored = _explore(Bounds("nova"), FAULTS[name])
    assert explored.fault
    assert 1 <= len(explored.trace) <= 12
    assert str(explored).count("\n") == len(explored.trace)


def test_a_silence_that_the_session_never_gets_over_is_part_of_the_steps() -> None:
    explored = _explore(Bounds("nova"), mutants.BlindSilence)
    assert "leads to a good end" in explored.fault
    assert explored.trace[-1].startswith("silence ")
