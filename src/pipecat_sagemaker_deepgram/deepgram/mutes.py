# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
"""When the user was muted, and which words were said then. Pure.

A final may arrive long after the mute in which its words were said, so the position of a word in
the audio decides, not the time of its message.
"""

from bisect import bisect_right

MOST_MUTES = 1_000
"""Number of mutes that are remembered."""

_ROUNDING = 0.01
"""Seconds by which a piece of audio may extend beyond the mute that contains it."""


class Mutes:
    """When the user was muted, in session seconds; several may mute at the same time."""

    def __init__(self) -> None:
        self._starts: list[float] = []
        self._ends: list[float] = []
        self._muted_by: set[str] = set()

    @property
    def is_on(self) -> bool:
        """Whether the user is muted now."""
        return bool(self._muted_by)

    def begin(self, who: str, position: float) -> None:
        """Begin one party's mute of the user.

        Args:
            who: Who mutes the user.
            position: Session seconds of the audio given so far.
        """
        if not self._muted_by:
            self._starts.append(position)
            self._ends.append(float("inf"))
            del self._starts[:-MOST_MUTES], self._ends[:-MOST_MUTES]
        self._muted_by.add(who)

    def end(self, who: str, position: float) -> None:
        """End one party's mute of the user.

        Args:
            who: Who muted the user.
            position: Session seconds of the audio given so far.
        """
        if who not in self._muted_by:
            return
        self._muted_by.remove(who)
        if not self._muted_by:
            self._ends[-1] = position

    def hide_word(self, start: float, end: float) -> bool:
        """Whether a word was said during a mute: its middle decides.

        Args:
            start: Where it begins, in session seconds.
            end: Where it ends.
        """
        middle = (start + end) / 2
        return middle < self._end_of_mute_at(middle)

    def hide_all(self, start: float, end: float) -> bool:
        """Whether a piece of audio lies entirely in one mute.

        Args:
            start: Where it begins, in session seconds.
            end: Where it ends.
        """
        return end - _ROUNDING <= self._end_of_mute_at(start + _ROUNDING)

    def _end_of_mute_at(self, position: float) -> float:
        """The end of the last mute that began by a position; minus infinity if none did."""
        index = bisect_right(self._starts, position) - 1
        return self._ends[index] if index >= 0 else float("-inf")
