# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
"""A session on OpenTelemetry's spans, as Pipecat's tracing shows them."""

from collections.abc import Iterator
from typing import Any

import pytest
from opentelemetry.sdk.trace import ReadableSpan
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter
from opentelemetry.trace import StatusCode
from pipecat.frames.frames import VADUserStartedSpeakingFrame, VADUserStoppedSpeakingFrame

from pipecat_sagemaker_deepgram import RetryPolicy, StreamLostError, Target
from pipecat_sagemaker_deepgram.client import records as events
from pipecat_sagemaker_deepgram.exceptions import StreamIdentity
from pipecat_sagemaker_deepgram.stt.tracing import CONNECT_SPAN, REST_SPAN, SessionTracing

from ..flux_pipelines import flux, flux_path
from ..local_path import local_path, marked_audio, words
from ..pipelines import nova, running
from ..spans import recorded_spans

LOST = StreamLostError("the connection dropped")
HERE = Target(endpoint_name="here", region="us-east-1")
THERE = Target(endpoint_name="there", region="eu-west-1")


@pytest.fixture
def spans() -> Iterator[InMemorySpanExporter]:
    with recorded_spans() as exporter:
        yield exporter


def _named(spans: InMemorySpanExporter, name: str) -> list[ReadableSpan]:
    return [each for each in spans.get_finished_spans() if each.name == name]


def _facts(span: ReadableSpan) -> dict[str, Any]:
    return dict(span.attributes or {})


async def test_loss_failover_and_replay_are_events_of_the_span_of_what_was_said(
    spans: InMemorySpanExporter,
) -> None:
    faults = ("reset@bytes=20000,streams=1", "refuse=403:AccessDeniedException@connect,streams=2")
    async with local_path(*faults) as path:
        service = nova(path, targets=[Target(endpoint_name="spare")])
        async with running(service, enable_tracing=True) as pipeline:
            await pipeline.send(VADUserStartedSpeakingFrame())
            await pipeline.speak(marked_audio(0, 30))
            await pipeline.send(VADUserStoppedSpeakingFrame())
            await pipeline.until(lambda p: any(each.finalized for each in p.finals))
        stats = service.stats
    assert pipeline.words == words(0, 30)
    assert stats.target is not None
    assert (stats.target.endpoint_name, stats.failovers) == ("spare", 1)

    happened = {event.name: (span, event) for span in _named(spans, "stt") for event in span.events}
    assert {"stream_lost", "failed_over", "audio_replayed"} <= happened.keys()
    assert dict(happened["failed_over"][1].attributes or {})["endpoint"] == "spare"
    assert (happened["audio_replayed"][1].attributes or {})["seconds"] == stats.replayed_seconds
    lost_in, lost = happened["stream_lost"]
    assert (lost_in.start_time or 0) < lost.timestamp < (lost_in.end_time or 0)

    attempts = _named(spans, CONNECT_SPAN)
    assert [_facts(each)["stt.endpoint"] for each in attempts] == [
        *("deepgram-nova-3", "deepgram-nova-3", "spare")
    ]
    codes = [each.status.status_code for each in attempts]
    assert codes == [StatusCode.UNSET, StatusCode.ERROR, StatusCode.UNSET]
    [conversation] = _named(spans, "conversation")
    assert [each.parent for each in attempts] == [conversation.get_span_context()] * 3


async def test_a_loss_in_a_turn_of_flux_is_an_event_of_that_turns_span(
    spans: InMemorySpanExporter,
) -> None:
    async with flux_path("reset@bytes=20000,streams=1") as path:
        async with running(flux(path), enable_tracing=True) as pipeline:
            await pipeline.speak(marked_audio(0, 20) + bytes(32_000))
            await pipeline.until(lambda p: p.finals)
    [span] = _named(spans, "stt")
    assert [each.name for each in span.events] == ["stream_lost", "audio_replayed"]


