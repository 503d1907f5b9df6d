# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
"""Jobs in the database, as seen by those who queue them. Blocking: call it in a thread."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Row, Select, delete, func, select

from pipecat_sagemaker_deepgram.gateway.jobs.database import Database
from pipecat_sagemaker_deepgram.gateway.jobs.decisions import AttemptFailure
from pipecat_sagemaker_deepgram.gateway.jobs.records import JobRecord, NewJob, QueueDepth
from pipecat_sagemaker_deepgram.gateway.jobs.schema import callbacks, job_audio, job_results, jobs

_MOST_EXPIRED = 500
"""Most jobs that are deleted in one transaction, to keep it short."""


class JobStore:
    """Jobs in the database. All methods may raise ``StoreUnavailableError``.

    Args:
        database: The database.
        retention: Seconds for which results are kept.
    """

    def __init__(self, database: Database, *, retention: float) -> None:
        self._database = database
        self._retention = retention

    def submit(self, job: NewJob) -> None:
        """Queue a job; it is on disk once this returns."""
        with self._database.writing() as connection:
            now = self._database.now(connection)
            connection.execute(jobs.insert().values(**_row(job), created=now, due=now))
            connection.execute(job_audio.insert().values(request_id=job.request_id, body=job.audio))
            if job.callback is not None:
                connection.execute(
                    callbacks.insert().values(
                        request_id=job.request_id,
                        url=job.callback,
                        method=job.callback_method,
                        status="waiting",
                        attempts=0,
                    )
                )

    def find(self, request_id: str, key_id: str) -> JobRecord | None:
        """Find one of a key's jobs."""
        with self._database.reading() as connection:
            row = connection.execute(
                _records(key_id).where(jobs.c.request_id == request_id)
            ).one_or_none()
        return None if row is None else _record(row)

    def listed(
        self, key_id: str, *, status: str | None = None, limit: int = 100
    ) -> Sequence[JobRecord]:
        """The latest jobs of a key, the newest first."""
        query = _records(key_id).order_by(jobs.c.created.desc(), jobs.c.request_id).limit(limit)
        if status is not None:
            query = query.where(jobs.c.status == status)
        with self._database.reading() as connection:
            return [_record(row) for row in connection.execute(query)]

    def result(self, request_id: str) -> bytes | None:
        """The result of a job, as JSON; ``None`` if there is none."""
        query = select(job_results.c.body).where(job_results.c.request_id == request_id)
        with self._database.reading() as connection:
            return connection.execute(query).scalar_one_or_none()

    def delete(self, request_id: str, key_id: str) -> bool:
        """Delete one of a key's jobs and all its data; return whether it existed."""
        with self._database.writing() as connection:
            mine = delete(jobs).where(jobs.c.request_id == request_id, jobs.c.key_id == key_id)
            return connection.execute(mine).rowcount == 1

    def depth(self) -> QueueDepth:
        """The backlog."""
        counts = select(
            jobs.c.status, func.count().label("count"), func.min(jobs.c.created).label("oldest")
        ).where(jobs.c.status.in_(("queued", "running")))
        with self._database.reading() as connection:
            now = self._database.now(connection)
            by_status = {
                row.status: row for row in connection.execute(counts.group_by(jobs.c.status))
            }
        queued, running = by_status.get("queued"), by_status.get("running")
        return QueueDepth(
            queued=0 if queued is None else queued[1],
            running=0 if running is None else running[1],
            oldest=0.0 if queued is None else max(0.0, now - queued[2]),
        )

    def expire(self) -> int:
        """Delete old jobs; return how many.

        A job whose callback is still to be sent is kept.
        """
        waiting = select(callbacks.c.request_id).where(callbacks.c.status == "waiting")
        with self._database.writing() as connection:
            before = self._database.now(connection) - self._retention
            old = (
                select(jobs.c.request_id)
                .where(jobs.c.finished <= before, jobs.c.request_id.not_in(waiting))
                .limit(_MOST_EXPIRED)
            )
            return connection.execute(delete(jobs).where(jobs.c.request_id.in_(old))).rowcount


def _row(job: NewJob) -> dict[str, Any]:
    return {
        "request_id": job.request_id,
        "key_id": job.key_id,
        "user_id": job.user_id,
        "status": "queued",
        "endpoint": job.endpoint,
        "model": job.model,
        "query": job.query,
        "content_type": job.content_type,
        "streams": job.streams,
        "priority": job.priority,
        "attempts": 0,
    }


def _records(key_id: str) -> Select[Any]:
    callback = callbacks.c.status.label("callback")
    return select(jobs, callback).outerjoin(callbacks).where(jobs.c.key_id == key_id)


def _record(row: Row[Any]) -> JobRecord:
    failure = None
    if row.error_code is not None:
        failure = AttemptFailure(row.error_code, row.error_message, row.status == "failed")
    return JobRecord(
        request_id=row.request_id,
        status=row.status,
        user_id=row.user_id,
        model=row.model,
        priority=row.priority,
        attempts=row.attempts,
        created=row.created,
        finished=row.finished,
        failure=failure,
        callback=row.callback,
    )
