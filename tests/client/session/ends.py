# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
"""From which states a good end can be reached, whoever has fallen silent unnoticed.

A container's silence is no step of its own (``late``), so states are not told apart by it. But a
session has to get over it: from each state, with each of its containers silent, a good end must be
reachable by steps that spend nothing. A set of silent containers is kept as bits, by their place
among the state's streams, and what is known of a state is for which of these sets it can end.
"""

from array import array
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache


@dataclass(frozen=True, slots=True)
class Way:
    """What a step that spends nothing else does to silent containers.

    Attributes:
        speaks: Place of the container that takes the step, so cannot be silent.
        gives_up: Those that have to be silent, as bits.
        becomes: For each stream its place after the step; ``None`` where it is gone.
    """

    speaks: int | None
    gives_up: int
    becomes: tuple[int | None, ...]

    def follow(self, silent: int) -> int | None:
        """Which containers are silent after it; ``None`` if it cannot be taken."""
        if self.gives_up & ~silent or (self.speaks is not None and silent >> self.speaks & 1):
            return None
        places = [at for index, at in enumerate(self.becomes) if silent >> index & 1]
        return sum(1 << at for at in places if at is not None)


_WAY_BITS = 12


class Ends:
    """Which states can end, as far as is known; states are numbered from 0 as they are added."""

    def __init__(self) -> None:
        self._can_end: list[int] = []
        """For each state, the sets with which it can end, as bits."""
        self._before: list[array[int]] = []
        """For each state, those that lead to it, and the number of the way."""
        self._numbers: dict[Way | None, int] = {None: 0}
        self._ways: list[Way | None] = [None]

    def add(self, *, is_good: bool) -> None:
        """A state is new; it may be a good end itself, which no stream outlives."""
        self._can_end.append(int(is_good))
        self._before.append(array("q"))

    def can_end(self, state: int, silent: int) -> bool:
        """Whether a good end can be reached with these containers silent."""
        return bool(self._can_end[state] >> silent & 1)

    def lead(self, before: int, state: int, way: Way | None = None) -> None:
        """A step leads from one state to another; none is needed where no way is given."""
        number = self._numbers.get(way)
        if number is None:
            number = self._numbers[way] = len(self._ways)
            self._ways.append(way)
        self._before[state].append(before << _WAY_BITS | number)
        if not self._can_end[state]:
            return
        waiting = [(before, _back(way, self._can_end[state]))]
        while waiting:
            waiting += self._learn(*waiting.pop())

    def _learn(self, state: int, sets: int) -> Iterator[tuple[int, int]]:
        """A state can end with these sets, so those before it can, too."""
        if not sets & ~self._can_end[state]:
            return
        self._can_end[state] |= sets
        for lead in self._before[state]:
            way = self._ways[lead & ((1 << _WAY_BITS) - 1)]
            yield lead >> _WAY_BITS, _back(way, self._can_end[state])


@cache
def _back(way: Way | None, sets: int) -> int:
    """The sets before a way that lead to one of these after it."""
    if way is None:
        return sets
    found = 0
    for silent in range(1 << len(way.becomes)):
        after = way.follow(silent)
        if after is not None and sets >> after & 1:
            found |= 1 << silent
    return found
