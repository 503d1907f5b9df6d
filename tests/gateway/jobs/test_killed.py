# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
"""500 jobs, and a worker that is killed with SIGKILL in the middle: 500 results, none twice."""

import asyncio
import json
import signal
import sys
from asyncio.subprocess import DEVNULL, PIPE, Process
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from sqlalchemy import func, select, update

from pipecat_sagemaker_deepgram.gateway.jobs.database import Database
from pipecat_sagemaker_deepgram.gateway.jobs.options import sqlite_url
from pipecat_sagemaker_deepgram.gateway.jobs.schema import job_audio, job_results, jobs
from pipecat_sagemaker_deepgram.gateway.jobs.store import JobStore

from .jobs import new_job
from .postgresql import PostgresqlServer

COUNT = 500
LIMIT = 90.0


@asynccontextmanager
async def worker(url: str) -> AsyncIterator[Process]:
    """A worker that is ready to work."""
    module = f"{__package__}.worker_process"
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", module, url), stdin=DEVNULL, stdout=PIPE, stderr=DEVNULL
    )
    assert process.stdout is not None
    try:
        async with asyncio.timeout(LIMIT):
            assert await process.stdout.readline() == b"ready\n"
        yield process
    finally:
        await kill(process)


async def kill(process: Process) -> None:
    """Kill a process if it lives, and wait until it is gone."""
    if process.returncode is None:
        process.send_signal(signal.SIGKILL)
    async with asyncio.timeout(LIMIT):
        await process.communicate()


class Jobs:
    """The jobs of a run.

    Args:
        url: Where they are.
    """

    def __init__(self, url: str) -> None:
        self.database = Database(url)
        self.database.migrate()
        self._store = JobStore(self.database, retention=3600.0)

    def submit(self, numbers: range) -> None:
        """Queue jobs."""
        for number in numbers:
            self._store.submit(new_job(f"{number}"))

    async def until_done(self, count: int) -> None:
        """Wait until so many have a result."""
        async with asyncio.timeout(LIMIT):
            while await asyncio.to_thread(self._count) < count:
                await asyncio.sleep(0.1)

    def _count(self) -> int:
        with self.database.reading() as connection:
            return connection.execute(select(func.count()).select_from(job_results)).scalar_one()

    def results(self) -> list[dict[str, int]]:
        """The result of each."""
        with self.database.reading() as connection:
            return [
                json.loads(body)
                for body in connection.execute(select(job_results.c.body)).scalars()
            ]

    def check(self) -> None:
        """See that each has one result, and nothing else is left."""
        with self.database.reading() as connection:
            statuses = Counter(connection.execute(select(jobs.c.status)).scalars())
            results = connection.execute(select(job_results.c.request_id)).scalars().all()
            audio = connection.execute(select(func.count()).select_from(job_audio)).scalar_one()
        assert statuses == {"completed": COUNT}
        assert sorted(results, key=int) == [f"{number}" for number in range(COUNT)]
        assert audio == 0

    def submit_taken(self, number: int) -> None:
        """Queue a job that the killed worker had, in case it had none when it was killed."""
        self._store.submit(new_job(f"{number}", priority=-1000))
        with self.database.writing() as connection:
            connection.execute(
                update(jobs)
                .where(jobs.c.request_id == f"{number}")
                .values(status="running", attempts=1, lease_token="killed", lease_until=0.0)
            )


async def test_one_of_two_workers_on_postgresql(postgresql: PostgresqlServer):
    url = postgresql.new_database()
    run = Jobs(url)
    async with worker(url) as killed, worker(url):
        run.submit(range(250))
        await run.until_done(50)
        await kill(killed)
        run.submit(range(250, COUNT - 1))
        run.submit_taken(COUNT - 1)
        await run.until_done(COUNT)
    run.check()
    assert max(result["attempt"] for result in run.results()) >= 2
    run.database.close()


async def test_the_only_process_on_a_file(tmp_path: Path):
    url = sqlite_url(tmp_path / "jobs.db")
    run = Jobs(url)
    run.submit(range(250))
    async with worker(url):
        await run.until_done(50)
    run.submit(range(250, COUNT - 1))
    run.submit_taken(COUNT - 1)
    async with worker(url):
        await run.until_done(COUNT)
    run.check()
    assert max(result["attempt"] for result in run.results()) >= 2
    run.database.close()
