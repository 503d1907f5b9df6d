# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
"""A session's counters as Pipecat metrics. Pure."""

from dataclasses import dataclass

from pipecat.frames.frames import SystemFrame
from pipecat.metrics.metrics import MetricsData

from pipecat_sagemaker_deepgram.client import SessionStats
from pipecat_sagemaker_deepgram.client import records as events


class SessionMetricsData(MetricsData):
    """Metrics of a service's session, pushed in a ``SessionMetricsFrame`` when they change.

    All numbers except ``connect_seconds`` are totals since the session began.

    Attributes:
        endpoint_name: Name of the endpoint in use; ``None`` before the first stream.
        region: AWS region of that endpoint.
        connect_seconds: Seconds from the start of the last successful attempt until its stream
            was ready.
        streams: Streams that came up, including the first.
        losses: Streams that failed while they were up.
        failed_attempts: Streams that could not be opened.
        changes: Streams replaced on purpose, without a loss.
        failovers: Changes of target.
        replayed_seconds: Seconds of audio that were sent again to a new stream.
        lost_seconds: Seconds of audio that were never answered.
        unread_messages: Messages from the container that were too large to be read.
    """

    endpoint_name: str | None = None
    region: str | None = None
    connect_seconds: float
    streams: int
    losses: int
    failed_attempts: int
    changes: int
    failovers: int
    replayed_seconds: float
    lost_seconds: float
    unread_messages: int = 0


@dataclass
class SessionMetricsFrame(SystemFrame):
    """Metrics of a session, for an application's own observers and processors.

    This is not a ``MetricsFrame``, because Pipecat's RTVI turns each of those into a message, and
    without a kind of metrics that RTVI knows, clients would get an empty one.

    Attributes:
        data: The metrics.
    """

    data: list[SessionMetricsData]


class SessionMeter:
    """Counts a session's events and decides when to report the metrics."""

    def __init__(self) -> None:
        self._stats = SessionStats()

    def take(
        self, event: events.SessionEvent, *, processor: str, model: str | None
    ) -> SessionMetricsData | None:
        """Count an event.

        Args:
            event: The event.
            processor: Name of the service.
            model: Name of its model.

        Returns:
            The metrics if this event is a reason to report them; otherwise ``None``.
        """
        self._stats.count(event)
        match event:
            case events.Connected() | events.StreamChanged() | events.GivenUp():
                return self._metrics(processor, model)
            case events.AudioDropped() | events.FailedOver() | events.ContainerSlow():
                return self._metrics(processor, model)
        return None

    def _metrics(self, processor: str, model: str | None) -> SessionMetricsData:
        stats = self._stats
        target = stats.target
        return SessionMetricsData(
            processor=processor,
            model=model,
            endpoint_name=target and target.endpoint_name,
            region=target and target.region,
            connect_seconds=stats.last_connect_seconds,
            streams=stats.streams_connected,
            losses=stats.losses,
            failed_attempts=stats.failed_attempts,
            changes=stats.changes,
            failovers=stats.failovers,
            replayed_seconds=stats.replayed_seconds,
            lost_seconds=stats.lost_seconds,
            unread_messages=stats.unread_messages,
        )
