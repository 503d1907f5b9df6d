# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
"""An application's wish that a turn ends, and how long it is waited for. Pure: time is an argument.

The time begins with what the container has to do: with the request on its way to it, or, where it
is not asked, with every step it makes through the audio before the request. While no stream is
there, no time passes.
"""

from dataclasses import dataclass

ANSWER_TIMEOUT = 1.0
"""Seconds within which a turn ends that was asked to."""

_TOLERANCE = 1e-6


@dataclass(slots=True)
class EndRequest:
    """A request to end the turn of the audio before a position.

    Attributes:
        position: Session seconds of the audio given when it was made.
        is_sent: Whether the container is asked; else the turn ends on this side, once the audio
            before the position was listened to.
        by: The time by which the turn has to have ended; ``None`` while that is open.
    """

    position: float
    is_sent: bool
    by: float | None = None

    def wait_from(self, now: float) -> None:
        """Wait from now on, at least as long as was waited for anyway."""
        self.by = max(self.by or 0.0, now + ANSWER_TIMEOUT)

    def heard(self, to: float, now: float) -> None:
        """The container has listened so far."""
        if self.by is not None and to < self.position:
            self.wait_from(now)

    def stream_lost(self) -> None:
        """Nobody can answer."""
        self.by = None

    def stream_began(self, now: float, *, replayed_seconds: float) -> None:
        """Another stream gets the audio, so much of it again, and the request behind it."""
        self.by = now + replayed_seconds + ANSWER_TIMEOUT

    def concerns(self, begins_at: float) -> bool:
        """Whether it is about a turn whose speech begins at a session time."""
        return begins_at <= self.position

    def is_covered(self, heard_to: float) -> bool:
        """Whether this side may end the turn of a container that has listened so far."""
        return not self.is_sent and heard_to >= self.position - _TOLERANCE
