# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
"""The job queue, as seen by those who submit jobs and ask for results."""

from collections.abc import Callable, Sequence

from pipecat_sagemaker_deepgram.gateway.jobs.claiming import BlockingCall, in_thread
from pipecat_sagemaker_deepgram.gateway.jobs.database import StoreUnavailableError
from pipecat_sagemaker_deepgram.gateway.jobs.records import JobRecord, NewJob, QueueDepth
from pipecat_sagemaker_deepgram.gateway.jobs.store import JobStore
from pipecat_sagemaker_deepgram.gateway.refusals import unavailable
from pipecat_sagemaker_deepgram.web.errors import RequestError


class JobQueue:
    """The job queue. All methods refuse with 503 while the database is unavailable.

    Args:
        store: Stores the jobs.
        on_news: Called when a job was queued.
        call: Runs blocking functions.
    """

    def __init__(
        self,
        store: JobStore,
        *,
        on_news: Callable[[], None] = lambda: None,
        call: BlockingCall = in_thread,
    ) -> None:
        self._store = store
        self._on_news = on_news
        self._call = call

    async def submit(self, job: NewJob) -> None:
        """Queue a job; it is on disk once this returns.

        Raises:
            RequestError: The database is unavailable or full.
        """
        await self._ask(self._store.submit, job)
        self._on_news()

    async def find(self, request_id: str, key_id: str) -> JobRecord | None:
        """Find one of a key's jobs."""
        return await self._ask(self._store.find, request_id, key_id)

    async def listed(self, key_id: str, *, status: str | None, limit: int) -> Sequence[JobRecord]:
        """The latest jobs of a key, the newest first."""
        return await self._ask(self._store.listed, key_id, status=status, limit=limit)

    async def result(self, request_id: str) -> bytes | None:
        """The result of a job, as JSON; ``None`` if there is none."""
        return await self._ask(self._store.result, request_id)

    async def delete(self, request_id: str, key_id: str) -> bool:
        """Delete one of a key's jobs and all its data; return whether it existed."""
        return await self._ask(self._store.delete, request_id, key_id)

    async def depth(self) -> QueueDepth:
        """The backlog."""
        return await self._ask(self._store.depth)

    async def _ask[**P, R](self, function: Callable[P, R], *args: P.args, **kwargs: P.kwargs) -> R:
        try:
            return await self._call(function, *args, **kwargs)
        except StoreUnavailableError as error:
            raise _away() from error


def _away() -> RequestError:
    return unavailable("Service unavailable: the job queue cannot be used now")
