# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
"""Who was speaking when, according to the transport. Pure."""

from bisect import bisect_right

MOST_SPEAKERS = 2_000
"""Number of changes of speaker to remember: 40 s of two users whose 20 ms frames alternate."""


class SpeakerLog:
    """Who was speaking when, in session seconds."""

    def __init__(self) -> None:
        self._starts: list[float] = []
        self._users: list[str] = []
        self.latest: str | None = None
        """The user whose audio arrived last; ``None`` before any has."""

    def note(self, user_id: str, position: float) -> None:
        """Note whose audio begins at a position."""
        if user_id == self.latest:
            return
        self.latest = user_id
        self._starts.append(position)
        self._users.append(user_id)
        del self._starts[:-MOST_SPEAKERS], self._users[:-MOST_SPEAKERS]

    def at(self, position: float) -> str:
        """The user whose audio lies at a position; empty if none is known."""
        index = bisect_right(self._starts, position) - 1
        return self._users[max(0, index)] if self._users else ""
