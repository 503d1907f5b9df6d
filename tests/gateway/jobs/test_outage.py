# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
"""A real PostgreSQL that fails under the workers and comes back: no job is lost."""

import asyncio
from collections import Counter

import pytest
from sqlalchemy import select

from pipecat_sagemaker_deepgram.gateway.jobs.database import Database
from pipecat_sagemaker_deepgram.gateway.jobs.options import JobOptions
from pipecat_sagemaker_deepgram.gateway.jobs.records import ClaimedJob
from pipecat_sagemaker_deepgram.gateway.jobs.schema import job_results, jobs
from pipecat_sagemaker_deepgram.gateway.jobs.service import JobService
from pipecat_sagemaker_deepgram.web.errors import RequestError

from .jobs import new_job
from .postgresql import PostgresqlServer

LIMIT = 60.0


async def test_a_server_that_fails_and_comes_back(postgresql: PostgresqlServer):
    url = postgresql.new_database()
    begun = asyncio.Event()
    may_end = asyncio.Event()

    async def answer(job: ClaimedJob, audio: bytes) -> bytes:
        begun.set()
        await may_end.wait()
        return b"{}"

    options = JobOptions(database=url, concurrency=4, poll=0.1, lease=5.0)
    async with JobService(options, answer) as service:
        for number in range(20):
            await service.queue.submit(new_job(f"{number}"))
        async with asyncio.timeout(LIMIT):
            await begun.wait()
        await asyncio.to_thread(postgresql.stop)
        may_end.set()
        with pytest.raises(RequestError) as refused:
            await service.queue.submit(new_job("refused"))
        assert refused.value.status == 503
        await asyncio.to_thread(postgresql.start)
        async with asyncio.timeout(LIMIT):
            while (depth := await service.queue.depth()).queued or depth.running:
                await asyncio.sleep(0.1)
    database = Database(url)
    with database.reading() as connection:
        statuses = Counter(connection.execute(select(jobs.c.status)).scalars())
        results = connection.execute(select(job_results.c.request_id)).scalars().all()
    database.close()
    assert statuses == {"completed": 20}
    assert len(results) == 20
