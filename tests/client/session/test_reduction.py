# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
"""What the exploration leaves out of a state changes nothing of what follows.

Smaller worlds are explored without any reduction, every state with all that was spent before it,
and every fault at any moment. Where the exploration would take two of those states for one, the
same steps must be possible, with the same outcome; and it must find the same states as the whole,
but for faults that do not show yet (``late``). So nothing comes of the faults that it leaves out.

In the whole world with one piece, which is too large for that, the same is compared for all states
with some of the keys, as the exploration arrives at them.
"""

from collections.abc import Callable, Iterator
from zlib import crc32

import pytest

from .explorer import explore
from .snapshot import Snapshot
from .world import World
from .world_bounds import Bounds, Left, new_session
from .world_peers import PROTOCOLS

ONE_KEY_IN = 8

WORLDS = {
    "nova": Bounds("nova", pieces=2, faults=1, finalizes=0, changes=0, mutes=0),
    "nova-faults": Bounds("nova", pieces=1, faults=2, finalizes=0, changes=0, mutes=0),
    "nova-finalize": Bounds("nova", pieces=1, faults=1, finalizes=1, changes=0, mutes=0),
    "nova-settings": Bounds("nova", pieces=1, faults=1, finalizes=0, changes=1, mutes=0),
    "nova-finalize-settings": Bounds("nova", pieces=1, faults=1, finalizes=1, changes=1, mutes=0),
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
    for step in [*world.steps(), *_other_faults(world)]:
        world.put_back(saved)
        if world.take(step):
            name, _, number = step.partition(" ")
            yield f"{name} {names.get(number, '')}"


def _other_faults(world: World) -> Iterator[str]:
    """Faults that the exploration has come late, and early ends that are as breaks."""
    if world.is_over or not world.left.faults:
        return
    for number, peer in world.peers.items():
        if peer.is_open and not peer.is_mute:
            yield f"silence {number}"
        if peer.is_open and not peer.is_blocked:
            yield f"block {number}"
        if peer.is_open and peer.rest != "asked":
            yield f"end-early {number}"


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


class _Watched(World):
    """Shows each state that an exploration arrives at, and its key."""

    def __init__(self, bounds: Bounds, show: Callable[[World, bytes], None]) -> None:
        self._show = show
        super().__init__(bounds, new_session(bounds))

    @property
    def key(self) -> bytes:
        key = super().key
        self._show(self, key)
        return key


def _some_arrivals(bounds: Bounds) -> tuple[World, list[Snapshot]]:
    """For one key in so many, all the states with it that an exploration arrives at."""
    found: dict[bytes, Snapshot] = {}

    def show(world: World, key: bytes) -> None:
        if crc32(key) % ONE_KEY_IN == 0 and (whole := world.whole_key) not in found:
            found[whole] = world.save()

    world = _Watched(bounds, show)
    explore(world)
    return world, list(found.values())


def _outcomes(
    world: World, saved: Snapshot, bounds: Bounds
) -> Iterator[tuple[bytes, dict[str, bytes]]]:
    """A state's key and what follows, with all to spend again: with a fault if one is left, too."""
    world.put_back(saved)
    for faults in {0, min(world.left.faults, 1)}:
        world.put_back(saved)
        _refill(world, bounds, faults=faults)
        yield world.key, _what_follows(world, world.save())


@pytest.mark.parametrize("protocol", PROTOCOLS)
def test_the_same_follows_from_states_that_the_exploration_takes_for_one(protocol: str) -> None:
    bounds = Bounds(protocol, pieces=1)
    world, arrivals = _some_arrivals(bounds)
    behind: dict[bytes, dict[str, bytes]] = {}
    compared = 0
    for saved in arrivals:
        for key, after in _outcomes(world, saved, bounds):
            compared += key in behind
            assert behind.setdefault(key, after) == after
    assert compared > len(behind)


@pytest.mark.parametrize("name", WORLDS)
def test_of_states_that_are_merged_the_same_follows_and_none_is_left_out(name: str) -> None:
    bounds = WORLDS[name]
    explored = explore(World(bounds, new_session(bounds)))
    world = World(bounds, new_session(bounds))
    behind: dict[bytes, dict[str, bytes]] = {}
    compared = whole = 0
    for saved in _whole(world):
        whole += 1
        _take_back(world)
        assert explored.covers(world.key, world.spent)
        for key, after in _outcomes(world, saved, bounds):
            compared += key in behind
            assert behind.setdefault(key, after) == after
    assert compared > len(behind) / 2
    assert explored.visits < whole
