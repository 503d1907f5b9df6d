# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
"""When to ping a quiet peer, and when to give it up. Pure."""

from typing import Literal


class Liveness:
    """The HTTP/2 ping rule: ping only a peer that is quiet, give up only one that stays so.

    Args:
        now: The time the connection was made, in seconds of any monotonic clock.
        interval: Seconds without a received byte after which a ping is sent.
        timeout: Further seconds without a received byte after which the peer counts as gone.
            Any byte will do: an unanswered ping is no loss while data flows.
    """

    def __init__(self, *, now: float, interval: float = 15.0, timeout: float = 15.0) -> None:
        self._interval = interval
        self._timeout = timeout
        self._last_received = now
        self._pinged_at: float | None = None

    def received(self, now: float) -> None:
        """Bytes have arrived."""
        self._last_received = now
        self._pinged_at = None

    def get_timer(self) -> float:
        """The time at which ``handle_timer`` wants to be called."""
        if self._pinged_at is not None:
            return self._pinged_at + self._timeout
        return self._last_received + self._interval

    def handle_timer(self, now: float) -> Literal["ping", "lost"] | None:
        """Say what is due."""
        if now < self.get_timer():
            return None
        if self._pinged_at is not None:
            return "lost"
        self._pinged_at = now
        return "ping"
