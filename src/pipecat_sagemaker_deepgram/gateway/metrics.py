# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
"""Metrics of a gateway and its workers, for Prometheus and for the status page."""

import math
import time
from collections import Counter as Tally
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http import HTTPStatus
from typing import Any

from prometheus_client import (
    CollectorRegistry,
    Counter,
    Gauge,
    GCCollector,
    Histogram,
    PlatformCollector,
    ProcessCollector,
    generate_latest,
)

from pipecat_sagemaker_deepgram.client import SessionStats
from pipecat_sagemaker_deepgram.client import records as events
from pipecat_sagemaker_deepgram.client.clock import loop_time
from pipecat_sagemaker_deepgram.gateway.endpoints import EndpointList
from pipecat_sagemaker_deepgram.gateway.jobs.records import QueueDepth
from pipecat_sagemaker_deepgram.gateway.jobs.runner import AttemptEnded
from pipecat_sagemaker_deepgram.monitoring import SessionMetrics
from pipecat_sagemaker_deepgram.web.errors import RequestError

LATENCY_BUCKETS = (0.5, 1, 2, 5, 10, 30, 60, 120)
"""Those of the reference architecture."""

_MOST_MODELS = 50
"""Most model names with a series of their own, because callers can invent names."""

_RECENT = 500


class GatewayMetrics:
    """The metrics of a gateway.

    Attributes:
        active: Streams that are open to endpoints.
        registry: The registry of all metrics.
    """

    def __init__(self) -> None:
        self.active = 0
        self.registry = registry = CollectorRegistry()
        ProcessCollector(registry=registry)
        PlatformCollector(registry=registry)
        GCCollector(registry=registry)
        self._sessions = SessionMetrics(registry)
        self._totals = SessionStats()
        self._requests = Counter(
            "transcription_requests",
            "Streams, recordings and attempts at jobs, by outcome",
            ["status", "model", "region"],
            registry=registry,
        )
        self._latency = Histogram(
            "transcription_latency_seconds",
            "Seconds from receiving a recording, or starting an attempt at a job, to its "
            "transcript",
            ["model"],
            buckets=LATENCY_BUCKETS,
            registry=registry,
        )
        self._depth = _gauge(registry, "transcription_queue_depth", "Jobs that are waiting")
        self._running = _gauge(
            registry, "transcription_queue_running", "Jobs that workers have claimed"
        )
        self._age = _gauge(
            registry,
            "transcription_queue_age_seconds",
            "Seconds for which the oldest job has been waiting",
        )
        self._callbacks = Counter(
            "transcription_callbacks", "Attempts at callbacks", ["status"], registry=registry
        )
        self._models: set[str] = set()
        self._statuses: Tally[str] = Tally()
        self._recent: deque[float] = deque(maxlen=_RECENT)

    @contextmanager
    def request(self, model: str, region: str, *, is_timed: bool) -> Iterator[None]:
        """Count a request while the context is open, and its outcome.

        Args:
            model: Deepgram's model.
            region: Region of its first endpoint.
            is_timed: Whether its duration is the time to a transcript.
        """
        began = time.monotonic()
        status = "failed"
        try:
            yield
            status = "completed"
        except RequestError as error:
            if error.status < HTTPStatus.INTERNAL_SERVER_ERROR:
                status = "refused"
            raise
        finally:
            self._count(status, model, region)
            if is_timed and status == "completed":
                self._time(model, time.monotonic() - began)

    def attempt(self, endpoints: EndpointList, ended: AttemptEnded) -> None:
        """Count an attempt at a job, under the region of its model's first endpoint."""
        region = endpoints.region(ended.job.model, loop_time())
        self._count(ended.status, ended.job.model, region)
        if ended.status == "completed":
            self._time(ended.job.model, ended.seconds)

    def callback(self, status: str) -> None:
        """Count an attempt at a callback."""
        self._callbacks.labels(status).inc()

    def session(self) -> Callable[[events.SessionEvent], None]:
        """Follow one session; returns a function to be called with each of its events."""
        session = SessionStats()

        def note(event: events.SessionEvent) -> None:
            was_up = session.is_connected
            for each in (session, self._totals, self._sessions):
                each.count(event)
            self.active += session.is_connected - was_up

        return note

    def set_depth(self, depth: QueueDepth | None) -> None:
        """Set the metrics of the backlog; ``None`` if it is not known, which is written as NaN."""
        unknown = (math.nan, math.nan, math.nan)
        figures = unknown if depth is None else (depth.queued, depth.running, depth.oldest)
        for gauge, figure in zip((self._depth, self._running, self._age), figures, strict=True):
            gauge.set(figure)

    def write(self) -> bytes:
        """Write all metrics in Prometheus's format."""
        self._sessions.active.set(self.active)
        return generate_latest(self.registry)

    def summary(self) -> dict[str, Any]:
        """The figures of the status page."""
        return {
            "active_streams": self.active,
            "losses": self._totals.losses,
            "failovers": self._totals.failovers,
            "replayed_seconds": round(self._totals.replayed_seconds, 3),
            "lost_seconds": round(self._totals.lost_seconds, 3),
            "requests": dict(self._statuses),
            "latency": self._latencies(),
        }

    def _latencies(self) -> dict[str, Any]:
        recent = sorted(self._recent)
        return {"count": len(recent), "median": _share(recent, 0.5), "p95": _share(recent, 0.95)}

    def _count(self, status: str, model: str, region: str) -> None:
        self._statuses[status] += 1
        self._requests.labels(status, self._label(model), region).inc()

    def _time(self, model: str, seconds: float) -> None:
        self._recent.append(seconds)
        self._latency.labels(self._label(model)).observe(seconds)

    def _label(self, model: str) -> str:
        if model not in self._models:
            if len(self._models) >= _MOST_MODELS:
                return "other"
            self._models.add(model)
        return model


def _gauge(registry: CollectorRegistry, name: str, what: str) -> Gauge:
    return Gauge(name, what, registry=registry)


def _share(ordered: list[float], share: float) -> float | None:
    if not ordered:
        return None
    return round(ordered[min(len(ordered) - 1, int(len(ordered) * share))], 3)
