# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
"""Runs a service, or a whole bot, in a Pipecat pipeline and speaks to it."""

import asyncio
import re
import warnings
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Protocol

with warnings.catch_warnings():
    # Pipecat 1.14 imports audioop, of which Python 3.12 warns; suites may treat that as an error.
    warnings.simplefilter("ignore", DeprecationWarning)
    from pipecat.frames.frames import (
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
    from pipecat.workers.runner import WorkerRunner

_FRAME_SECONDS = 0.02
_SAMPLE_BYTES = 2
_CANCEL_TIMEOUT = 1.0


class HasAudio(Protocol):
    """Audio that knows its sample rate, such as a ``Speech``."""

    @property
    def audio(self) -> bytes:
        """Mono linear16."""
        ...

    @property
    def sample_rate(self) -> int:
        """Sample rate in Hz."""
        ...


@dataclass(repr=False)
class Heard:
    """The output of a pipeline.

    Attributes:
        frames: Every frame that was pushed downstream, in order.
        upstream: Every frame that was pushed upstream, including errors.
    """

    frames: list[Frame] = field(default_factory=list)
    upstream: list[Frame] = field(default_factory=list)

    def __repr__(self) -> str:
        """A summary for failed assertions, instead of hundreds of frames."""
        return (
            f"Heard({self.text!r}, {len(self.finals)} finals, {len(self.interims)} interims, "
            f"errors={self.errors})"
        )

    @property
    def finals(self) -> list[TranscriptionFrame]:
        """The final transcriptions."""
        return [frame for frame in self.frames if isinstance(frame, TranscriptionFrame)]

    @property
    def interims(self) -> list[InterimTranscriptionFrame]:
        """The interim transcriptions."""
        return [frame for frame in self.frames if isinstance(frame, InterimTranscriptionFrame)]

    @property
    def text(self) -> str:
        """The text of the final transcriptions."""
        return " ".join(frame.text for frame in self.finals)

    @property
    def words(self) -> list[str]:
        """That text in lower case and without punctuation."""
        return words_of(self.text)

    @property
    def errors(self) -> list[str]:
        """The texts of the errors."""
        return [frame.error for frame in self.upstream if isinstance(frame, ErrorFrame)]


async def run_stt(
    service: FrameProcessor | Sequence[FrameProcessor],
    speech: HasAudio | bytes,
    *,
    sample_rate: int = 16000,
    speed: float = 5.0,
    timeout: float = 60.0,
) -> Heard:
    """Run a service in a pipeline, speak to it, and end the pipeline.

    Args:
        service: The service, or all processors of a bot in their order.
        speech: The speech to send: a ``Speech``, or mono linear16.
        sample_rate: Sample rate of raw audio in Hz; 16000 by default.
        speed: How many times faster than real time the audio is sent; 5 by default.
        timeout: Most seconds for the whole run; 60 by default.

    Returns:
        The pipeline's output.

    Raises:
        TimeoutError: The run took longer than ``timeout``; the pipeline is cancelled.
    """
    audio, rate = (
        (speech, sample_rate) if isinstance(speech, bytes) else (speech.audio, speech.sample_rate)
    )
    heard = Heard()
    processors = [service] if isinstance(service, FrameProcessor) else list(service)
    worker = _worker(processors, heard, rate)
    started = asyncio.Event()
    worker.add_event_handler("on_pipeline_started", lambda *_: started.set())
    runner = WorkerRunner(handle_sigint=False)
    await runner.add_workers(worker)
    running = asyncio.create_task(runner.run())
    try:
        async with asyncio.timeout(timeout):
            await started.wait()
            await _speak(worker, audio, rate, speed)
            await worker.queue_frame(EndFrame())
            await asyncio.shield(running)
    finally:
        if not running.done():
            await runner.cancel("run_stt was given up")
            await asyncio.wait({running}, timeout=2 * _CANCEL_TIMEOUT)
            running.cancel()
    return heard


def words_of(text: str) -> list[str]:
    """The words of a text, in lower case and without punctuation.

    Args:
        text: The text.
    """
    return re.findall(r"[\w']+", text.lower())


def _worker(processors: Sequence[FrameProcessor], heard: Heard, rate: int) -> PipelineWorker:
    return PipelineWorker(
        Pipeline([_Collector(heard.upstream), *processors, _Collector(heard.frames)]),
        cancel_on_idle_timeout=False,
        cancel_timeout_secs=_CANCEL_TIMEOUT,
        enable_rtvi=False,
        params=PipelineParams(
            audio_in_sample_rate=rate, enable_metrics=True, enable_usage_metrics=True
        ),
    )


class _Collector(FrameProcessor):
    """Collects every frame that passes."""

    def __init__(self, frames: list[Frame]) -> None:
        super().__init__()
        self._frames = frames

    async def process_frame(self, frame: Frame, direction: FrameDirection) -> None:
        await super().process_frame(frame, direction)
        self._frames.append(frame)
        await self.push_frame(frame, direction)


async def _speak(worker: PipelineWorker, audio: bytes, rate: int, speed: float) -> None:
    loop = asyncio.get_running_loop()
    began = loop.time()
    size = round(rate * _FRAME_SECONDS) * _SAMPLE_BYTES
    for number, start in enumerate(range(0, len(audio), size)):
        await asyncio.sleep(began + number * _FRAME_SECONDS / speed - loop.time())
        piece = audio[start : start + size]
        await worker.queue_frame(InputAudioRawFrame(audio=piece, sample_rate=rate, num_channels=1))
