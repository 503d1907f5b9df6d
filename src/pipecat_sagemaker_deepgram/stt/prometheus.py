# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
"""Prometheus metrics of a bot's sessions; needs the extra ``metrics``."""

from typing import Any
from weakref import ref

from pipecat.services.stt_service import STTService
from prometheus_client import REGISTRY, CollectorRegistry, start_http_server

from pipecat_sagemaker_deepgram.client import SessionEvent
from pipecat_sagemaker_deepgram.monitoring.session_metrics import SessionMetrics
from pipecat_sagemaker_deepgram.stt.service import SageMakerSTTService


class PrometheusExporter:
    """Counts what happens to the sessions of services; one exporter serves a whole process.

    Example::

        exporter = PrometheusExporter(port=9100)
        exporter.watch(stt)  # in each call

    Args:
        port: Port on which ``/metrics`` is served; 0 chooses a free one; ``None`` (the default) if
            the program serves ``registry`` itself.
        address: Address on which it listens.
        registry: Registry of the metrics.

    Raises:
        OSError: The port is in use.
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
        """Port on which ``/metrics`` is served; ``None`` if it is not served."""
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
        """Stop serving the metrics."""
        if self._server is not None:
            server, thread = self._server
            server.shutdown()
            server.server_close()
            thread.join()

    def _active(self) -> int:
        services = [each() for each in self._watched]
        return sum(each.stats.is_connected for each in services if each is not None)
