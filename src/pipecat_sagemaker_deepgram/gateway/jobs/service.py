# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
"""The job queue and its workers in one process, opened and closed in order."""

import asyncio
from collections.abc import Callable
from typing import Self

from pipecat_sagemaker_deepgram.gateway.jobs.callback_claims import CallbackClaims
from pipecat_sagemaker_deepgram.gateway.jobs.callbacks import CallbackClient, CallbackRunner
from pipecat_sagemaker_deepgram.gateway.jobs.claiming import in_thread
from pipecat_sagemaker_deepgram.gateway.jobs.claims import JobClaims
from pipecat_sagemaker_deepgram.gateway.jobs.database import Database
from pipecat_sagemaker_deepgram.gateway.jobs.options import JobOptions
from pipecat_sagemaker_deepgram.gateway.jobs.queue import JobQueue
from pipecat_sagemaker_deepgram.gateway.jobs.records import CallbackStatus
from pipecat_sagemaker_deepgram.gateway.jobs.runner import AttemptEnded, JobRunner, Transcribe
from pipecat_sagemaker_deepgram.gateway.jobs.store import JobStore
from pipecat_sagemaker_deepgram.gateway.jobs.workers import Workers


class JobService:
    """The job queue, and workers unless the options ask for none; an async context manager.

    Args:
        options: Options of the queue.
        transcribe: Transcribes a job.
        on_attempt: Called with the result of each attempt at a job.
        on_callback: Called with the new state after each attempt at a callback.

    Attributes:
        queue: The queue.

    Raises:
        ConfigurationError: The database's URL is invalid.
        StoreUnavailableError: On entering, if the database cannot be used.
    """

    def __init__(
        self,
        options: JobOptions,
        transcribe: Transcribe,
        *,
        on_attempt: Callable[[AttemptEnded], None] = lambda ended: None,
        on_callback: Callable[[CallbackStatus], None] = lambda status: None,
    ) -> None:
        self._options = options
        self._database = Database(options.database)
        store = JobStore(self._database, retention=options.retention)
        self._workers = Workers(
            store,
            JobRunner(JobClaims(self._database, options), options, transcribe, on_end=on_attempt),
            CallbackRunner(
                CallbackClaims(self._database, options.callbacks),
                options.callbacks,
                CallbackClient(options.callbacks).send,
                on_end=on_callback,
            ),
            options,
        )
        self.queue = JobQueue(store, on_news=self._workers.wake)
        self._running: asyncio.Task[None] | None = None

    async def __aenter__(self) -> Self:
        await in_thread(self._database.migrate)
        if self._options.concurrency:
            self._running = asyncio.create_task(self._workers.run())
        return self

    async def __aexit__(self, *exc: object) -> None:
        if self._running is not None:
            self._running.cancel()
            await asyncio.gather(self._running, return_exceptions=True)
        self._database.close()

    async def drain(self, timeout: float) -> None:
        """Claim no more jobs, and wait until those in progress are done.

        Args:
            timeout: Longest wait in seconds; jobs that run longer are returned to the queue on
                closing.
        """
        if self._running is None:
            return
        self._workers.stop()
        await asyncio.wait({self._running}, timeout=timeout)
