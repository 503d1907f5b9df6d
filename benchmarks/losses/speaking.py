# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
"""Speak through one service in a pipeline; print what was heard as JSON."""

import asyncio
import importlib
import json
import os
import sys
import time
from dataclasses import asdict
from pathlib import Path
from typing import Any

from loguru import logger
from pipecat.frames.frames import (
    EndFrame,
    ErrorFrame,
    Frame,
    InputAudioRawFrame,
    TextFrame,
    TranscriptionFrame,
    VADUserStartedSpeakingFrame,
    VADUserStoppedSpeakingFrame,
)
from pipecat.pipeline.pipeline import Pipeline
from pipecat.pipeline.worker import PipelineParams, PipelineWorker
from pipecat.processors.frame_processor import FrameDirection, FrameProcessor
from pipecat.services.stt_service import STTService
from pipecat.workers.runner import WorkerRunner

from benchmarks.access import Access
from benchmarks.losses.cases import Heard, Speech

RATE = 16_000
FRAME_BYTES = 640
FRAME_SECONDS = 0.02
SILENCE_FRAMES = 50


class _Ear(FrameProcessor):
    """Records the frames that pass."""

    def __init__(self) -> None:
        super().__init__()
        self.words: list[str] = []
        self.errors = 0
        self.passed = asyncio.Event()
        self.ended = asyncio.Event()

    async def process_frame(self, frame: Frame, direction: FrameDirection) -> None:
        await super().process_frame(frame, direction)
        if isinstance(frame, TranscriptionFrame):
            self.words += frame.text.lower().replace(".", "").split()
        elif isinstance(frame, ErrorFrame):
            self.errors += 1
        elif isinstance(frame, EndFrame):
            self.ended.set()
        elif type(frame) is TextFrame:
            self.passed.set()
        await self.push_frame(frame, direction)


async def speak(speech: Speech, access: Access) -> Heard:
    """Speak, end the pipeline and return what was heard."""
    service: STTService = getattr(importlib.import_module(speech.module), speech.model)(access)
    ahead, behind = _Ear(), _Ear()
    worker = PipelineWorker(
        Pipeline([ahead, service, behind]),
        cancel_on_idle_timeout=False,
        enable_rtvi=False,
        params=PipelineParams(audio_in_sample_rate=RATE),
    )
    runner = WorkerRunner(handle_sigint=False)
    await runner.add_workers(worker)
    running = asyncio.create_task(runner.run())
    await _say(worker, speech)
    await worker.queue_frame(TextFrame("passes"))
    passed = await _comes(behind.passed, speech.patience)
    await worker.queue_frame(EndFrame())
    ended = await _comes(behind.ended, speech.patience)
    running.cancel()
    return Heard(
        words=behind.words,
        errors=ahead.errors,
        is_held_up=passed is None or ended is None,
        end_seconds=ended,
    )


async def _say(worker: PipelineWorker, speech: Speech) -> None:
    """Send the audio in real time, with the frames of a voice detector."""
    await worker.queue_frame(VADUserStartedSpeakingFrame())
    await _send(worker, _frames(speech.audio))
    if not speech.hangs_up:
        await worker.queue_frame(VADUserStoppedSpeakingFrame(stop_secs=0.2))
        await _send(worker, [bytes(FRAME_BYTES)] * SILENCE_FRAMES)


def _frames(path: str) -> list[bytes]:
    audio = Path(path).read_bytes()
    return [audio[start : start + FRAME_BYTES] for start in range(0, len(audio), FRAME_BYTES)]


async def _send(worker: PipelineWorker, frames: list[bytes]) -> None:
    due = time.monotonic()
    for audio in frames:
        frame = InputAudioRawFrame(audio=audio, sample_rate=RATE, num_channels=1)
        await worker.queue_frame(frame)
        due += FRAME_SECONDS
        await asyncio.sleep(due - time.monotonic())


async def _comes(event: asyncio.Event, patience: float) -> float | None:
    """Seconds until an event is set, at most so many."""
    began = time.monotonic()
    try:
        async with asyncio.timeout(patience):
            await event.wait()
    except TimeoutError:
        return None
    return time.monotonic() - began


async def _main() -> None:
    logger.remove()
    speech, access = (json.loads(argument) for argument in sys.argv[1:3])
    heard = await speak(Speech(**speech), Access(**access))
    told: dict[str, Any] = asdict(heard)
    print(json.dumps(told), flush=True)
    # A service that cannot be ended must not keep the process alive.
    os._exit(0)


if __name__ == "__main__":
    asyncio.run(_main())
