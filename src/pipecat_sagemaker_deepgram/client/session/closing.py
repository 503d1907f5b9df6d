# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
"""An end that was asked for: by when, and how long each stream is waited for until then. Pure."""

from dataclasses import dataclass

from pipecat_sagemaker_deepgram.client.session.stream_state import StreamPhase, StreamState

LEAST_PATIENCE = 1.0
"""Seconds within which a container that works says something of what it was asked for."""


@dataclass(frozen=True)
class Closing:
    """The end of a session.

    Half of the time is for the stream that is there. One that says nothing for so long is lost
    early enough for another to answer in its place.

    Parameters:
        since: When it was asked for.
        by: When it comes at the latest.
    """

    since: float
    by: float

    def stalled_at(self, stream: StreamState, *, stall_timeout: float | None) -> float | None:
        """The time at which a stream will have said nothing for too long.

        Args:
            stream: A stream that was sent audio, or has audio to be sent.
            stall_timeout: The limit that holds at all times; ``None`` for none, here neither.
        """
        is_up = stream.phase in (StreamPhase.READY, StreamPhase.FINISHING)
        if stall_timeout is None or not is_up:
            return None
        patience = max(LEAST_PATIENCE, (self.by - self.since) / 2)
        return max(self.since, stream.received_at) + min(stall_timeout, patience)
