# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
"""The two ends of the pipeline: audio goes in, transcriptions come out."""

import asyncio
import time
from collections.abc import AsyncIterable, AsyncIterator, Callable, Iterable

from pipecat.frames.frames import (
    CancelFrame,
    EndFrame,
    EndWorkerFrame,
    ErrorFrame,
    Frame,
    InputAudioRawFrame,
    InterimTranscriptionFrame,
    ProposedUserStartedSpeakingFrame,
    ProposedUserStoppedSpeakingFrame,
    StartFrame,
    TranscriptionFrame,
)
from pipecat.processors.frame_processor import FrameDirection, FrameProcessor

from pipecat_sagemaker_deepgram.cli.audio_format import BYTES_PER_SECOND, SAMPLE_RATE
from pipecat_sagemaker_deepgram.cli.events import (
    AudioFed,
    Event,
    ProblemReported,
    Started,
    TurnBegan,
    WordsHeard,
    end_of_turn,
    read_message,
)
from pipecat_sagemaker_deepgram.exceptions import SageMakerDeepgramError
from pipecat_sagemaker_deepgram.recorded.pacing import Pace

FRAME_BYTES = BYTES_PER_SECOND // 50
_FRAMES_PER_REPORT = 5

type Explain = Callable[[SageMakerDeepgramError], SageMakerDeepgramError]
"""Replaces an error by one that states the cause."""


class AudioFeeder(FrameProcessor):
    """Feeds audio into the pipeline, in frames of 20 ms, and then ends the pipeline.

    Args:
        blocks: The audio: mono linear16 at 16 kHz, in pieces of any size; a recording, or a live
            source.
        pace: How fast to feed it.
        notify: Called with each event.
        explain: Replaces an error of the service by one that states the cause.
    """

    def __init__(
        self,
        blocks: Iterable[bytes] | AsyncIterable[bytes],
        *,
        pace: Pace,
        notify: Callable[[Event], None],
        explain: Explain = lambda error: error,
    ) -> None:
        super().__init__()
        self._blocks = blocks
        self._pace = pace
        self._notify = notify
        self._explain = explain
        self._feed_task: asyncio.Task[None] | None = None
        self._is_stopping = False
        self._fed = 0.0
        self._covered = 0.0

    def stop_feeding(self) -> None:
        """End the audio here; what was fed is still transcribed."""
        self._is_stopping = True

    def note_covered(self, seconds: float) -> None:
        """Record how much of the audio the results cover.

        Args:
            seconds: From the beginning.
        """
        self._covered = max(self._covered, seconds)

    async def process_frame(self, frame: Frame, direction: FrameDirection) -> None:
        """Report errors, and stop feeding when the pipeline ends.

        Args:
            frame: The frame.
            direction: Its direction.
        """
        await super().process_frame(frame, direction)
        match frame:
            case ErrorFrame():
                self._notify(_problem(frame, self._explain))
            case EndFrame() | CancelFrame():
                await self._end_feeding()
        await self.push_frame(frame, direction)
        if isinstance(frame, StartFrame):
            self._feed_task = self.create_task(self._feed(), "feed")

    async def cleanup(self) -> None:
        """Release the audio."""
        await super().cleanup()
        await self._end_feeding()

    async def _end_feeding(self) -> None:
        if self._feed_task is not None:
            task, self._feed_task = self._feed_task, None
            await self.cancel_task(task)

    async def _feed(self) -> None:
        try:
            await self._feed_frames()
        except SageMakerDeepgramError as error:
            self._notify(ProblemReported(str(error), is_fatal=True))
        finally:
            await self.push_frame(EndWorkerFrame(), FrameDirection.UPSTREAM)

    async def _feed_frames(self) -> None:
        started = latest = time.monotonic()
        self._notify(Started(started))
        number = 0
        async for audio in _frames(self._blocks):
            seconds = len(audio) / BYTES_PER_SECOND
            latest = await self._wait_for_turn(started, latest, seconds)
            if self._is_stopping:
                break
            await self.push_frame(InputAudioRawFrame(audio, SAMPLE_RATE, 1))
            self._fed += seconds
            if number % _FRAMES_PER_REPORT == 0:
                self._notify(AudioFed(self._fed))
            number += 1
        self._notify(AudioFed(self._fed, is_all=not self._is_stopping))

    async def _wait_for_turn(self, started: float, latest: float, seconds: float) -> float:
        due = self._pace.due(
            fed=self._fed, heard=self._covered, started=started, latest=latest, step=seconds
        )
        await asyncio.sleep(max(0.0, due - time.monotonic()))
        return time.monotonic()


class TranscriptCollector(FrameProcessor):
    """Reports every transcription and every turn in the pipeline.

    Args:
        notify: Called with a ``WordsHeard`` for each, and with ``TurnBegan`` and ``TurnOver``
            around those of a turn.
    """

    def __init__(self, *, notify: Callable[[Event], None]) -> None:
        super().__init__()
        self._notify = notify
        self._turns = 0
        self._is_beginning = False
        self._final: TranscriptionFrame | None = None

    async def process_frame(self, frame: Frame, direction: FrameDirection) -> None:
        """Report a transcription or a turn, and pass every frame on.

        Args:
            frame: The frame.
            direction: Its direction.
        """
        await super().process_frame(frame, direction)
        match frame:
            case ProposedUserStartedSpeakingFrame():
                self._is_beginning = True
            case TranscriptionFrame() | InterimTranscriptionFrame():
                self._report_heard(frame)
            case ProposedUserStoppedSpeakingFrame() if self._final is not None:
                heard = _read(self._final)
                self._notify(end_of_turn(self._turns, heard, self._final.result or {}))
        await self.push_frame(frame, direction)

    def _report_heard(self, frame: TranscriptionFrame | InterimTranscriptionFrame) -> None:
        heard = _read(frame)
        if self._is_beginning:
            self._is_beginning = False
            self._turns += 1
            self._notify(TurnBegan(self._turns, heard.start))
        self._final = frame if isinstance(frame, TranscriptionFrame) else None
        self._notify(heard)


def _read(frame: TranscriptionFrame | InterimTranscriptionFrame) -> WordsHeard:
    is_final = isinstance(frame, TranscriptionFrame)
    return read_message(frame.text, frame.result or {}, is_final=is_final, at=time.monotonic())


def _problem(frame: ErrorFrame, explain: Explain) -> ProblemReported:
    """Read an error: Pipecat redacts its text, but this package's exception is complete."""
    cause = frame.exception
    error = explain(cause) if isinstance(cause, SageMakerDeepgramError) else frame.error
    is_fatal = frame.processor is not None and not frame.processor.is_usable
    return ProblemReported(str(error), is_fatal=is_fatal)


async def _frames(blocks: Iterable[bytes] | AsyncIterable[bytes]) -> AsyncIterator[bytes]:
    """Cut audio into frames of 20 ms; the last may be shorter."""
    rest = b""
    async for block in each_block(blocks):
        rest += block
        whole = len(rest) // FRAME_BYTES * FRAME_BYTES
        for at in range(0, whole, FRAME_BYTES):
            yield rest[at : at + FRAME_BYTES]
        rest = rest[whole:]
    if rest:
        yield rest


async def each_block(blocks: Iterable[bytes] | AsyncIterable[bytes]) -> AsyncIterator[bytes]:
    """Yield audio piece by piece, from a live source or a recording.

    Args:
        blocks: The audio.
    """
    if isinstance(blocks, AsyncIterable):
        async for block in blocks:
            yield block
    else:
        for block in blocks:
            yield block
