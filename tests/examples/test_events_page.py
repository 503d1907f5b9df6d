# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
"""The page about events leaves nothing out, and the call that it describes goes as it says."""

import re
from collections.abc import AsyncIterator
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import get_args

import pytest
from examples.bots import observed_bot
from opentelemetry.sdk.trace import ReadableSpan
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter
from opentelemetry.trace import StatusCode
from pipecat.frames.frames import VADUserStartedSpeakingFrame, VADUserStoppedSpeakingFrame

from pipecat_sagemaker_deepgram import DeepgramSageMakerSTTService, SessionEvent, SessionStats
from pipecat_sagemaker_deepgram.stt.tracing import CONNECT_SPAN, REST_SPAN

from ..local_path import local_path, marked_audio, words
from ..pipelines import nova, running
from ..spans import recorded_spans

PAGE = (Path(__file__).parent.parent.parent / "docs" / "events.md").read_text()

FAULTS = ("reset@bytes=40000,streams=1", "refuse=503@connect,streams=2")


@dataclass
class Call:
    """What the call of the page was seen to be.

    Args:
        service: Its speech-to-text service.
        spans: Its spans, in the order in which they began.
        events: What its session reported.
    """

    service: DeepgramSageMakerSTTService
    spans: list[ReadableSpan]
    events: list[SessionEvent] = field(default_factory=list)


@pytest.fixture
async def call() -> AsyncIterator[Call]:
    events: list[SessionEvent] = []
    with recorded_spans() as exporter:
        async with local_path(*FAULTS) as path:
            service = nova(path)
            service.add_event_handler("on_session_event", lambda _, event: events.append(event))
            async with running(service, enable_tracing=True) as pipeline:
                await pipeline.send(VADUserStartedSpeakingFrame())
                await pipeline.speak(marked_audio(0, 30))
                await pipeline.send(VADUserStoppedSpeakingFrame())
                await pipeline.until(lambda p: any(each.finalized for each in p.finals))
        assert pipeline.words == words(0, 30)
        yield Call(service, in_order(exporter), events)


def in_order(exporter: InMemorySpanExporter) -> list[ReadableSpan]:
    return sorted(exporter.get_finished_spans(), key=lambda span: span.start_time or 0)


def rows(header: str) -> list[list[str]]:
    """The cells of the page's table with this header."""
    table = PAGE.partition(header)[2].partition("\n\n")[0]
    lines = [line for line in table.splitlines() if line.startswith("|")][1:]
    return [[cell.strip() for cell in line.strip("|").split("|")] for line in lines]


def test_every_event_is_named() -> None:
    assert [each for each in get_args(SessionEvent.__value__) if each.__name__ not in PAGE] == []


def test_every_counter_span_and_metric_is_named() -> None:
    counters = [each.name for each in fields(SessionStats) if not each.name.startswith("_")]
    metrics = [family.name for family in observed_bot.METRICS.collect()]
    spans = [CONNECT_SPAN, REST_SPAN]
    assert [name for name in [*counters, *metrics, *spans] if f"`{name}" not in PAGE] == []


async def test_the_call_reports_the_events_of_the_page_in_their_order(call: Call) -> None:
    table = [(event.strip("`"), facts) for _, event, facts in rows("| after | event | with |")]
    assert [type(event).__name__ for event in call.events] == [name for name, _ in table]
    for event, (_, facts) in zip(call.events, table, strict=True):
        if stream := re.match(r"stream (\d+)", facts):
            assert vars(event)["stream"] == int(stream[1]), facts
        if cause := re.search(r"`cause`: `(\w+)`", facts):
            assert type(vars(event)["cause"]).__name__ == cause[1]


async def test_the_call_has_the_spans_of_the_page(call: Call) -> None:
    table = rows("| span | from, to | status | attributes |")
    connects = [span for span in call.spans if span.name == CONNECT_SPAN]
    of_page = [cells for cells in table if cells[0] == f"`{CONNECT_SPAN}`"]
    assert [span.status.status_code is StatusCode.ERROR for span in connects] == [
        cells[2] == "error" for cells in of_page
    ]
    for span, cells in zip(connects, of_page, strict=True):
        attributes = dict(span.attributes or {})
        assert f"`stt.stream` {attributes['stt.stream']}" in cells[3]
        assert set(re.findall(r"`([\w.]+)`", cells[3])) <= attributes.keys()
    [said] = [span for span in call.spans if span.name == "stt"]
    assert [event.name for event in said.events] == ["stream_lost", "audio_replayed"]


async def test_the_call_is_counted_as_on_the_page(call: Call) -> None:
    counted = {name.strip("`"): value for name, value in rows("| `SessionStats` | here |")}
    stats = call.service.stats
    same = ("streams_connected", "losses", "failed_attempts", "failovers", "changes")
    assert {name: str(vars(stats)[name]) for name in same} == {n: counted[n] for n in same}
    assert (float(counted["lost_seconds"]), stats.lost_seconds) == (0.0, 0.0)
    assert stats.unread_messages == int(counted["unread_messages"])
    assert stats.target is not None
    assert counted["target"] == f"`{stats.target.endpoint_name}` in `{stats.target.region}`"
