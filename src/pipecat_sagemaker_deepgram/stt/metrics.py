# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
"""What a session has been through, as Pipecat's metrics. Pure."""

from dataclasses import dataclass

from pipecat.frames.frames import SystemFrame
from pipecat.metrics.metrics import MetricsData

from pipecat_sagemaker_deepgram.client import SessionStats
from pipecat_sagemaker_deepgram.client import records as events


class SessionMetricsData(MetricsData):
    """Metrics of a service's session, in a ``SessionMetricsFrame`` whenever one has changed.

    Everything but ``connect_seconds`` and the target counts from the session's beginning.

    Parameters:
        endpoint_name: Name of the endpoint in use; ``None`` before the first stream.
        region: Its AWS region.
        connect_seconds: From the latest attempt's beginning to the stream's readiness.
        streams: Streams that came up, the first included.
        losses: Streams that failed while they were up.
        failed_attempts: Streams that could not be opened.
        changes: Streams replaced on purpose, without a loss.
        failovers: Changes of target.
        replayed_seconds: Audio that was sent again to a new stream.
        lost_seconds: Audio that was given and never answered for.
        unread_messages: Messages of the container that were too large to be read.
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
    """Metrics of a session, for observers and processors of one's own.

    It is not a ``MetricsFrame``: Pipecat's RTVI makes a message of each of those, and one without
    a kind of metrics that it knows would reach clients empty.

    Parameters:
        data: The metrics.
    """

    data: list[SessionMetricsData]


class SessionMeter:
    """Counts a session's events and says when the metrics are worth telling."""

    def __init__(self) -> None:
        self._stats = SessionStats()

    def take(
        self, event: events.SessionEvent, *, processor: str, model: str | None
    ) -> SessionMetricsData | None:
        """Take an event in.

        Args:
            event: What happened.
            processor: Name of the service.
            model: Name of its model.

        Returns:
            The metrics, after an event that ends an attempt, an outage or the session.
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
