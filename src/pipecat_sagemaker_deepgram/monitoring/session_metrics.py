# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
"""Metrics of sessions, under the names that gateways and bots share."""

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram

from pipecat_sagemaker_deepgram.client import records as events

_CONNECT_BUCKETS = (0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10)


class SessionMetrics:
    """Metrics of all sessions of a process.

    Args:
        registry: The registry for them.

    Attributes:
        active: Number of open streams; its owner sets it.
    """

    def __init__(self, registry: CollectorRegistry) -> None:
        self.active = Gauge(
            "deepgram_active_connections", "Streams that are open to endpoints", registry=registry
        )
        self._connect = Histogram(
            "deepgram_connect_seconds",
            "Seconds from an attempt's beginning to the stream's readiness",
            buckets=_CONNECT_BUCKETS,
            registry=registry,
        )
        self._outage = Histogram(
            "deepgram_outage_seconds", "Seconds without a stream, of each outage", registry=registry
        )
        self._losses = _counter(registry, "losses", "Streams that failed while they were up")
        self._failures = _counter(registry, "failed_attempts", "Streams that could not be opened")
        self._failovers = _counter(registry, "failovers", "Changes to another endpoint")
        self._replayed = _counter(registry, "replayed_seconds", "Audio that was sent again")
        self._lost = _counter(registry, "lost_seconds", "Audio that was never answered")

    def count(self, event: events.SessionEvent) -> None:
        """Count an event of a session."""
        match event:
            case events.Connected(connect_seconds=seconds, replayed_seconds=replayed):
                self._connect.observe(seconds)
                self._replayed.inc(replayed)
                if event.outage_seconds:
                    self._outage.observe(event.outage_seconds)
            case events.StreamChanged(replayed_seconds=replayed):
                self._replayed.inc(replayed)
            case events.Lost():
                self._losses.inc()
            case events.AttemptFailed():
                self._failures.inc()
            case events.FailedOver():
                self._failovers.inc()
            case events.AudioDropped(seconds=seconds):
                self._lost.inc(seconds)
            case _:
                pass


def _counter(registry: CollectorRegistry, name: str, what: str) -> Counter:
    return Counter(f"deepgram_{name}", what, registry=registry)
