# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
"""Messages that no container should send, on real sockets: no stream is lost by them."""

import json
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Any

import pytest

from pipecat_sagemaker_deepgram.client import records as events
from pipecat_sagemaker_deepgram.stt.metrics import SessionMetricsData

from ..flux_pipelines import flux, flux_path, flux_running
from ..local_path import local_path, marked_audio, transcribe, words
from ..pipelines import RunningPipeline, nova, record, running

MUCH = 14 * 1024 * 1024
TOO_LARGE = f"big={MUCH}@bytes=20000"
NESTED = f'text={{"type":"Results","start":0,"duration":{"[" * 50_000}@bytes=20000'
FINAL = {
    "type": "Results",
    "start": 0.0,
    "duration": 0.01,
    "is_final": True,
    "channel_index": "first",
    "channel": {
        "alternatives": [
            {"transcript": "odd", "confidence": "high", "words": [{"word": "odd", "start": None}]}
        ]
    },
}

type Run = Callable[[str], Any]


@asynccontextmanager
async def _nova(fault: str) -> AsyncIterator[RunningPipeline]:
    async with local_path(fault) as path, running(nova(path)) as pipeline:
        record(pipeline.service, "on_audio_lost", pipeline)
        yield pipeline


@asynccontextmanager
async def _flux(fault: str) -> AsyncIterator[RunningPipeline]:
    async with flux_path(fault) as path, flux_running(flux(path)) as pipeline:
        record(pipeline.service, "on_audio_lost", pipeline)
        yield pipeline


def _told(pipeline: RunningPipeline) -> list[tuple[Any, ...]]:
    return [each for each in pipeline.handled if not each[0].endswith(("_turn", "_update"))]


def _metrics(pipeline: RunningPipeline) -> SessionMetricsData:
    data = [each for frame in pipeline.down for each in getattr(frame, "data", ())]
    return [each for each in data if isinstance(each, SessionMetricsData)][-1]


@pytest.mark.parametrize("run", [_nova, _flux])
async def test_a_message_that_is_too_large_is_reported_once_and_costs_no_stream(run: Run) -> None:
    async with run(TOO_LARGE) as pipeline:
        await pipeline.speak(marked_audio(0, 20))
    assert pipeline.words == words(0, 20)
    lost = ("on_audio_lost", 0.0, "message_too_large")
    assert _told(pipeline) == [("on_connected",), lost, ("on_disconnected",)]
    (error,) = pipeline.errors
    assert "too large to be read" in error
    assert pipeline.service.is_usable
    assert (_metrics(pipeline).unread_messages, _metrics(pipeline).lost_seconds) == (1, 0.0)


async def test_the_client_alone_finds_it_among_the_records_and_in_the_stats() -> None:
    counted: list[int] = []

    async def note(client: Any) -> None:
        counted.append(client.stats.unread_messages)

    async with local_path(TOO_LARGE) as path:
        heard = await transcribe(path, marked_audio(0, 20), meanwhile=note)
    assert heard.words == words(0, 20)
    dropped = [event for event in heard.events if isinstance(event, events.AudioDropped)]
    assert dropped == [events.AudioDropped(0.0, "message_too_large")]
    assert counted == [1]


@pytest.mark.parametrize("run", [_nova, _flux])
async def test_a_message_that_is_nested_without_end_is_left_out(run: Run) -> None:
    async with run(NESTED) as pipeline:
        await pipeline.speak(marked_audio(0, 20))
    assert pipeline.words == words(0, 20)
    assert _told(pipeline) == [("on_connected",), ("on_disconnected",)]
    assert pipeline.errors == []


async def test_a_final_is_heard_whatever_stands_beside_its_text() -> None:
    async with _nova(f"text={json.dumps(FINAL)}@seconds=0") as pipeline:
        await pipeline.speak(marked_audio(0, 10))
    assert pipeline.words == ["odd", *words(0, 10)]
    assert pipeline.errors == []
