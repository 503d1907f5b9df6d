# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
"""When to ping a quiet peer, and when to give it up. Pure."""

from typing import Literal


class Liveness:
    """The HTTP/2 ping rule: ping only a quiet peer, and give up only one that stays quiet.

    Args:
        now: The time the connection was made, in seconds of any monotonic clock.
        interval: Seconds without a received byte after which a ping is sent; 15 by default.
        timeout: Further seconds without a received byte after which the peer counts as gone; 15
            by default. Any byte will do: while data flows, an unanswered ping does not matter.
    """

    def __init__(self, *, now: float, interval: float = 15.0, timeout: float = 15.0) -> None:
        self._interval = interval
        self._timeout = timeout
        self._last_received = now
        self._pinged_at: float | None = None

    def received(self, now: float) -> None:
        """Note that bytes have arrived."""
        self._last_received = now
        self._pinged_at = None

    def get_timer(self) -> float:
        """Return the time at which ``handle_timer`` has to be called."""
        if self._pinged_at is not None:
            return self._pinged_at + self._timeout
        return self._last_received + self._interval

    def handle_timer(self, now: float) -> Literal["ping", "lost"] | None:
        """Return what is due."""
        if now < self.get_timer():
            return None
        if self._pinged_at is not None:
            return "lost"
        self._pinged_at = now
        return "ping"
