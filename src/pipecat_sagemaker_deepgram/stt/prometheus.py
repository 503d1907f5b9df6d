# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
"""A bot's sessions as Prometheus metrics; needs the extra ``metrics``."""

from typing import Any
from weakref import ref

from pipecat.services.stt_service import STTService
from prometheus_client import REGISTRY, CollectorRegistry, start_http_server

from pipecat_sagemaker_deepgram.client import SessionEvent
from pipecat_sagemaker_deepgram.monitoring.session_metrics import SessionMetrics
from pipecat_sagemaker_deepgram.stt.service import SageMakerSTTService


class PrometheusExporter:
    """Counts what the sessions of services go through; one for all calls of a process.

    Example::

        exporter = PrometheusExporter(port=9100)
        exporter.watch(stt)  # in each call

    Args:
        port: Where ``/metrics`` is served; ``None`` where the program serves ``registry`` itself.
        address: Where it listens.
        registry: Where the metrics are registered.

    Raises:
        OSError: The port is taken.
    """

    def __init__(
        self,
        port: int | None = None,
        *,
        address: str = "127.0.0.1",
        registry: CollectorRegistry = REGISTRY,
    ) -> None:
        self._metrics = SessionMetrics(registry)
        self._metrics.active.set_function(self._active)
        self._watched: tuple[ref[SageMakerSTTService[Any]], ...] = ()
        self._server = None
        if port is not None:
            self._server = start_http_server(port, address, registry=registry)

    @property
    def port(self) -> int | None:
        """Where ``/metrics`` is served; ``None`` where it is not."""
        return None if self._server is None else self._server[0].server_port

    def watch(self, service: SageMakerSTTService[Any]) -> None:
        """Count what happens to the sessions of a service.

        Args:
            service: One of this package's services.
        """
        # A new tuple each time: a scrape reads it in another thread.
        self._watched = (*(each for each in self._watched if each() is not None), ref(service))

        @service.event_handler("on_session_event")
        async def on_session_event(_: STTService, event: SessionEvent) -> None:
            self._metrics.count(event)

    def close(self) -> None:
        """Serve no longer."""
        if self._server is not None:
            server, thread = self._server
            server.shutdown()
            server.server_close()
            thread.join()

    def _active(self) -> int:
        services = [each() for each in self._watched]
        return sum(each.stats.is_connected for each in services if each is not None)
