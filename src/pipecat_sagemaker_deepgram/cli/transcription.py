# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
"""Running audio through a Pipecat pipeline."""

import asyncio
from collections.abc import AsyncIterable, AsyncIterator, Iterable
from typing import Self

from pipecat.pipeline.pipeline import Pipeline
from pipecat.pipeline.worker import PipelineParams, PipelineWorker, ProcessorUnusablePolicy
from pipecat.services.stt_service import STTService
from pipecat.workers.runner import WorkerRunner

from pipecat_sagemaker_deepgram.cli.audio_format import SAMPLE_RATE
from pipecat_sagemaker_deepgram.cli.events import Event, WordsHeard
from pipecat_sagemaker_deepgram.cli.processors import AudioFeeder, Explain, TranscriptCollector
from pipecat_sagemaker_deepgram.recorded.pacing import Pace

_CANCEL_TIMEOUT = 2.0
_ABORT_TIMEOUT = 5.0


class Transcription:
    """Runs audio through a speech-to-text service, and yields the events.

    Iterate over it, once, inside ``async with``; leaving that early aborts the pipeline.

    Args:
        stt: The service.
        blocks: Mono linear16 at 16 kHz, in pieces of any size; a recording, or a live source.
        pace: How fast it is fed.
        explain: Replaces an error by one that states the cause.
    """

    def __init__(
        self,
        stt: STTService,
        blocks: Iterable[bytes] | AsyncIterable[bytes],
        *,
        pace: Pace,
        explain: Explain = lambda error: error,
    ) -> None:
        self._events: asyncio.Queue[Event | None] = asyncio.Queue()
        self._feeder = AudioFeeder(
            blocks, pace=pace, notify=self._events.put_nowait, explain=explain
        )
        self._worker = PipelineWorker(
            Pipeline([self._feeder, stt, TranscriptCollector(notify=self._take_heard)]),
            params=PipelineParams(audio_in_sample_rate=SAMPLE_RATE),
            cancel_timeout_secs=_CANCEL_TIMEOUT,
            enable_rtvi=False,
            enable_turn_tracking=False,
            idle_timeout_secs=None,
            processor_unusable_policy=ProcessorUnusablePolicy.END,
        )
        self._runner: WorkerRunner
        self._task: asyncio.Task[None]

    def stop(self) -> None:
        """Stop feeding audio; what was fed is still transcribed."""
        self._feeder.stop_feeding()

    async def __aenter__(self) -> Self:
        """Start the pipeline."""
        self._runner = WorkerRunner(handle_sigint=False)
        await self._runner.add_workers(self._worker)
        self._task = asyncio.create_task(self._runner.run(), name="transcription")
        self._task.add_done_callback(lambda _: self._events.put_nowait(None))
        return self

    async def __aexit__(self, *exc_info: object) -> None:
        """Abort the pipeline if it is still running."""
        await self._runner.cancel()
        _, unfinished = await asyncio.wait({self._task}, timeout=_ABORT_TIMEOUT)
        for task in unfinished:
            task.cancel()

    async def __aiter__(self) -> AsyncIterator[Event]:
        """Follow the pipeline to its end."""
        while (event := await self._events.get()) is not None:
            yield event
        self._task.result()

    def _take_heard(self, event: Event) -> None:
        if isinstance(event, WordsHeard):
            self._feeder.note_covered(event.covers_to)
        self._events.put_nowait(event)
