# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
"""One service object in call after call: each begins anew, however the one before ended."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest
from pipecat.frames.frames import (
    CancelFrame,
    EndFrame,
    InputAudioRawFrame,
    STTMuteFrame,
    UserAudioRawFrame,
    VADUserStartedSpeakingFrame,
)
from pipecat.services.stt_service import STTService

from ..fault_tables import RecordProperty, record_row
from ..flux_pipelines import PAUSE, flux, flux_path
from ..local_path import FRAME_BYTES, LocalPath, local_path, marked_audio, words
from ..pipelines import RunningPipeline, nova, running

FAILS = "refuse=403:AccessDeniedException@connect,streams=1"

TABLE_ROW = "a second call with the same service object"
KINDS = ["nova", "flux"]


@asynccontextmanager
async def _path(kind: str, *faults: str) -> AsyncIterator[LocalPath]:
    async with (flux_path if kind == "flux" else local_path)(*faults) as path:
        yield path


def _service(kind: str, path: LocalPath) -> STTService:
    return flux(path) if kind == "flux" else nova(path)


async def _call(service: STTService, first: int) -> RunningPipeline:
    async with running(service) as pipeline:
        await pipeline.speak(marked_audio(first, 20) + PAUSE)
    return pipeline


@pytest.mark.parametrize("kind", KINDS)
async def test_each_call_is_heard_and_reports_its_own(
    kind: str, record_property: RecordProperty
) -> None:
    async with _path(kind) as path:
        service = _service(kind, path)
        first, second, third = [await _call(service, number) for number in (0, 100, 200)]
    assert first.words == words(0, 20)
    assert second.words == words(100, 20)
    assert third.words == words(200, 20)
    assert len(path.emulator.streams) == 3
    assert second.errors == third.errors == []
    result = second.finals[0].result
    assert result is not None
    assert result.get("start", result.get("audio_window_start")) < 1.0
    if kind == "nova":
        said, heard = words(100, 20), second.words
        record_row(record_property, TABLE_ROW, said=said, heard=heard, losses=0)


@pytest.mark.parametrize("kind", KINDS)
async def test_a_call_after_a_cancelled_one_is_heard(kind: str) -> None:
    """The one before ends muted and in the middle of speech, with frames that wait."""
    async with _path(kind) as path:
        service = _service(kind, path)
        async with running(service, end=False) as pipeline:
            await pipeline.speak(marked_audio(0, 10))
            await pipeline.send(VADUserStartedSpeakingFrame())
            await pipeline.send(STTMuteFrame(mute=True))
            await pipeline.until(lambda _: service.is_muted)
            await pipeline.send(CancelFrame())
        left = InputAudioRawFrame(audio=marked_audio(50, 5), sample_rate=16_000, num_channels=1)
        await service.queue_frame(left)
        second = await _call(service, 100)
    assert second.words == words(100, 20)
    assert second.errors == []


@pytest.mark.parametrize("kind", KINDS)
async def test_a_call_after_a_failed_one_is_heard(kind: str) -> None:
    async with _path(kind, FAILS) as path:
        service = _service(kind, path)
        async with running(service) as pipeline:
            await pipeline.until(lambda p: p.errors)
            assert not service.is_usable
        second = await _call(service, 100)
    assert second.words == words(100, 20)
    assert second.errors == []


async def test_a_call_knows_nobody_of_the_call_before() -> None:
    async with local_path() as path:
        service = nova(path)
        async with running(service) as pipeline:
            for start in range(0, 64_000, FRAME_BYTES):
                audio = marked_audio(0, 20)[start : start + FRAME_BYTES]
                frame = UserAudioRawFrame(
                    audio=audio, sample_rate=16_000, num_channels=1, user_id="alice"
                )
                await pipeline.send(frame)
        second = await _call(service, 100)
    assert {frame.user_id for frame in pipeline.finals} == {"alice"}
    assert {frame.user_id for frame in second.finals} == {""}


async def test_frames_that_a_cancelled_pipeline_left_are_not_of_the_next() -> None:
    async with local_path() as path:
        service = nova(path)
        async with running(service, end=False) as pipeline:
            await pipeline.send(CancelFrame())
            await service.queue_frame(EndFrame())
        second = await _call(service, 100)
    assert second.words == words(100, 20)
