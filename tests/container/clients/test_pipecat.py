# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
"""Pipecat's own Deepgram services, with a base URL of the container's."""

import asyncio
import warnings
from collections.abc import Callable

import pytest
from pipecat.frames.frames import (
    Frame,
    InputAudioRawFrame,
    TranscriptionFrame,
    TTSAudioRawFrame,
    TTSSpeakFrame,
    TTSStoppedFrame,
)
from pipecat.pipeline.pipeline import Pipeline
from pipecat.pipeline.worker import PipelineWorker
from pipecat.processors.frame_processor import FrameDirection, FrameProcessor
from pipecat.workers.runner import WorkerRunner

from pipecat_sagemaker_deepgram.container import marked_audio

from ..conversation import cut
from .servers import SERVERS_WITHOUT_AUDIO, Server, each_server

with warnings.catch_warnings():
    warnings.simplefilter("ignore")
    from pipecat.services.deepgram.flux.stt import DeepgramFluxSTTService
    from pipecat.services.deepgram.flux.tts import DeepgramFluxTTSService
    from pipecat.services.deepgram.stt import DeepgramSTTService
    from pipecat.services.deepgram.tts import DeepgramTTSService

pytestmark = pytest.mark.filterwarnings("ignore")


class Sink(FrameProcessor):
    """Keeps what comes; ``found`` is set when that is enough."""

    def __init__(self, is_enough: Callable[[list[Frame]], bool]) -> None:
        super().__init__()
        self.frames: list[Frame] = []
        self.found = asyncio.Event()
        self._is_enough = is_enough

    async def process_frame(self, frame: Frame, direction: FrameDirection) -> None:
        await super().process_frame(frame, direction)
        self.frames.append(frame)
        if self._is_enough(self.frames):
            self.found.set()
        await self.push_frame(frame, direction)


async def run(
    service: FrameProcessor, frames: list[Frame], is_enough: Callable[[list[Frame]], bool]
) -> list[Frame]:
    sink = Sink(is_enough)
    task = PipelineWorker(Pipeline([service, sink]))
    runner = WorkerRunner(handle_sigint=False)
    await runner.add_workers(task)
    running = asyncio.create_task(runner.run())
    async with asyncio.timeout(20):
        await task.queue_frames(frames)
        await sink.found.wait()
        await task.stop_when_done()
        await running
    return sink.frames


def has(wanted: type[Frame]) -> Callable[[list[Frame]], bool]:
    """Whether a frame of a type has come."""
    return lambda frames: isinstance(frames[-1], wanted)


def words(frames: list[Frame]) -> list[str]:
    """The words of all transcriptions."""
    texts = [frame.text for frame in frames if isinstance(frame, TranscriptionFrame)]
    return " ".join(texts).split()


def audio(pcm: bytes) -> list[Frame]:
    return [
        InputAudioRawFrame(audio=frame, sample_rate=16000, num_channels=1) for frame in cut(pcm)
    ]


@each_server()
async def test_nova(server: Server):
    service = DeepgramSTTService(api_key="any", base_url=server.http, sample_rate=16000)
    speech = audio(marked_audio(0, 30) + bytes(32000))
    frames = await run(service, speech, lambda frames: len(words(frames)) >= 30)
    assert words(frames) == [f"w{index}" for index in range(30)]


@each_server()
async def test_flux(server: Server):
    service = DeepgramFluxSTTService(
        api_key="any", url=f"{server.url}/v2/listen", sample_rate=16000
    )
    frames = await run(service, audio(marked_audio(0, 10) + bytes(96000)), has(TranscriptionFrame))
    (final,) = [frame for frame in frames if isinstance(frame, TranscriptionFrame)]
    assert final.text.split() == [f"w{index}" for index in range(10)]


@each_server(*SERVERS_WITHOUT_AUDIO)
async def test_aura(server: Server):
    service = DeepgramTTSService(api_key="any", base_url=server.url, sample_rate=24000)
    assert await spoken(service) == pytest.approx(0.5, abs=0.01)


@each_server(*SERVERS_WITHOUT_AUDIO)
async def test_flux_speech(server: Server):
    service = DeepgramFluxTTSService(api_key="any", url=f"{server.url}/v2/speak", sample_rate=24000)
    assert await spoken(service) == pytest.approx(0.5, abs=0.01)


async def spoken(service: FrameProcessor) -> float:
    """Seconds of speech that a service makes of ten letters."""
    frames = await run(service, [TTSSpeakFrame("abcdefghij")], has(TTSStoppedFrame))
    pieces = [frame.audio for frame in frames if isinstance(frame, TTSAudioRawFrame)]
    return len(b"".join(pieces)) / 2 / 24000
