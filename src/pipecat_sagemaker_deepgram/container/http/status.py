# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
"""A container's status: ``/v1/status`` and ``/metrics`` (Deepgram docs, self-hosted)."""

from collections import Counter as Tally
from collections.abc import Iterator
from contextlib import contextmanager
from enum import StrEnum
from typing import Any

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest

from pipecat_sagemaker_deepgram.container.recognizers.recognizer import ModelInfo
from pipecat_sagemaker_deepgram.web.errors import RequestError


class Kind(StrEnum):
    """The kind of a request."""

    BATCH = "batch"
    STREAM = "stream"
    LISTEN_V2 = "listen_v2"
    TTS = "tts"


_HEALTH = ("healthy", "initializing", "degraded", "critical")


class Activity:
    """Counts the requests of one container.

    Args:
        max_streams: Most streams open at a time; None for no limit.
    """

    def __init__(self, max_streams: int | None) -> None:
        self._active: Tally[Kind] = Tally()
        self._registry = CollectorRegistry()
        self._gauge = Gauge(
            "engine_active_requests", "Requests being served", ["kind"], registry=self._registry
        )
        self._total = Counter(
            "engine_requests",
            "Requests served, by the class of their status",
            ["kind", "response_status"],
            registry=self._registry,
        )
        self._batch_seconds = Histogram(
            "engine_batch_response_time_seconds",
            "Seconds from a recording's request to its answer",
            buckets=(1, 2.5, 5, 10, 30, 60),
            registry=self._registry,
        )
        self._health = Gauge(
            "sagemaker_endpoint_health", "1 for what it is", ["state"], registry=self._registry
        )
        most = Gauge("engine_max_active_requests", "0 for no limit", registry=self._registry)
        most.set(max_streams or 0)
        for kind in (Kind.BATCH, Kind.STREAM, Kind.TTS):
            self._gauge.labels(kind.value).set(0)

    @contextmanager
    def count(self, kind: Kind) -> Iterator[None]:
        """Count a request while the context is open."""
        self._active[kind] += 1
        gauge = self._gauge.labels(_engine_kind(kind).value)
        gauge.inc()
        try:
            yield
        except RequestError as error:
            self._served(kind, f"{error.status // 100}xx")
            raise
        except Exception:
            self._served(kind, "5xx")
            raise
        else:
            self._served(kind, "2xx")
        finally:
            self._active[kind] -= 1
            gauge.dec()

    def observe_batch(self, seconds: float) -> None:
        """Record how long a recording took."""
        self._batch_seconds.observe(seconds)

    def status(self, unready: str | None) -> dict[str, Any]:
        """Write ``/v1/status``."""
        return {
            "system_health": "Initializing" if unready else "Healthy",
            "active_batch_requests": self._active[Kind.BATCH],
            "active_stream_requests": self._active[Kind.STREAM],
            "active_listen_v2_stream_requests": self._active[Kind.LISTEN_V2],
        }

    def metrics(self, unready: str | None) -> bytes:
        """Write ``/metrics`` in Prometheus's text format."""
        state = "initializing" if unready else "healthy"
        for name in _HEALTH:
            self._health.labels(name).set(name == state)
        return generate_latest(self._registry)

    def _served(self, kind: Kind, status: str) -> None:
        self._total.labels(_engine_kind(kind).value, status).inc()


def _engine_kind(kind: Kind) -> Kind:
    """The engine counts streams of both APIs together."""
    return Kind.STREAM if kind is Kind.LISTEN_V2 else kind


def stt_model(model: ModelInfo) -> dict[str, Any]:
    """Write a recogniser's model in the form of ``/v1/models``."""
    return {
        "name": model.name,
        "canonical_name": model.name,
        "architecture": model.arch,
        "languages": ["en", "multi"],
        "version": model.version,
        "uuid": model.uuid,
        "batch": True,
        "streaming": True,
        "formatted_output": True,
    }


def tts_model(model: ModelInfo) -> dict[str, Any]:
    """Write a synthesiser's model in the form of ``/v1/models``."""
    return {
        "name": model.name,
        "canonical_name": model.name,
        "architecture": model.arch,
        "languages": ["en"],
        "version": model.version,
        "uuid": model.uuid,
        "metadata": {},
    }
