# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
"""A session's history as metrics."""

from pipecat_sagemaker_deepgram import StreamLostError, Target
from pipecat_sagemaker_deepgram.client import records as events
from pipecat_sagemaker_deepgram.exceptions import StreamIdentity
from pipecat_sagemaker_deepgram.stt.metrics import SessionMeter, SessionMetricsData

LOST = StreamLostError("gone")


def _take(*happened: events.SessionEvent) -> list[SessionMetricsData | None]:
    meter = SessionMeter()
    return [meter.take(event, processor="stt", model="nova-3") for event in happened]


def _connected(*, replayed: float = 0.0) -> events.Connected:
    return events.Connected(1, StreamIdentity(), 0.25, replayed, is_first=True)


def test_a_stream_that_comes_up_reports_how_long_it_took() -> None:
    reported, metrics = _take(events.Connecting(1, Target(endpoint_name="d")), _connected())
    assert reported is None
    assert metrics is not None
    assert (metrics.processor, metrics.model) == ("stt", "nova-3")
    assert (metrics.connect_seconds, metrics.streams, metrics.losses) == (0.25, 1, 0)


def test_metrics_name_the_target_in_use() -> None:
    here = Target(endpoint_name="here", region="us-east-1")
    there = Target(endpoint_name="there", region="eu-west-1")
    *_, failed_over, metrics = _take(
        events.Connecting(1, here),
        _connected(),
        events.Connecting(2, there),
        events.FailedOver(there),
        _connected(),
    )
    assert failed_over is not None
    assert metrics is not None
    assert (failed_over.endpoint_name, failed_over.failovers) == ("here", 1)
    assert (metrics.endpoint_name, metrics.region) == ("there", "eu-west-1")


def test_losses_replays_and_lost_audio_add_up() -> None:
    *_, metrics = _take(
        _connected(),
        events.Lost(1, LOST),
        events.AttemptFailed(2, LOST),
        events.AudioDropped(0.5, "replay_limit"),
        _connected(replayed=1.5),
        events.StreamChanged(4, "rotation", 0.25),
        events.Lost(4, LOST),
        events.AudioDropped(2.0, "gave_up"),
        events.GivenUp(LOST, 2.0),
    )
    assert metrics == SessionMetricsData(
        processor="stt",
        model="nova-3",
        connect_seconds=0.25,
        streams=3,
        losses=2,
        failed_attempts=1,
        changes=1,
        failovers=0,
        replayed_seconds=1.75,
        lost_seconds=2.5,
    )


def test_a_loss_is_reported_with_its_outcome() -> None:
    assert _take(events.Lost(1, LOST), events.AttemptFailed(2, LOST)) == [None, None]


def test_an_end_is_nothing_new_and_a_loss_before_it_is() -> None:
    metrics, nothing = _take(events.AudioDropped(1.0, "closed"), events.Closed(1.0))
    assert nothing is None
    assert metrics is not None
    assert metrics.lost_seconds == 1.0
