# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
"""What a pipeline is told of a session: errors that name their stream, and metrics."""

from typing import Any

import pytest
from pipecat.frames.frames import EndFrame, OutputTransportMessageUrgentFrame

from pipecat_sagemaker_deepgram import (
    ClientConfig,
    SessionMetricsData,
    SessionMetricsFrame,
)
from pipecat_sagemaker_deepgram.client import RetryPolicy

from ..local_path import LocalPath, local_path, marked_audio
from ..pipelines import RunningPipeline, nova, running

NO_RETRIES = RetryPolicy(max_retries=0)


def _metrics(pipeline: RunningPipeline) -> list[SessionMetricsData]:
    return [
        data
        for frame in pipeline.down
        if isinstance(frame, SessionMetricsFrame)
        for data in frame.data
    ]


def _told(pipeline: RunningPipeline) -> list[str]:
    """Every text about an error that reached the user."""
    return pipeline.errors + [
        event[1] for event in pipeline.handled if event[0] == "on_connection_error"
    ]


def _assert_identified(text: str, path: LocalPath, *, stream: int) -> None:
    assert text.startswith(f"Stream {stream}: ")
    assert f"request id {path.emulator.streams[stream - 1].request_id}" in text
    assert "Container log" not in text  # An endpoint on this machine has none in CloudWatch.


async def test_a_lost_stream_is_reported_with_its_number_request_and_variant() -> None:
    async with local_path("reset@bytes=20000") as path:
        async with running(nova(path, retry_policy=NO_RETRIES)) as pipeline:
            await pipeline.speak(marked_audio(0, 20))
            await pipeline.until(lambda p: len(_told(p)) == 2)
        for text in _told(pipeline):
            _assert_identified(text, path, stream=1)
            assert "variant AllTraffic" in text


@pytest.mark.parametrize("answer", ["424:ModelError", "403:AccessDeniedException"])
async def test_a_refusal_is_reported_with_its_number_and_request(answer: str) -> None:
    async with local_path(f"refuse={answer}@connect,streams=every") as path:
        async with running(nova(path, retry_policy=NO_RETRIES)) as pipeline:
            await pipeline.until(lambda p: len(_told(p)) >= 3)
            for text in _told(pipeline):
                assert text.startswith("Stream 1: ")
                assert "request id " in text


async def test_refused_settings_are_reported_with_the_stream_that_would_have_had_them() -> None:
    async with local_path("refuse=424:ModelError@connect,streams=2-4") as path:
        service = nova(path)
        async with running(service) as pipeline:
            await pipeline.until(lambda p: ("on_connected",) in p.handled)
            await service._update_settings(service.Settings(numerals=True))
            await pipeline.until(lambda p: p.errors)
    assert "Stream 4: " in pipeline.errors[0]


async def test_a_service_that_cannot_be_brought_back_is_unusable_again() -> None:
    """Else it would be given audio, and no ``ServiceSwitcher`` would turn to another."""
    async with local_path("refuse=403:AccessDeniedException@connect,streams=every") as path:
        service = nova(path)
        async with running(service) as pipeline:
            await pipeline.until(lambda p: p.errors)
            await service.set_usable(True)
            await pipeline.until(lambda p: len(p.errors) == 2)
            assert not service.is_usable
        _assert_identified(pipeline.errors[1], path, stream=2)


async def test_each_stream_that_comes_up_adds_to_the_metrics() -> None:
    async with local_path("reset@bytes=40000") as path:
        service = nova(path)
        async with running(service) as pipeline:
            await pipeline.speak(marked_audio(0, 30))
    first, second = _metrics(pipeline)
    assert (first.processor, first.model) == (service.name, "nova-3")
    assert (first.streams, first.losses, first.replayed_seconds) == (1, 0, 0.0)
    assert 0 < first.connect_seconds < 5
    assert (second.streams, second.losses, second.lost_seconds) == (2, 1, 0.0)
    assert 0 < second.replayed_seconds < 2


async def test_audio_that_is_lost_is_counted_before_the_end() -> None:
    config = ClientConfig(close_timeout=0.3, stall_timeout=None)
    async with local_path("silence@seconds=0,streams=every") as path:
        async with running(nova(path, client_config=config)) as pipeline:
            await pipeline.speak(marked_audio(0, 10))
    assert _metrics(pipeline)[-1].lost_seconds == pytest.approx(1.0)
    assert isinstance(pipeline.down[-1], EndFrame)


async def test_clients_of_rtvi_are_sent_no_empty_metrics() -> None:
    async with local_path("reset@bytes=40000") as path:
        async with running(nova(path), enable_rtvi=True) as pipeline:
            await pipeline.speak(marked_audio(0, 30))
            await pipeline.until(lambda p: _sent_metrics(p) and len(_metrics(p)) == 2)
    assert all(_sent_metrics(pipeline))


def _sent_metrics(pipeline: RunningPipeline) -> list[dict[str, Any]]:
    """What clients are sent as metrics."""
    messages = [
        frame.message
        for frame in pipeline.down
        if isinstance(frame, OutputTransportMessageUrgentFrame)
    ]
    return [each["data"] for each in messages if each["type"] == "metrics"]
