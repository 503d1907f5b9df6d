# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
"""A queue with workers in one event loop, with a database in memory and nothing that waits."""

import asyncio
import json
from collections import Counter
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import Any

from pipecat_sagemaker_deepgram.gateway.jobs.callback_claims import CallbackClaims
from pipecat_sagemaker_deepgram.gateway.jobs.callbacks import CallbackRunner
from pipecat_sagemaker_deepgram.gateway.jobs.claims import JobClaims
from pipecat_sagemaker_deepgram.gateway.jobs.database import Database, StoreUnavailableError
from pipecat_sagemaker_deepgram.gateway.jobs.options import JobOptions
from pipecat_sagemaker_deepgram.gateway.jobs.queue import JobQueue
from pipecat_sagemaker_deepgram.gateway.jobs.records import ClaimedCallback, ClaimedJob
from pipecat_sagemaker_deepgram.gateway.jobs.runner import AttemptEnded, JobRunner
from pipecat_sagemaker_deepgram.gateway.jobs.store import JobStore
from pipecat_sagemaker_deepgram.gateway.jobs.workers import Workers

from .time_machine import TimeMachine

type Answer = Callable[[ClaimedJob], Awaitable[bytes]]


async def answer_at_once(job: ClaimedJob) -> bytes:
    return json.dumps({"metadata": {"request_id": job.request_id}}).encode()


class Office:
    """A queue with workers.

    Args:
        clock: The database's clock.
        answer: Answers a job.
        **options: How jobs are run.

    Attributes:
        queue: The queue.
        workers: Its workers.
        ended: What has come of each attempt.
        sent: Callbacks that were sent: the job, the attempt, and when.
        takes_callbacks: Says of each callback whether its receiver takes it.
        is_away: Whether the database is.
    """

    def __init__(self, clock: TimeMachine, answer: Answer = answer_at_once, **options: Any) -> None:
        given = JobOptions(database="sqlite://", **options)
        self.ended: list[AttemptEnded] = []
        self.sent: list[tuple[str, int, float]] = []
        self.takes_callbacks: Callable[[ClaimedCallback], bool] = lambda callback: True
        self.is_away = False
        self._clock = clock
        self._database = Database("sqlite://", clock=clock)
        self._database.migrate()
        self.store = JobStore(self._database, retention=given.retention)
        runner = JobRunner(
            JobClaims(self._database, given),
            given,
            lambda job, audio: answer(job),
            on_end=self.ended.append,
            call=self._call,
        )
        callbacks = CallbackRunner(
            CallbackClaims(self._database, given.callbacks),
            given.callbacks,
            self._send,
            clock=clock,
            call=self._call,
        )
        self.workers = Workers(self.store, runner, callbacks, given, call=self._call)
        self.queue = JobQueue(self.store, on_news=self.workers.wake, call=self._call)

    @asynccontextmanager
    async def open(self) -> AsyncIterator[None]:
        """Have the workers work."""
        working = asyncio.create_task(self.workers.run())
        try:
            yield
        finally:
            working.cancel()
            await asyncio.gather(working, return_exceptions=True)
            self._database.close()

    def statuses(self) -> Counter[str]:
        """How many jobs are how far."""
        return Counter(job.status for job in self.store.listed("key", limit=10_000))

    async def _call[**P, R](
        self, function: Callable[P, R], /, *args: P.args, **kwargs: P.kwargs
    ) -> R:
        if self.is_away:
            raise StoreUnavailableError("the database is away")
        return function(*args, **kwargs)

    async def _send(self, callback: ClaimedCallback, headers: dict[str, str]) -> bool:
        self.sent.append((callback.request_id, callback.attempt, self._clock.now))
        return self.takes_callbacks(callback)
