# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
"""Runs jobs, sends callbacks and deletes old jobs, until it is stopped."""

import asyncio
from collections.abc import Awaitable, Callable

from loguru import logger

from pipecat_sagemaker_deepgram.gateway.jobs.callbacks import CallbackRunner
from pipecat_sagemaker_deepgram.gateway.jobs.claiming import BlockingCall, ClaimLoop, in_thread
from pipecat_sagemaker_deepgram.gateway.jobs.database import StoreUnavailableError
from pipecat_sagemaker_deepgram.gateway.jobs.options import JobOptions
from pipecat_sagemaker_deepgram.gateway.jobs.records import ClaimedCallback, ClaimedJob
from pipecat_sagemaker_deepgram.gateway.jobs.runner import JobRunner
from pipecat_sagemaker_deepgram.gateway.jobs.store import JobStore

_OFTEN = 3600.0
"""Longest time between two deletions of old jobs, in seconds."""


class Workers:
    """The workers of this process.

    Args:
        store: Deletes old jobs.
        runner: Runs a job.
        callbacks: Sends a callback.
        options: The limits.
        call: Runs blocking functions.
    """

    def __init__(
        self,
        store: JobStore,
        runner: JobRunner,
        callbacks: CallbackRunner,
        options: JobOptions,
        *,
        call: BlockingCall = in_thread,
    ) -> None:
        self._store = store
        self._options = options
        self._call = call
        self._callbacks: ClaimLoop[ClaimedCallback] = ClaimLoop(
            callbacks.claim,
            callbacks.run,
            concurrency=options.callbacks.concurrency,
            poll=options.poll,
        )
        self._jobs: ClaimLoop[ClaimedJob] = ClaimLoop(
            runner.claim,
            self._then_call_back(runner.run),
            concurrency=options.concurrency,
            poll=options.poll,
        )

    async def run(self) -> None:
        """Work until stopped, and finish started jobs; if cancelled, return them to the queue."""
        keeping = asyncio.create_task(self._keep())
        try:
            async with asyncio.TaskGroup() as group:
                group.create_task(self._jobs.run())
                group.create_task(self._callbacks.run())
        finally:
            keeping.cancel()
            await asyncio.gather(keeping, return_exceptions=True)

    def wake(self) -> None:
        """Claim a job that was just queued, without waiting for the next poll."""
        self._jobs.wake()

    def stop(self) -> None:
        """Claim no more jobs."""
        self._jobs.stop()
        self._callbacks.stop()

    def _then_call_back(
        self, run: Callable[[ClaimedJob], Awaitable[None]]
    ) -> Callable[[ClaimedJob], Awaitable[None]]:
        async def work(job: ClaimedJob) -> None:
            await run(job)
            self._callbacks.wake()

        return work

    async def _keep(self) -> None:
        """Delete old jobs from time to time."""
        while True:
            try:
                if deleted := await self._call(self._store.expire):
                    logger.info("{} old jobs were deleted", deleted)
                    continue
            except StoreUnavailableError as error:
                logger.warning("old jobs cannot be deleted now: {}", error)
            await asyncio.sleep(min(_OFTEN, max(1.0, self._options.retention / 10)))
