# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
"""Transcribes many recordings, several at a time."""

import asyncio
from collections.abc import AsyncGenerator, Iterable, Iterator
from dataclasses import dataclass

from pipecat_sagemaker_deepgram.exceptions import (
    ConfigurationError,
    CredentialsError,
    SageMakerDeepgramError,
)
from pipecat_sagemaker_deepgram.recorded.sources import Source, fetched
from pipecat_sagemaker_deepgram.recorded.transcriber import RecordingTranscriber
from pipecat_sagemaker_deepgram.recorded.transcript import Transcript


@dataclass(frozen=True)
class Finished:
    """A recording that was processed.

    Attributes:
        source: The recording.
        transcript: Its transcript; ``None`` if it failed.
        error: Why it failed; ``None`` if it did not.
    """

    source: Source
    transcript: Transcript | None = None
    error: SageMakerDeepgramError | None = None


async def transcribe_files(
    transcriber: RecordingTranscriber, sources: Iterable[Source], *, jobs: int = 4
) -> AsyncGenerator[Finished]:
    """Transcribe recordings, several at a time. One that fails does not stop the others.

    No recording is started while finished ones wait to be consumed. Leaving the iteration early
    cancels those in progress.

    Args:
        transcriber: Transcribes them; once it is stopped, no further recording is started.
        sources: The recordings; the next one is requested when there is room for it.
        jobs: Number of recordings at a time.

    Yields:
        Each recording when it is finished.

    Raises:
        ConfigurationError: A setting is invalid for every recording.
        CredentialsError: No credentials were found.
    """
    waiting = iter(sources)
    running: set[asyncio.Task[Finished]] = set()
    try:
        while True:
            while len(running) < jobs and (source := _next(waiting, transcriber)) is not None:
                running.add(asyncio.create_task(_transcribe(transcriber, source)))
            if not running:
                return
            done, running = await asyncio.wait(running, return_when=asyncio.FIRST_COMPLETED)
            for task in done:
                yield task.result()
    finally:
        for task in running:
            task.cancel()
        if running:
            await asyncio.wait(running)


def _next(waiting: Iterator[Source], transcriber: RecordingTranscriber) -> Source | None:
    return None if transcriber.is_stopping else next(waiting, None)


async def _transcribe(transcriber: RecordingTranscriber, source: Source) -> Finished:
    try:
        raw = source.raw_format()
        async with fetched(source) as path:
            transcript = await transcriber.transcribe(path, name=source.name, raw=raw)
    except (ConfigurationError, CredentialsError):
        raise
    except SageMakerDeepgramError as error:
        return Finished(source, error=error)
    return Finished(source, transcript)
