# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
"""An end that was asked for. Pure."""

from dataclasses import dataclass

LEAST_PATIENCE = 1.0
"""Seconds within which a container that works says something of what it was asked for."""


@dataclass(frozen=True)
class Closing:
    """The end of a session: when it was asked for, and when it comes at the latest.

    Half of the time is for the stream that is there. One that says nothing for so long is lost
    early enough for another to answer in its place.

    Attributes:
        since: When it was asked for.
        by: When it comes at the latest.
    """

    since: float
    by: float

    def patience(self, stall_timeout: float) -> float:
        """Seconds that a silent stream is waited for; usually ``stall_timeout``."""
        return min(stall_timeout, max(LEAST_PATIENCE, (self.by - self.since) / 2))
