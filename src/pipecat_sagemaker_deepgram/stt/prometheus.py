# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
"""A bot's sessions as Prometheus metrics, by one line; needs the extra ``metrics``."""

from pipecat.frames.frames import MetricsFrame
from pipecat.observers.base_observer import BaseObserver, FramePushed
from prometheus_client import REGISTRY, CollectorRegistry, start_http_server

from pipecat_sagemaker_deepgram.monitoring.session_metrics import SessionMetrics
from pipecat_sagemaker_deepgram.stt.metrics import SessionMetricsData

_COUNTED = ("losses", "failed_attempts", "failovers", "replayed_seconds", "lost_seconds")


class PrometheusObserver(BaseObserver):
    """Counts what the sessions of a pipeline's services go through.

    Give the same one to each pipeline task of a process: ``PipelineTask(pipeline,
    observers=[observer])``. The metrics need ``enable_metrics``.

    Args:
        port: Where ``/metrics`` is served; ``None`` where the program serves ``registry`` itself.
        address: Where it listens.
        registry: Where the metrics are registered.
    """

    def __init__(
        self,
        port: int | None = None,
        *,
        address: str = "127.0.0.1",
        registry: CollectorRegistry = REGISTRY,
    ) -> None:
        super().__init__()
        self._metrics = SessionMetrics(registry)
        self._last: dict[str, SessionMetricsData] = {}
        self._seen: int | None = None
        self._server = None
        if port is not None:
            self._server = start_http_server(port, address, registry=registry)

    @property
    def port(self) -> int | None:
        """Where ``/metrics`` is served; ``None`` where it is not."""
        return None if self._server is None else self._server[0].server_port

    async def on_push_frame(self, data: FramePushed) -> None:
        """Take metrics in; a frame passes several processors and counts once."""
        frame = data.frame
        if not isinstance(frame, MetricsFrame) or frame.id == self._seen:
            return
        self._seen = frame.id
        for each in frame.data:
            if isinstance(each, SessionMetricsData):
                self._take(each)

    def close(self) -> None:
        """Serve no longer."""
        if self._server is not None:
            server, thread = self._server
            server.shutdown()
            server.server_close()
            thread.join()

    def _take(self, data: SessionMetricsData) -> None:
        last = self._last.get(data.processor)
        if last is not None and data.streams < last.streams:
            last = None  # Another session of the same service.
        self._last[data.processor] = data
        grown = {
            name: max(0, getattr(data, name) - (0 if last is None else getattr(last, name)))
            for name in _COUNTED
        }
        self._metrics.add(**grown)
        if data.streams > (0 if last is None else last.streams):
            self._metrics.connected(data.connect_seconds)
