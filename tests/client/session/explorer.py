# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
"""Explores every state of a small world: an explicit-state model checker.

States that are equal are one, whatever was spent before them: some steps can happen so often only.
A state is gone on from unless that was done where nothing more had been spent, for from there on
everything could happen that can now. No step gives back what was spent, so the states before which
least was spent come first, and of those the nearest.

A state is wrong when a step into it says so; or when a good end is owed, and no steps lead to one
that spend nothing (``ends``). That is more than is asked for, and the same whatever was spent
before.
"""

import gc
from collections import defaultdict, deque
from collections.abc import Iterable
from dataclasses import dataclass, field
from operator import le
from typing import Any, Protocol

from .ends import Ends, Way

type Spent = tuple[int, ...]
"""How often each of the steps was taken that can happen so often only."""


class WrongError(AssertionError):
    """What must not happen has happened."""


class Scene(Protocol):
    """A world in one of its states."""

    @property
    def key(self) -> bytes:
        """Equal for equal states, whatever was spent before them."""
        ...

    @property
    def covered(self) -> Iterable[bytes]:
        """Keys of other states in which nothing can happen that cannot happen in this one."""
        ...

    @property
    def spent(self) -> Spent:
        """What was spent: with less of each, all can happen that can now, with the same outcome."""
        ...

    def save(self) -> Any:
        """Remember the state."""
        ...

    def put_back(self, saved: Any) -> None:
        """Return to a state."""
        ...

    @property
    def is_good_end(self) -> bool:
        """Whether nothing is left to happen, and nothing went wrong on the way."""
        ...

    @property
    def owed(self) -> Iterable[tuple[int, str]]:
        """The sets of silent containers with which a good end must be reachable, and their names.

        The empty set is 0, and has no name.
        """
        ...

    def steps(self) -> Iterable[str]:
        """The names of all that can happen next."""
        ...

    def take(self, step: str) -> bool:
        """Let it happen.

        Returns:
            Whether it can after all.

        Raises:
            WrongError: It must not.
        """
        ...

    def instead(self, step: str) -> Iterable[str]:
        """Other steps that can happen in the same state, as the one just taken has shown."""
        ...

    def way(self, step: str) -> Way | None:
        """What the step just taken does to silent containers; ``None`` if it spends anything."""
        ...


@dataclass
class Explored:
    """What an exploration has found.

    Attributes:
        states: How many different states there are.
        visits: How often one was gone on from: again where something else had been spent.
        steps: How many steps lead from one to another.
        fault: What is wrong; empty when nothing is.
        trace: The steps that lead there.
        least: For each state's key, what was spent before it where it was gone on from.
    """

    states: int = 0
    visits: int = 0
    steps: int = 0
    fault: str = ""
    trace: list[str] = field(default_factory=list)
    least: dict[bytes, list[Spent]] = field(default_factory=dict, repr=False)

    def covers(self, key: bytes, spent: Spent) -> bool:
        """Whether what follows from a state, with so much spent before it, was visited."""
        return any(_is_covered(each, spent) for each in self.least.get(key, ()))

    def __str__(self) -> str:
        """The count, or the fault and how it comes about."""
        count = f"{self.states} states, {self.visits} visits, {self.steps} steps"
        if not self.fault:
            return f"{count}: nothing is wrong"
        lines = [f"{count}: {self.fault}, after:", *self.trace]
        return "\n  ".join(lines)


def explore(first: Scene, *, most: int = 1_000_000) -> Explored:
    """Explore all states, up to the first that is wrong.

    Args:
        first: The state to begin in.
        most: The number of states at which to give up.
    """
    # Much is kept, none of it in cycles: looking for some would take longer and longer.
    was_enabled = gc.isenabled()
    gc.disable()
    try:
        return _Exploration(first, most).run()
    finally:
        if was_enabled:
            gc.enable()


@dataclass(frozen=True, slots=True)
class _Visit:
    index: int
    state: int
    spent: Spent
    saved: Any


