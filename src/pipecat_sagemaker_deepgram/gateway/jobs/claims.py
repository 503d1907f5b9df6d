# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
"""Jobs in the database, for workers. Blocking: call it in a thread.

A job is claimed for a limited time and released in the same transaction that stores its result. It
may therefore run twice if a worker is lost, but it has one result, which is accepted only from the
worker that claimed it last.
"""

import uuid
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Connection,
    Row,
    Select,
    and_,
    delete,
    func,
    or_,
    select,
    update,
)

from pipecat_sagemaker_deepgram.gateway.jobs.database import Database
from pipecat_sagemaker_deepgram.gateway.jobs.decisions import (
    WORKER_LOST,
    AttemptFailure,
    longest_wait,
    next_attempt,
)
from pipecat_sagemaker_deepgram.gateway.jobs.leases import has_come, no_lease
from pipecat_sagemaker_deepgram.gateway.jobs.options import JobOptions
from pipecat_sagemaker_deepgram.gateway.jobs.records import ClaimedJob
from pipecat_sagemaker_deepgram.gateway.jobs.schema import callbacks, job_audio, job_results, jobs


class JobClaims:
    """Jobs in the database. All methods may raise ``StoreUnavailableError``.

    Args:
        database: The database.
        options: Leases, attempts and limits.
    """

    def __init__(self, database: Database, options: JobOptions) -> None:
        self._database = database
        self._options = options

    def claim(self) -> ClaimedJob | None:
        """Claim the next job for the duration of a lease; ``None`` if there is none."""
        with self._database.writing() as connection:
            now = self._database.now(connection)
            while (row := connection.execute(self._next(connection, now)).first()) is not None:
                if row.attempts < self._options.attempts:
                    return self._take(connection, row, now)
                self._end(connection, row.request_id, now, WORKER_LOST)
        return None

    def audio(self, request_id: str) -> bytes | None:
        """The recording of a job; ``None`` if the job is done or deleted."""
        query = select(job_audio.c.body).where(job_audio.c.request_id == request_id)
        with self._database.reading() as connection:
            return connection.execute(query).scalar_one_or_none()

    def renew(self, job: ClaimedJob) -> bool:
        """Renew the lease of a job; return whether this worker still had it."""
        with self._database.writing() as connection:
            until = self._database.now(connection) + self._options.lease
            kept = update(jobs).where(_is_held(job)).values(lease_until=until)
            return connection.execute(kept).rowcount == 1

    def complete(self, job: ClaimedJob, result: bytes) -> bool:
        """Store the result of a job and delete its audio; return whether it was still claimed."""
        with self._database.writing() as connection:
            if not _still_held(connection, job):
                return False
            self._end(connection, job.request_id, self._database.now(connection), None)
            connection.execute(job_results.insert().values(request_id=job.request_id, body=result))
            return True

    def fail(self, job: ClaimedJob, failure: AttemptFailure) -> float | None:
        """Record that an attempt failed.

        Returns:
            Seconds until the next attempt; ``None`` if there is none.
        """
        wait = next_attempt(failure, job.attempt, self._options)
        with self._database.writing() as connection:
            if not _still_held(connection, job):
                return None
            now = self._database.now(connection)
            if wait is None:
                self._end(connection, job.request_id, now, failure)
            else:
                again = {"status": "queued", "due": now + wait, **no_lease(), **_error(failure)}
                connection.execute(update(jobs).where(_is(job.request_id)).values(**again))
        return wait

    def release(self, job: ClaimedJob) -> None:
        """Return a job as if it had not been claimed, because the worker is stopping."""
        given_back = {"status": "queued", "attempts": job.attempt - 1, **no_lease()}
        with self._database.writing() as connection:
            connection.execute(update(jobs).where(_is_held(job)).values(**given_back))

    def _next(self, connection: Connection, now: float) -> Select[Any]:
        """Query the next available job, including those of lost workers."""
        is_due = and_(
            jobs.c.status == "queued", has_come(jobs.c.due, now, longest_wait(self._options))
        )
        is_lost = and_(
            jobs.c.status == "running", has_come(jobs.c.lease_until, now, 2 * self._options.lease)
        )
        query = (
            select(jobs)
            .where(or_(is_due, is_lost))
            .order_by(jobs.c.priority.desc(), jobs.c.created, jobs.c.request_id)
            .limit(1)
        )
        busy = self._busy_endpoints(connection, now)
        return query.where(jobs.c.endpoint.not_in(busy)) if busy else query

    def _busy_endpoints(self, connection: Connection, now: float) -> list[str]:
        if (most := self._options.concurrency_per_endpoint) is None:
            return []
        taken = (
            select(jobs.c.endpoint)
            .where(jobs.c.status == "running", jobs.c.lease_until > now)
            .group_by(jobs.c.endpoint)
            .having(func.count() >= most)
        )
        return list(connection.execute(taken).scalars())

    def _take(self, connection: Connection, row: Row[Any], now: float) -> ClaimedJob:
        token = str(uuid.uuid4())
        taken = {
            "status": "running",
            "attempts": row.attempts + 1,
            "lease_token": token,
            "lease_until": now + self._options.lease,
        }
        connection.execute(update(jobs).where(_is(row.request_id)).values(**taken))
        return ClaimedJob(
            request_id=row.request_id,
            token=token,
            attempt=row.attempts + 1,
            model=row.model,
            query=row.query,
            content_type=row.content_type,
            streams=row.streams,
            waited=max(0.0, now - row.created),
        )

    def _end(
        self, connection: Connection, request_id: str, now: float, failure: AttemptFailure | None
    ) -> None:
        """Mark a job as done, delete its audio, and make its callback due."""
        status = "completed" if failure is None else "failed"
        done = {"status": status, "finished": now, **no_lease(), **_error(failure)}
        connection.execute(update(jobs).where(_is(request_id)).values(**done))
        connection.execute(delete(job_audio).where(job_audio.c.request_id == request_id))
        is_its = callbacks.c.request_id == request_id
        connection.execute(update(callbacks).where(is_its).values(due=now))


def _is(request_id: str) -> ColumnElement[bool]:
    return jobs.c.request_id == request_id


def _is_held(job: ClaimedJob) -> ColumnElement[bool]:
    return and_(_is(job.request_id), jobs.c.lease_token == job.token, jobs.c.status == "running")


def _still_held(connection: Connection, job: ClaimedJob) -> bool:
    return connection.execute(select(jobs.c.request_id).where(_is_held(job))).first() is not None


def _error(failure: AttemptFailure | None) -> dict[str, Any]:
    if failure is None:
        return {"error_code": None, "error_message": None}
    return {"error_code": failure.code, "error_message": failure.message}
