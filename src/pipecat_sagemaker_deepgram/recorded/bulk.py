# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
"""Many recordings, some at a time."""

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
    """A recording that is done with.

    Attributes:
        source: The recording.
        transcript: What came of it; ``None`` where nothing did.
        error: Why nothing did.
    """

    source: Source
    transcript: Transcript | None = None
    error: SageMakerDeepgramError | None = None


async def transcribe_files(
    transcriber: RecordingTranscriber, sources: Iterable[Source], *, jobs: int = 4
) -> AsyncGenerator[Finished]:
    """Transcribe recordings, so many at a time; one that fails stops no other.

    No recording is begun while transcripts wait to be taken. Leaving the iteration early cancels
    what is under way.

    Args:
        transcriber: How; once it was stopped, no further recording is begun.
        sources: Which; asked for the next one when there is room.
        jobs: How many at a time.

    Yields:
        Each, as it is done.

    Raises:
        ConfigurationError: What is asked for cannot be, whatever the recording.
        CredentialsError: There are no credentials.
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
