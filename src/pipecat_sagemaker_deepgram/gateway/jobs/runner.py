# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
"""Runs one job: renews its lease while it is transcribed, and stores the result."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Literal

from loguru import logger

from pipecat_sagemaker_deepgram.client.clock import loop_time
from pipecat_sagemaker_deepgram.gateway.jobs.claiming import BlockingCall, in_thread, patiently
from pipecat_sagemaker_deepgram.gateway.jobs.claims import JobClaims
from pipecat_sagemaker_deepgram.gateway.jobs.database import StoreUnavailableError
from pipecat_sagemaker_deepgram.gateway.jobs.decisions import AttemptFailure, failure_of
from pipecat_sagemaker_deepgram.gateway.jobs.options import JobOptions
from pipecat_sagemaker_deepgram.gateway.jobs.records import ClaimedJob

type Transcribe = Callable[[ClaimedJob, bytes], Awaitable[bytes]]
"""Transcribes the audio of a job; returns Deepgram's response as JSON."""


@dataclass(frozen=True)
class AttemptEnded:
    """The result of one attempt at a job.

    Attributes:
        job: The job.
        status: Whether it is done, will be tried again, has finally failed, or no longer belongs to
            this worker.
        seconds: Duration of the attempt in seconds.
    """

    job: ClaimedJob
    status: Literal["completed", "retried", "failed", "lost"]
    seconds: float


class JobRunner:
    """Runs jobs.

    Args:
        claims: The jobs in the database.
        options: The duration of a lease.
        transcribe: Transcribes a job.
        on_end: Called with the result of each attempt.
        call: Runs blocking functions.
    """

    def __init__(
        self,
        claims: JobClaims,
        options: JobOptions,
        transcribe: Transcribe,
        *,
        on_end: Callable[[AttemptEnded], None] = lambda ended: None,
        call: BlockingCall = in_thread,
    ) -> None:
        self._claims = claims
        self._options = options
        self._transcribe = transcribe
        self._on_end = on_end
        self._call = call

    async def claim(self) -> ClaimedJob | None:
        """Claim a job; ``None`` if there is none."""
        return await self._call(self._claims.claim)

    async def run(self, job: ClaimedJob) -> None:
        """Run a job to its end; if cancelled, return it to the queue."""
        began = loop_time()
        try:
            status = await self._run(job)
        except asyncio.CancelledError:
            await self._give_back(job)
            raise
        except StoreUnavailableError as error:
            logger.error("{}: the result could not be stored: {}", job.request_id, error)
            status = "lost"
        seconds = loop_time() - began
        logger.info(
            "{}: attempt {}: {} after {:.3f} s", job.request_id, job.attempt, status, seconds
        )
        self._on_end(AttemptEnded(job, status, seconds))

    async def _run(self, job: ClaimedJob) -> Literal["completed", "retried", "failed", "lost"]:
        audio = await self._stored(self._claims.audio, job.request_id)
        if audio is None:
            return "lost"
        try:
            result = await self._while_held(job, audio)
        except Exception as error:
            return await self._fail(job, failure_of(error))
        if result is None:
            return "lost"
        return "completed" if await self._stored(self._claims.complete, job, result) else "lost"

    async def _fail(self, job: ClaimedJob, failure: AttemptFailure) -> Literal["retried", "failed"]:
        logger.warning("{}: attempt {} failed: {}", job.request_id, job.attempt, failure.code)
        wait = await self._stored(self._claims.fail, job, failure)
        return "failed" if wait is None else "retried"

    async def _while_held(self, job: ClaimedJob, audio: bytes) -> bytes | None:
        """Transcribe a job while renewing its lease; ``None`` if the lease was lost."""
        work = asyncio.ensure_future(self._transcribe(job, audio))
        keeping = asyncio.create_task(self._keep(job))
        try:
            await asyncio.wait({work, keeping}, return_when=asyncio.FIRST_COMPLETED)
            return work.result() if work.done() else None
        finally:
            for task in (work, keeping):
                task.cancel()
            await asyncio.gather(work, keeping, return_exceptions=True)

    async def _keep(self, job: ClaimedJob) -> None:
        """Renew the lease until the job was claimed by another worker or deleted."""
        is_held = True
        while is_held:
            await asyncio.sleep(self._options.lease / 3)
            is_held = await self._stored(self._claims.renew, job)

    async def _stored[**P, R](
        self, function: Callable[P, R], *args: P.args, **kwargs: P.kwargs
    ) -> R:
        return await patiently(
            lambda: self._call(function, *args, **kwargs),
            patience=self._options.store_patience,
            pause=self._options.poll,
        )

    async def _give_back(self, job: ClaimedJob) -> None:
        try:
            await self._call(self._claims.release, job)
        except StoreUnavailableError:
            logger.warning(
                "{}: the job could not be returned to the queue; its lease will expire",
                job.request_id,
            )
