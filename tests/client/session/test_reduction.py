# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
"""What the exploration leaves out of a state changes nothing of what follows.

Smaller worlds are explored without any reduction, every state with all that was spent before it,
and every fault at any moment. Where the exploration would take two of those states for one, the
same steps must be possible, with the same outcome; and it must find the same states as the whole,
but for faults that do not show yet (``late``).
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
    for step in [*world.steps(), *_early_faults(world)]:
        world.put_back(saved)
        if world.take(step):
            name, _, number = step.partition(" ")
            yield f"{name} {names.get(number, '')}"


def _early_faults(world: World) -> Iterator[str]:
    """Faults that the exploration has come late."""
    if world.is_over or not world.left.faults:
        return
    for number, peer in world.peers.items():
        if peer.is_open and not peer.is_mute:
            yield f"silence {number}"
        if peer.is_open and not peer.is_blocked:
            yield f"block {number}"


def _take_back(world: World) -> None:
    """Undo the faults that have made no difference yet, as if they had not been spent."""
    for number, peer in list(world.peers.items()):
        if peer.is_mute:
            peer.is_mute = False
            world.left.faults += 1
        if peer.is_blocked:
            _unblock_if_idle(world, number)


def _unblock_if_idle(world: World, number: int) -> None:
    saved = world.save()
    world.take(f"unblock {number}")
    if world.latest.written:
        world.put_back(saved)
    else:
        world.left.faults += 1


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
        possible = {0, min(world.left.faults, 1)}
        _take_back(world)
        assert explored.covers(world.key, world.spent)
        for faults in possible:
            world.put_back(saved)
            _refill(world, bounds, faults=faults)
            key, after = world.key, _what_follows(world, world.save())
            compared += key in behind
            assert behind.setdefault(key, after) == after
    assert compared > len(behind) / 2
    assert explored.visits < whole
