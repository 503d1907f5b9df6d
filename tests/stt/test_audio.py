# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
"""Frames whose rate or channels are not the service's: heard as they are, and reported once."""

import asyncio

import numpy as np
import pytest
from pipecat.frames.frames import (
    InputAudioRawFrame,
    OutputAudioRawFrame,
    STTMuteFrame,
    VADUserStartedSpeakingFrame,
    VADUserStoppedSpeakingFrame,
)
from pipecat.serializers.protobuf import ProtobufFrameSerializer

from pipecat_sagemaker_deepgram.deepgram.v2.protocol import CLOSING_SILENCE

from ..fault_tables import RecordProperty, record_row
from ..flux_pipelines import PAUSE, flux, flux_path
from ..local_path import LocalPath, local_path, marked_audio, words
from ..pipelines import RunningPipeline, nova, running

TABLE_ROW = "stereo where the pipeline is mono"
CLOSING_BYTES = round(CLOSING_SILENCE * 32_000)
"""What Flux is sent as its stream ends."""


def _stereo(audio: bytes) -> bytes:
    return np.repeat(np.frombuffer(audio, "<i2"), 2).tobytes()


async def _send(pipeline: RunningPipeline, audio: bytes, *, rate: int, channels: int = 1) -> None:
    size = rate // 50 * 2 * channels
    for start in range(0, len(audio), size):
        piece = audio[start : start + size]
        frame = InputAudioRawFrame(audio=piece, sample_rate=rate, num_channels=channels)
        await pipeline.send(frame)
        await asyncio.sleep(0.002)


async def _received(path: LocalPath, seconds: float) -> None:
    """Wait until the container has been sent so many seconds of 16 kHz, and no more."""
    async with asyncio.timeout(5):
        while path.emulator.streams[0].audio_bytes_in < seconds * 32_000:
            await asyncio.sleep(0.01)
    assert path.emulator.streams[0].audio_bytes_in == seconds * 32_000


async def _connected(pipeline: RunningPipeline) -> None:
    await pipeline.until(lambda p: ("on_connected",) in p.handled)


async def test_stereo_is_mixed_for_nova(record_property: RecordProperty) -> None:
    async with local_path() as path, running(nova(path)) as pipeline:
        await _send(pipeline, _stereo(marked_audio(0, 20)), rate=16_000, channels=2)
    assert pipeline.words == words(0, 20)
    said = words(0, 20)
    record_row(record_property, TABLE_ROW, said=said, heard=pipeline.words, losses=0)
    assert ["it is mixed" in error for error in pipeline.errors] == [True]


async def test_stereo_is_mixed_for_flux() -> None:
    async with flux_path() as path, running(flux(path)) as pipeline:
        await _send(pipeline, _stereo(marked_audio(0, 20) + PAUSE), rate=16_000, channels=2)
    assert pipeline.words == words(0, 20)
    assert ["it is mixed" in error for error in pipeline.errors] == [True]


async def test_another_rate_is_resampled_and_none_is_left_inside_at_finalize() -> None:
    async with local_path() as path, running(nova(path)) as pipeline:
        await _connected(pipeline)
        await pipeline.send(VADUserStartedSpeakingFrame())
        await _send(pipeline, bytes(16_000), rate=8_000)
        await pipeline.send(VADUserStoppedSpeakingFrame())
        await _received(path, 1.0)
        await _send(pipeline, bytes(48_000), rate=48_000)
    assert path.emulator.streams[0].audio_bytes_in == 48_000
    assert ["it is resampled" in error for error in pipeline.errors] == [True, True]


async def test_none_is_left_inside_where_audio_stops_in_a_turn_or_is_muted() -> None:
    async with flux_path() as path, running(flux(path)) as pipeline:
        await _connected(pipeline)
        await _send(pipeline, bytes(16_000), rate=8_000)
        await pipeline.send(STTMuteFrame(mute=True))
        await _received(path, 1.0)
        await pipeline.send(STTMuteFrame(mute=False))
        await _send(pipeline, bytes(8_000), rate=8_000)
    assert path.emulator.streams[0].audio_bytes_in == 48_000 + CLOSING_BYTES


async def test_a_serializer_that_keeps_a_clients_rate() -> None:
    serializer = ProtobufFrameSerializer()
    async with local_path() as path, running(nova(path)) as pipeline:
        await _connected(pipeline)
        for _ in range(50):
            sent = OutputAudioRawFrame(audio=bytes(1_920), sample_rate=48_000, num_channels=1)
            data = await serializer.serialize(sent)
            assert data is not None
            frame = await serializer.deserialize(data)
            assert isinstance(frame, InputAudioRawFrame)
            await pipeline.send(frame)
    assert path.emulator.streams[0].audio_bytes_in == 32_000
    assert len(pipeline.errors) == 1


@pytest.mark.parametrize("rate", [32_000, 11_025])
async def test_a_pipeline_of_a_rate_that_flux_does_not_take(rate: int) -> None:
    async with flux_path() as path:
        service = flux(path)
        async with running(service, sample_rate=rate) as pipeline:
            await _send(pipeline, bytes(2 * rate), rate=rate)
        assert service.sample_rate == 16_000
        received = path.emulator.streams[0].audio_bytes_in - CLOSING_BYTES
        assert received == pytest.approx(32_000, abs=32)
    assert len(pipeline.errors) == 1
