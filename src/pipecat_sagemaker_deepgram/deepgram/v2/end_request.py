# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
"""An application's request to end a turn, and its deadline. Pure: time is an argument.

The time starts when the request is sent to the container. If the container is not asked, the time
starts again whenever the container advances through the audio before the request. No time passes
while there is no stream.
"""

from dataclasses import dataclass

ANSWER_TIMEOUT = 1.0
"""Seconds within which a turn ends after a request."""

_TOLERANCE = 1e-6


@dataclass(slots=True)
class EndRequest:
    """A request to end the turn of the audio before a position.

    Attributes:
        position: Session seconds of the audio given when the request was made.
        is_sent: Whether the container is asked; otherwise this side ends the turn once the
            container has processed the audio before the position.
        by: The time by which the turn has to end; ``None`` while that is open.
    """

    position: float
    is_sent: bool
    by: float | None = None

    def wait_from(self, now: float) -> None:
        """Restart the wait, without moving the deadline forward."""
        self.by = max(self.by or 0.0, now + ANSWER_TIMEOUT)

    def heard(self, to: float, now: float) -> None:
        """Note how far the container has processed the audio."""
        if self.by is not None and to < self.position:
            self.wait_from(now)

    def stream_lost(self) -> None:
        """Stop the wait, because no stream can answer."""
        self.by = None

    def stream_began(self, now: float, *, replayed_seconds: float) -> None:
        """Restart the wait for another stream, which first gets this much audio again."""
        self.by = now + replayed_seconds + ANSWER_TIMEOUT

    def concerns(self, begins_at: float) -> bool:
        """Whether the request concerns a turn whose speech begins at a session time."""
        return begins_at <= self.position

    def is_covered(self, heard_to: float) -> bool:
        """Whether this side may end the turn when the container has processed this much audio."""
        return not self.is_sent and heard_to >= self.position - _TOLERANCE
