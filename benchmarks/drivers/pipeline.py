# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
"""A whole service in a Pipecat pipeline of its own, driven as if it were a client."""

import asyncio
from typing import Any

from loguru import logger
from pipecat.frames.frames import (
    EndFrame,
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

from benchmarks.marks import SAMPLE_RATE, message_of

logger.remove()


class _Sink(FrameProcessor):
    """Takes the transcriptions out of the pipeline."""

    def __init__(self) -> None:
        super().__init__()
        self.messages: asyncio.Queue[str | None] = asyncio.Queue()

    async def process_frame(self, frame: Frame, direction: FrameDirection) -> None:
        await super().process_frame(frame, direction)
        if isinstance(frame, TranscriptionFrame | InterimTranscriptionFrame):
            is_final = isinstance(frame, TranscriptionFrame)
            self.messages.put_nowait(message_of(frame.text, is_final=is_final))
        await self.push_frame(frame, direction)


class PipelineDriver:
    """One service in one pipeline.

    Args:
        service: The service.
        connects: Whether it emits an event once it is connected.
    """

    def __init__(self, service: STTService, *, connects: bool = True) -> None:
        self._connected = asyncio.Event()
        if connects:
            service.add_event_handler("on_connected", self._on_connected)
        else:
            self._connected.set()
        self._sink = _Sink()
        self._worker = PipelineWorker(
            Pipeline([service, self._sink]),
            cancel_on_idle_timeout=False,
            enable_rtvi=False,
            params=PipelineParams(audio_in_sample_rate=SAMPLE_RATE),
        )
        self._run: asyncio.Task[Any] | None = None

    async def open(self) -> None:
        runner = WorkerRunner(handle_sigint=False)
        await runner.add_workers(self._worker)
        self._run = asyncio.create_task(runner.run())
        await self._connected.wait()

    async def send(self, audio: bytes) -> None:
        await self._worker.queue_frame(
            InputAudioRawFrame(audio=audio, sample_rate=SAMPLE_RATE, num_channels=1)
        )

    async def receive(self) -> str | None:
        return await self._sink.messages.get()

    async def close(self) -> None:
        await self._worker.queue_frame(EndFrame())
        if self._run is not None:
            await self._run
        self._sink.messages.put_nowait(None)

    async def _on_connected(self, service: STTService) -> None:
        self._connected.set()
