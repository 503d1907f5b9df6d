# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
"""What a session's events add to which metric."""

import pytest
from prometheus_client import CollectorRegistry

from pipecat_sagemaker_deepgram import StreamIdentity, Target
from pipecat_sagemaker_deepgram.client import records as events
from pipecat_sagemaker_deepgram.exceptions import SageMakerDeepgramError
from pipecat_sagemaker_deepgram.monitoring.session_metrics import SessionMetrics

CAUSE = SageMakerDeepgramError("The line went dead")


@pytest.mark.parametrize(
    ("event", "added"),
    [
        (
            events.Connected(2, StreamIdentity(), 0.5, 1.25, False, outage_seconds=3.0),
            {"connect_seconds_sum": 0.5, "replayed_seconds_total": 1.25, "outage_seconds_sum": 3.0},
        ),
        (events.Connected(1, StreamIdentity(), 0.5, 0.0, True), {"outage_seconds_count": 0.0}),
        (
            events.StreamChanged(2, "rotation", 0.75),
            {"replayed_seconds_total": 0.75, "losses_total": 0.0},
        ),
        (events.Lost(1, CAUSE), {"losses_total": 1.0}),
        (events.AttemptFailed(1, CAUSE), {"failed_attempts_total": 1.0, "losses_total": 0.0}),
        (events.FailedOver(Target(endpoint_name="other")), {"failovers_total": 1.0}),
        (events.AudioDropped(2.5, "gave_up"), {"lost_seconds_total": 2.5}),
        (events.Closed(2.5), {"lost_seconds_total": 0.0}),
    ],
)
def test_an_event_adds_to_its_metrics(event: events.SessionEvent, added: dict[str, float]) -> None:
    registry = CollectorRegistry()
    SessionMetrics(registry).count(event)
    assert {name: registry.get_sample_value(f"deepgram_{name}") for name in added} == added