async def test_what_happens_after_the_last_words_is_on_a_span_at_the_end(
    spans: InMemorySpanExporter,
) -> None:
    fault = "refuse=403:AccessDeniedException@connect,streams=every"
    async with local_path(fault) as path:
        service = nova(path, retry_policy=RetryPolicy(max_retries=0))
        async with running(service, enable_tracing=True) as pipeline:
            await pipeline.until(lambda p: p.errors)
    [rest] = _named(spans, REST_SPAN)
    assert "gave_up" in [each.name for each in rest.events]
    assert _named(spans, CONNECT_SPAN)[0].status.status_code is StatusCode.ERROR


async def test_without_tracing_there_is_no_span(spans: InMemorySpanExporter) -> None:
    async with local_path() as path, running(nova(path)) as pipeline:
        await pipeline.speak(marked_audio(0, 10))
    assert spans.get_finished_spans() == ()


# Each event by itself


class _Service:
    """What tracing reads of a service."""

    _tracing_enabled = True
    _tracing_context = None

    def __init__(self) -> None:
        self._stt_span_state: dict[str, Any] = {"span": None}


def _traced(*happened: events.SessionEvent) -> None:
    clock = iter(range(1_000, 1_000_000, 1_000))
    service: Any = _Service()
    tracing = SessionTracing(service, lambda: next(clock))
    for event in (*happened, events.Closed(0.0)):
        tracing.take(event)


@pytest.mark.parametrize(
    ("event", "name", "facts"),
    [
        (events.Lost(1, LOST), "stream_lost", {"stream": 1, "error": str(LOST)}),
        (events.FailedOver(THERE), "failed_over", {"endpoint": "there", "region": "eu-west-1"}),
        (
            events.StreamChanged(2, "goaway", 0.0),
            "stream_changed",
            {"stream": 2, "reason": "goaway"},
        ),
        (events.AudioDropped(0.5, "closed"), "audio_lost", {"seconds": 0.5, "reason": "closed"}),
        (events.ContainerSlow(1, 3.0), "container_slow", {"seconds_behind": 3.0}),
        (events.GivenUp(LOST, 1.0), "gave_up", {"error": str(LOST)}),
        (
            events.Connected(2, StreamIdentity(), 0.1, 1.5, is_first=False),
            "audio_replayed",
            {"stream": 2, "seconds": 1.5},
        ),
    ],
)
def test_an_event_stands_on_the_span_with_its_facts(
    event: events.SessionEvent, name: str, facts: dict[str, Any], spans: InMemorySpanExporter
) -> None:
    _traced(event)
    [rest] = _named(spans, REST_SPAN)
    assert [(each.name, dict(each.attributes or {})) for each in rest.events] == [(name, facts)]


def test_an_attempt_lasts_from_its_beginning_to_readiness(spans: InMemorySpanExporter) -> None:
    identity = StreamIdentity(request_id="r-1", production_variant="blue")
    _traced(events.Connecting(1, HERE), events.Connected(1, identity, 0.1, 0.0, is_first=True))
    [attempt] = _named(spans, CONNECT_SPAN)
    assert (attempt.start_time, attempt.end_time) == (1_000, 2_000)
    assert _facts(attempt) == {
        "stt.stream": 1,
        "stt.endpoint": "here",
        "stt.region": "us-east-1",
        "aws.request_id": "r-1",
        "stt.variant": "blue",
    }


@pytest.mark.parametrize(
    "failure", [events.AttemptFailed(3, LOST), events.ChangeRefused("rotation", LOST)]
)
def test_an_attempt_that_fails_says_why(
    failure: events.SessionEvent, spans: InMemorySpanExporter
) -> None:
    _traced(events.Connecting(3, THERE), failure)
    [attempt] = _named(spans, CONNECT_SPAN)
    assert (attempt.status.status_code, attempt.status.description) == (StatusCode.ERROR, str(LOST))


def test_an_attempt_that_the_end_cuts_short_says_so(spans: InMemorySpanExporter) -> None:
    _traced(events.Connecting(1, HERE))
    [attempt] = _named(spans, CONNECT_SPAN)
    assert attempt.status.description == "the session was closed"
