# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
"""The end of a session that its caller has requested. Pure."""

from dataclasses import dataclass

LEAST_PATIENCE = 1.0
"""Seconds within which a working container answers the request for the rest."""


@dataclass(frozen=True)
class Closing:
    """The requested end of a session.

    The stream in use gets half of the time. If it sends nothing for that long, it is given up
    early enough for another stream to answer in its place.

    Attributes:
        since: When the end was requested.
        by: When the session ends at the latest.
    """

    since: float
    by: float

    def patience(self, stall_timeout: float) -> float:
        """Seconds to wait for a silent stream; usually ``stall_timeout``."""
        return min(stall_timeout, max(LEAST_PATIENCE, (self.by - self.since) / 2))
