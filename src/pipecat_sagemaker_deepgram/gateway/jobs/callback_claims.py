# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
"""Callbacks in the database, for workers. Blocking: call it in a thread."""

import json
import uuid
from typing import Any

from sqlalchemy import Connection, Row, Select, and_, or_, select, update

from pipecat_sagemaker_deepgram.gateway.jobs.database import Database
from pipecat_sagemaker_deepgram.gateway.jobs.decisions import next_callback
from pipecat_sagemaker_deepgram.gateway.jobs.leases import has_come, no_lease
from pipecat_sagemaker_deepgram.gateway.jobs.options import CallbackOptions
from pipecat_sagemaker_deepgram.gateway.jobs.records import CallbackStatus, ClaimedCallback
from pipecat_sagemaker_deepgram.gateway.jobs.schema import callbacks, job_results, jobs

_WAITING = (
    select(callbacks, jobs.c.key_id, jobs.c.error_code, jobs.c.error_message, job_results.c.body)
    .join_from(callbacks, jobs)
    .outerjoin(job_results, job_results.c.request_id == jobs.c.request_id)
    .where(callbacks.c.status == "waiting")
)


class CallbackClaims:
    """Callbacks in the database. All methods may raise ``StoreUnavailableError``.

    Args:
        database: The database.
        options: The number of attempts and their interval.
    """

    def __init__(self, database: Database, options: CallbackOptions) -> None:
        self._database = database
        self._options = options
        self._lease = 2 * options.timeout

    def claim(self) -> ClaimedCallback | None:
        """Claim a callback that is due; ``None`` if there is none."""
        with self._database.writing() as connection:
            now = self._database.now(connection)
            row = connection.execute(self._next(now)).first()
            return None if row is None else self._take(connection, row, now)

    def note(self, callback: ClaimedCallback, *, is_delivered: bool) -> CallbackStatus:
        """Record the result of an attempt.

        Args:
            callback: The callback.
            is_delivered: Whether its receiver accepted it.

        Returns:
            The new state of the callback.
        """
        wait = next_callback(callback.attempt, self._options)
        status = _status(is_delivered, wait)
        with self._database.writing() as connection:
            now = self._database.now(connection)
            noted = {"status": status, "due": now + (wait or 0.0), **no_lease()}
            is_held = and_(
                callbacks.c.request_id == callback.request_id,
                callbacks.c.lease_token == callback.token,
            )
            connection.execute(update(callbacks).where(is_held).values(**noted))
        return status

    def _next(self, now: float) -> Select[Any]:
        """Query the callback that is due next, including those of lost workers."""
        most = max(self._options.interval, self._lease)
        lease_until = callbacks.c.lease_until
        is_free = or_(lease_until.is_(None), has_come(lease_until, now, most))
        is_due = has_come(callbacks.c.due, now, most)
        return _WAITING.where(is_due, is_free).order_by(callbacks.c.due).limit(1)

    def _take(self, connection: Connection, row: Row[Any], now: float) -> ClaimedCallback:
        token = str(uuid.uuid4())
        attempt = row.attempts + 1
        taken = {"attempts": attempt, "lease_token": token, "lease_until": now + self._lease}
        is_it = callbacks.c.request_id == row.request_id
        connection.execute(update(callbacks).where(is_it).values(**taken))
        return ClaimedCallback(
            request_id=row.request_id,
            token=token,
            attempt=attempt,
            url=row.url,
            method=row.method,
            key_id=row.key_id,
            body=_error_body(row) if row.body is None else row.body,
        )


def _status(is_delivered: bool, wait: float | None) -> CallbackStatus:
    if is_delivered:
        return "delivered"
    return "failed" if wait is None else "waiting"


def _error_body(row: Row[Any]) -> bytes:
    """Deepgram's error (Deepgram docs, "Errors")."""
    error = {
        "err_code": row.error_code,
        "err_msg": row.error_message,
        "request_id": row.request_id,
    }
    return json.dumps(error).encode()
