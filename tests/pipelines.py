# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
"""A real Pipecat pipeline round one service, for tests."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

from pipecat.frames.frames import (
    CancelFrame,
    EndFrame,
    ErrorFrame,
    Frame,
    InputAudioRawFrame,
    InterimTranscriptionFrame,
    TranscriptionFrame,
)
from pipecat.pipeline.pipeline import Pipeline
from pipecat.pipeline.worker import PipelineParams, PipelineWorker
from pipecat.processors.frame_processor import FrameDirection, FrameProcessor
from pipecat.services.stt_service import STTService
from pipecat.workers.runner import WorkerRunner

from pipecat_sagemaker_deepgram import DeepgramSageMakerSTTService

from .local_path import LocalPath, credentials_of

FRAME_BYTES = 640


class _Collector(FrameProcessor):
    """Keeps every frame that passes, and says so."""

    def __init__(self, frames: list[Frame]) -> None:
        super().__init__()
        self._frames = frames
        self.news = asyncio.Event()

    async def process_frame(self, frame: Frame, direction: FrameDirection) -> None:
        await super().process_frame(frame, direction)
        self._frames.append(frame)
        self.news.set()
        await self.push_frame(frame, direction)


@dataclass
class RunningPipeline:
    """A pipeline of one service that is running.

    Attributes:
        worker: Pipecat's.
        service: The service.
        down: Frames that came out of it downstream, and what passed upstream behind it.
        up: Frames that came out of it upstream, errors among them.
        handled: Names and arguments of the service's event handlers, in order.
    """

    worker: PipelineWorker
    service: STTService
    down: list[Frame] = field(default_factory=list)
    up: list[Frame] = field(default_factory=list)
    handled: list[tuple[Any, ...]] = field(default_factory=list)
    news: asyncio.Event = field(default_factory=asyncio.Event)

    @property
    def finals(self) -> list[TranscriptionFrame]:
        """The final transcriptions."""
        return [frame for frame in self.down if isinstance(frame, TranscriptionFrame)]

    @property
    def interims(self) -> list[InterimTranscriptionFrame]:
        """The interim transcriptions."""
        return [frame for frame in self.down if isinstance(frame, InterimTranscriptionFrame)]

    @property
    def words(self) -> list[str]:
        """The words of the final transcriptions."""
        return " ".join(frame.text for frame in self.finals).lower().replace(".", "").split()

    @property
    def errors(self) -> list[str]:
        """What the errors say."""
        return [frame.error for frame in self.up if isinstance(frame, ErrorFrame)]

    async def speak(self, audio: bytes, *, speed: float = 5.0, rate: int = 16_000) -> None:
        """Send audio in frames of 20 ms."""
        size = rate // 50 * 2
        for start in range(0, len(audio), size):
            await self.send(
                InputAudioRawFrame(
                    audio=audio[start : start + size], sample_rate=rate, num_channels=1
                )
            )
            await asyncio.sleep(0.02 / speed)

    async def send(self, frame: Frame) -> None:
        """Queue a frame."""
        await self.worker.queue_frame(frame)

    async def until(self, condition: Any, *, timeout: float = 30.0) -> None:
        """Wait until a condition on this object holds."""
        async with asyncio.timeout(timeout):
            while not condition(self):
                self.news.clear()
                await self.news.wait()


EVENTS = (
    "on_connected",
    "on_disconnected",
    "on_connection_error",
    "on_reconnecting",
    "on_reconnected",
    "on_stream_changed",
)


@asynccontextmanager
async def running(
    service: STTService,
    *,
    sample_rate: int = 16_000,
    end: bool = True,
    end_timeout: float = 15,
    start_timeout: float = 5,
    processors: Sequence[FrameProcessor] | None = None,
    **options: Any,
) -> AsyncIterator[RunningPipeline]:
    """Run a service in a pipeline; ``EndFrame`` is sent at the end of the block.

    Args:
        service: The service whose event handlers are recorded.
        sample_rate: Sample rate of the pipeline's audio in Hz.
        end: Whether ``EndFrame`` is sent.
        end_timeout: Most seconds for the pipeline's end.
        start_timeout: Most seconds for its beginning.
        processors: What the pipeline consists of; by default the service alone.
        **options: What else the worker takes.
    """
    worker_options: dict[str, Any] = {"enable_rtvi": False} | options
    down: list[Frame] = []
    up: list[Frame] = []
    source, sink = _Collector(up), _Collector(down)
    worker = PipelineWorker(
        Pipeline([source, *(processors or [service]), sink]),
        cancel_on_idle_timeout=False,
        **worker_options,
        params=PipelineParams(
            audio_in_sample_rate=sample_rate, enable_metrics=True, enable_usage_metrics=True
        ),
    )
    pipeline = RunningPipeline(worker, service, down=down, up=up)
    source.news = sink.news = pipeline.news
    for name in EVENTS:
        record(service, name, pipeline)
    started = asyncio.Event()
    worker.add_event_handler("on_pipeline_started", lambda *_: started.set())
    runner = WorkerRunner(handle_sigint=False)
    await runner.add_workers(worker)
    run = asyncio.create_task(runner.run())
    try:
        await asyncio.wait_for(started.wait(), start_timeout)
        yield pipeline
        if end:
            await worker.queue_frame(EndFrame())
        await asyncio.wait_for(run, end_timeout)
    finally:
        if not run.done():
            await worker.queue_frame(CancelFrame())
            await asyncio.wait({run}, timeout=5)


def record(service: STTService, name: str, pipeline: RunningPipeline) -> None:
    def handler(_: Any, *arguments: Any) -> None:
        pipeline.handled.append((name, *arguments))
        pipeline.news.set()

    service.add_event_handler(name, handler)


def nova(path: LocalPath, **options: Any) -> DeepgramSageMakerSTTService:
    """A Deepgram Nova service of an emulated endpoint."""
    defaults: dict[str, Any] = {
        "endpoint_name": "deepgram-nova-3",
        "region": path.emulator.region,
        "endpoint_url": path.emulator.endpoint_url,
        "ca_bundle": path.emulator.ca_bundle,
        "credentials": credentials_of(path.emulator),
    }
    return DeepgramSageMakerSTTService(**(defaults | options))
