# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
"""What the exploration leaves out of a state changes nothing of what follows.

Smaller worlds are explored without any reduction, every state with all that was spent before it.
Where the exploration would take two of those states for one, the same steps must be possible, with
the same outcome; and it must find the same states as the whole.
"""

from collections.abc import Iterator

import pytest

from .explorer import explore
from .snapshot import Snapshot
from .world import World
from .world_bounds import Bounds, Left, new_session

WORLDS = {
    "nova": Bounds("nova", pieces=2, faults=1, finalizes=0, changes=0, mutes=0),
    "nova-faults": Bounds("nova", pieces=1, faults=2, finalizes=0, changes=0, mutes=0),
    "nova-finalize": Bounds("nova", pieces=1, faults=1, finalizes=1, changes=0, mutes=0),
    "nova-settings": Bounds("nova", pieces=1, faults=1, finalizes=0, changes=1, mutes=0),
    "nova-mute": Bounds("nova", pieces=1, faults=1, finalizes=0, changes=0, mutes=1),
    "flux-faults": Bounds("flux", pieces=1, faults=2, finalizes=0, changes=0, mutes=0),
    "flux-settings": Bounds("flux", pieces=1, faults=1, finalizes=0, changes=1, mutes=0),
    "targets": Bounds("flux", pieces=1, faults=1, finalizes=0, changes=0, mutes=0, targets=2),
}


def _whole(world: World) -> Iterator[Snapshot]:
    """Take a world to each of its states, none left out."""
    seen, waiting = {world.whole_key}, [world.save()]
    while waiting:
        saved = waiting.pop()
        world.put_back(saved)
        yield saved
        for _ in _after(world, saved):
            if (key := world.whole_key) not in seen:
                seen.add(key)
                waiting.append(world.save())


def _after(world: World, saved: Snapshot) -> Iterator[str]:
    """Take a world to what follows from a state, by steps that are named by its streams' order."""
    world.put_back(saved)
    names = {str(number): index for index, number in enumerate(world.peers)}
    for step in list(world.steps()):
        world.put_back(saved)
        if world.take(step):
            name, _, number = step.partition(" ")
            yield f"{name} {names.get(number, '')}"


def _what_follows(world: World, saved: Snapshot) -> dict[str, bytes]:
    after: dict[str, bytes] = {}
    for step in _after(world, saved):
        after[step] = world.key
    return after


def _refill(world: World, bounds: Bounds, *, faults: int) -> None:
    """Give back what was spent, so that all can happen that could."""
    world.left = Left(bounds)
    world.left.faults = faults


@pytest.mark.parametrize("name", WORLDS)
def test_of_states_that_are_merged_the_same_follows_and_none_is_left_out(name: str) -> None:
    bounds = WORLDS[name]
    explored = explore(World(bounds, new_session(bounds)))
    world = World(bounds, new_session(bounds))
    behind: dict[bytes, dict[str, bytes]] = {}
    compared = whole = 0
    for saved in _whole(world):
        whole += 1
        assert explored.covers(world.key, world.spent)
        for faults in {0, min(world.left.faults, 1)}:
            world.put_back(saved)
            _refill(world, bounds, faults=faults)
            key, after = world.key, _what_follows(world, world.save())
            compared += key in behind
            assert behind.setdefault(key, after) == after
    assert compared > len(behind) / 2
    assert explored.visits < whole
