# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
"""Faults that come just before the step in which they show.

A container may fall silent, and a stream take nothing more, at any moment. But nobody can tell
until a timer gives the silent one up, or something was to be written to the other. So these faults
commute with all steps before, and exactly these orders need to be visited:

*Silence* keeps a container from its own steps and lets a timer give it up; the session is told
nothing. Take any way through the world on which a container falls silent. Without that, all
steps of the way are still possible, with the same outcome, up to the timer that gives it up. If
that comes, the silence can come just before it; if not, the way is one with a fault less, which can
do all that the other can.

*Blocking* is told to the session, which then writes nothing to the stream and otherwise does the
same. Up to the first step in which it would write to it, the way is the same without. A blocked
stream that is given up before that might as well be silent; one that is unblocked before that might
as well never have been blocked.

So a step is taken without these faults first. What it was then late for and what it wrote says
which of them make a difference to it, and it is taken again behind each of them.

What is owed to a container that has fallen silent unnoticed, namely that the session can still end,
is checked all the same: see ``ends``. ``test_reduction`` takes all faults at any moment, in smaller
worlds, and finds no state that is missing here.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache
from itertools import combinations

from .ends import Way
from .world_peers import FAULTS, Peer

AND = " + "
"""Between the parts of a step that happen one directly after the other."""

_SPENDS = (*FAULTS, "speak", "finalize", "settings", "mute")

_NOT_SAID = ("unblock",)
"""What can happen to a stream whose container says nothing."""


@dataclass(frozen=True)
class Latest:
    """What the latest step has come to; no part of a state.

    Attributes:
        before: The streams' peers before.
        took: Those streams that had been accepted and were not blocked, where faults were left.
        written: The streams that were written to.
        late: The streams without a fault that were given up, which cannot be.
    """

    before: dict[int, Peer] = field(default_factory=dict)
    took: set[int] = field(default_factory=set)
    written: set[int] = field(default_factory=set)
    late: set[int] = field(default_factory=set)

    def begin(self, peers: Mapping[int, Peer], faults: int) -> None:
        """Another step begins, with so many faults left."""
        for each in (self.before, self.took, self.written, self.late):
            each.clear()
        self.before.update(peers)
        if faults:
            self.took.update(
                [number for number, peer in peers.items() if peer.is_open and not peer.is_blocked]
            )

    def instead(self, step: str, faults: int) -> Iterator[str]:
        """The step again, behind faults that make a difference to it.

        Args:
            step: The step.
            faults: How many are left.
        """
        if self.late:
            if len(self.late) <= faults:
                yield AND.join([*(f"silence {number}" for number in sorted(self.late)), step])
        elif faults:
            for number in sorted(self.written & self.took):
                if f"block {number}{AND}" not in step:
                    yield f"block {number}{AND}{step}"

    def way(self, step: str, peers: Mapping[int, Peer]) -> Way | None:
        """What the step does to containers that have fallen silent before it unnoticed.

        Returns:
            ``None`` for a step that spends something else than their silence.
        """
        return _way(step, tuple(self.before), tuple(peers))


@cache
def _way(step: str, before: tuple[int, ...], after: tuple[int, ...]) -> Way | None:
    *faults, last = step.split(AND)
    name, _, number = last.partition(" ")
    if name in _SPENDS or any(fault.startswith("block") for fault in faults):
        return None
    places = {each: index for index, each in enumerate(after)}
    return Way(
        speaks=before.index(int(number)) if number and name not in _NOT_SAID else None,
        gives_up=sum(1 << before.index(each) for each in _streams_of(faults)),
        becomes=tuple([places.get(each) for each in before]),
    )


def _streams_of(faults: Iterable[str]) -> list[int]:
    return [int(fault.partition(" ")[2]) for fault in faults]


def silences(peers: Mapping[int, Peer], faults: int) -> Iterator[tuple[int, str]]:
    """Each set of containers that may have fallen silent, as bits, and the step that says so."""
    can = [(index, number) for index, (number, peer) in enumerate(peers.items()) if peer.is_open]
    for count in range(min(faults, len(can)) + 1):
        for chosen in combinations(can, count):
            bits = sum(1 << index for index, _ in chosen)
            yield bits, AND.join([f"silence {number}" for _, number in chosen])