class _Exploration:
    def __init__(self, scene: Scene, most: int) -> None:
        self._scene = scene
        self._most = most
        self._found = Explored()
        self._numbers: dict[bytes, int] = {}
        self._least: list[list[Spent]] = []
        """For each state, what was spent before it; no two of which one is less than the other."""
        self._came_by: list[tuple[int, str]] = []
        """For each visit of a state, which visit it was reached from, and how."""
        self._ends = Ends()
        self._owed: list[tuple[int, int, int, str]] = []
        """Visits, their states, and silent containers, with which each has to be able to end."""
        self._waiting: defaultdict[int, deque[_Visit]] = defaultdict(deque)
        """Visits that are still to be gone on from, by how much was spent before."""

    def run(self) -> Explored:
        self._arrive(None, "")
        most = 0
        while self._waiting and not self._found.fault:
            least = min(self._waiting)
            if least > most:
                # All that spends no more was visited: it is known which of it can end.
                self._check_ends()
                most = least
            else:
                self._go_on_from_one(least)
        if not self._found.fault:
            self._check_ends()
        self._found.states = len(self._numbers)
        self._found.least = dict(zip(self._numbers, self._least, strict=True))
        self._found.visits = len(self._came_by)
        return self._found

    def _go_on_from_one(self, spent: int) -> None:
        visits = self._waiting[spent]
        self._go_on(visits.popleft())
        if not visits:
            del self._waiting[spent]

    def _go_on(self, visit: _Visit) -> None:
        scene = self._scene
        scene.put_back(visit.saved)
        self._owed += [(visit.index, visit.state, *each) for each in scene.owed]
        waiting = deque(scene.steps())
        while waiting:
            step = waiting.popleft()
            try:
                can_be = scene.take(step)
            except (WrongError, ArithmeticError, LookupError, AttributeError) as error:
                self._found.fault = f"{error}" if isinstance(error, WrongError) else f"{error!r}"
                self._found.trace = [*self._way_to(visit.index), step]
                return
            waiting.extend(scene.instead(step))
            if can_be:
                self._arrive(visit, step)
            if waiting:
                scene.put_back(visit.saved)

    def _arrive(self, before: _Visit | None, step: str) -> None:
        scene = self._scene
        state, spent = self._number(scene.key), scene.spent
        if before is not None:
            self._found.steps += 1
            if way := scene.way(step):
                self._ends.lead(before.state, state, way)
        least = self._least[state]
        if least and any(_is_covered(each, spent) for each in least):
            return
        least.append(spent)
        self._cover(state, spent)
        visit = _Visit(len(self._came_by), state, spent, scene.save())
        self._came_by.append((-1 if before is None else before.index, step))
        self._waiting[sum(spent)].append(visit)

    def _cover(self, state: int, spent: Spent) -> None:
        for key in self._scene.covered:
            other = self._number(key)
            self._least[other].append(spent)
            self._ends.lead(other, state)

    def _number(self, key: bytes) -> int:
        number = self._numbers.setdefault(key, len(self._numbers))
        if number == len(self._least):
            if number > self._most:
                raise RuntimeError(f"more than {self._most} states")
            self._least.append([])
            self._ends.add(is_good=self._scene.is_good_end)
        return number

    def _check_ends(self) -> None:
        can_end = self._ends.can_end
        stuck = next((each for each in self._owed if not can_end(each[1], each[2])), None)
        self._owed.clear()
        if stuck is not None:
            self._found.fault = "nothing that can happen for free leads to a good end"
            self._found.trace = [*self._way_to(stuck[0]), *filter(None, stuck[3:])]

    def _way_to(self, visit: int) -> list[str]:
        way: list[str] = []
        while visit >= 0:
            visit, step = self._came_by[visit]
            way.append(step)
        return way[-2::-1]


def _is_covered(less: Spent, spent: Spent) -> bool:
    return all(map(le, less, spent))
