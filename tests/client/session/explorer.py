# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
"""Explores every state of a small world, the nearest first: an explicit-state model checker.

States that are equal are one. A state is wrong when a step into it says so; or when nothing that
can happen leads from it to a good end, though one is owed.
"""

import pickle
from collections import deque
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Protocol


class WrongError(AssertionError):
    """What must not happen has happened."""


class Scene(Protocol):
    """A state of a world; it can be pickled, and a copy goes its own way."""

    @property
    def key(self) -> bytes:
        """Equal for equal states."""
        ...

    @property
    def is_good_end(self) -> bool:
        """Whether nothing is left to happen, and nothing went wrong on the way."""
        ...

    @property
    def is_owed_a_good_end(self) -> bool:
        """Whether something that can happen must lead to a good end."""
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


@dataclass
class Explored:
    """What an exploration has found.

    Attributes:
        states: How many different states there are.
        steps: How many steps lead from one to another.
        fault: What is wrong; empty when nothing is.
        trace: The steps that lead there.
    """

    states: int = 0
    steps: int = 0
    fault: str = ""
    trace: list[str] = field(default_factory=list)

    def __str__(self) -> str:
        """The count, or the fault and how it comes about."""
        count = f"{self.states} states, {self.steps} steps"
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
    return _Exploration(most).run(first)


class _Exploration:
    def __init__(self, most: int) -> None:
        self._most = most
        self._found = Explored()
        self._numbers: dict[bytes, int] = {}
        self._came_by: list[tuple[int, str]] = []
        """For each state, which one it was reached from, and how."""
        self._before: list[list[int]] = []
        """For each state, all those that lead to it."""
        self._good: list[int] = []
        self._owed: list[int] = []
        self._waiting: deque[tuple[int, bytes]] = deque()

    def run(self, first: Scene) -> Explored:
        self._add(first, -1, "")
        while self._waiting and not self._found.fault:
            number, frozen = self._waiting.popleft()
            self._expand(number, frozen)
        if not self._found.fault:
            self._check_ends()
        self._found.states = len(self._numbers)
        return self._found

    def _expand(self, number: int, frozen: bytes) -> None:
        first: Scene = pickle.loads(frozen)
        for index, step in enumerate(list(first.steps())):
            scene: Scene = pickle.loads(frozen) if index else first
            try:
                can_be = scene.take(step)
            except (WrongError, ArithmeticError, LookupError, AttributeError) as error:
                self._blame(f"{error!r}" if not isinstance(error, WrongError) else f"{error}")
                self._found.trace = [*self._way_to(number), step]
                return
            if can_be:
                self._add(scene, number, step)

    def _add(self, scene: Scene, before: int, step: str) -> None:
        key = scene.key
        number = self._numbers.get(key)
        if number is None:
            number = self._numbers[key] = len(self._numbers)
            if number > self._most:
                raise RuntimeError(f"more than {self._most} states")
            self._came_by.append((before, step))
            self._before.append([])
            if scene.is_good_end:
                self._good.append(number)
            elif scene.is_owed_a_good_end:
                self._owed.append(number)
            self._waiting.append((number, pickle.dumps(scene, pickle.HIGHEST_PROTOCOL)))
        if before >= 0:
            self._found.steps += 1
            self._before[number].append(before)

    def _check_ends(self) -> None:
        reached, waiting = set(self._good), deque(self._good)
        while waiting:
            for before in self._before[waiting.popleft()]:
                if before not in reached:
                    reached.add(before)
                    waiting.append(before)
        stuck = next((number for number in self._owed if number not in reached), None)
        if stuck is not None:
            self._blame("nothing that can happen leads to a good end")
            self._found.trace = self._way_to(stuck)

    def _blame(self, fault: str) -> None:
        self._found.fault = fault

    def _way_to(self, number: int) -> list[str]:
        way: list[str] = []
        while number >= 0:
            number, step = self._came_by[number]
            way.append(step)
        return way[-2::-1]
