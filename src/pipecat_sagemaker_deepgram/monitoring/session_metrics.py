# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
"""Metrics of sessions, under the names that gateways and bots share."""

from prometheus_client import CollectorRegistry, Counter, Histogram

_CONNECT_BUCKETS = (0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10)


class SessionMetrics:
    """Metrics of all sessions of a process.

    Args:
        registry: Where they are registered.
    """

    def __init__(self, registry: CollectorRegistry) -> None:
        self._connect = Histogram(
            "deepgram_connect_seconds",
            "Seconds from an attempt's beginning to the stream's readiness",
            buckets=_CONNECT_BUCKETS,
            registry=registry,
        )
        self._losses = _counter(registry, "losses", "Streams that failed while they were up")
        self._failures = _counter(registry, "failed_attempts", "Streams that could not be opened")
        self._failovers = _counter(registry, "failovers", "Changes to another endpoint")
        self._replayed = _counter(registry, "replayed_seconds", "Audio that was sent again")
        self._lost = _counter(
            registry, "lost_seconds", "Audio that was given and never answered for"
        )

    def connected(self, seconds: float) -> None:
        """Note how long a stream took to be ready."""
        self._connect.observe(seconds)

    def add(
        self,
        *,
        losses: int = 0,
        failed_attempts: int = 0,
        failovers: int = 0,
        replayed_seconds: float = 0.0,
        lost_seconds: float = 0.0,
    ) -> None:
        """Note what has happened since the last time."""
        self._losses.inc(losses)
        self._failures.inc(failed_attempts)
        self._failovers.inc(failovers)
        self._replayed.inc(replayed_seconds)
        self._lost.inc(lost_seconds)


def _counter(registry: CollectorRegistry, name: str, what: str) -> Counter:
    return Counter(f"deepgram_{name}", what, registry=registry)
