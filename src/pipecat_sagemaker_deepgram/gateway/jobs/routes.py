# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
"""``/v1/jobs``: queueing, querying and deleting recordings, also those with callbacks."""

from dataclasses import asdict
from datetime import UTC, datetime
from http import HTTPStatus
from typing import Any

import msgspec
from aiohttp import web

from pipecat_sagemaker_deepgram.gateway.access.door import caller_of
from pipecat_sagemaker_deepgram.gateway.jobs.queue import JobQueue
from pipecat_sagemaker_deepgram.gateway.jobs.records import JobRecord
from pipecat_sagemaker_deepgram.gateway.jobs.submission import JobSubmission
from pipecat_sagemaker_deepgram.gateway.jobs.wishes import read_job_query
from pipecat_sagemaker_deepgram.gateway.recorded.listen import RecordedListening
from pipecat_sagemaker_deepgram.gateway.refusals import bad_query
from pipecat_sagemaker_deepgram.web.errors import RequestError
from pipecat_sagemaker_deepgram.web.front import json_response

_STATUSES = ("queued", "running", "completed", "failed")
_USUAL_LIMIT = 100
_LIMITS = range(1, 1001)


class JobRoutes:
    """Serves the routes.

    Args:
        queue: The queue.
        submission: Adds recordings to it.
        listening: Reads recordings.
    """

    def __init__(
        self, queue: JobQueue, submission: JobSubmission, listening: RecordedListening
    ) -> None:
        self._queue = queue
        self._submission = submission
        self._listening = listening

    async def submit(self, request: web.Request) -> web.StreamResponse:
        """Queue a recording, as ``POST /v1/listen?callback=`` and ``POST /v1/jobs`` do.

        Raises:
            RequestError: The request is refused.
        """
        parameters, wish = read_job_query(request.rel_url.raw_query_string)
        recording = await self._listening.read(request, parameters)
        await self._submission.submit(recording, wish, caller_of(request))
        return json_response({"request_id": recording.request_id})

    async def find(self, request: web.Request) -> web.StreamResponse:
        """Serve ``GET /v1/jobs/{request_id}``: the status of a job, and its result if done.

        Raises:
            RequestError: The caller has no job with this id.
        """
        id = request.match_info["request_id"]
        job = await self._queue.find(id, caller_of(request).key_id)
        if job is None:
            raise _no_such_job(id)
        written = write_job(job)
        if job.status == "completed" and (result := await self._queue.result(id)) is not None:
            written["result"] = msgspec.json.decode(result)
        return json_response(written)

    async def listed(self, request: web.Request) -> web.StreamResponse:
        """Serve ``GET /v1/jobs``: the caller's latest jobs, without their results.

        Raises:
            RequestError: The query is invalid.
        """
        status = request.query.get("status")
        if status is not None and status not in _STATUSES:
            raise bad_query(f"status: must be one of {', '.join(_STATUSES)}")
        jobs = await self._queue.listed(
            caller_of(request).key_id, status=status, limit=_read_limit(request)
        )
        return json_response({"jobs": [write_job(job) for job in jobs]})

    async def delete(self, request: web.Request) -> web.StreamResponse:
        """Serve ``DELETE /v1/jobs/{request_id}``: delete a job and all its data.

        Raises:
            RequestError: The caller has no job with this id.
        """
        id = request.match_info["request_id"]
        if not await self._queue.delete(id, caller_of(request).key_id):
            raise _no_such_job(id)
        return web.Response(status=HTTPStatus.NO_CONTENT)


def write_job(job: JobRecord) -> dict[str, Any]:
    """Write the record of a job."""
    written = asdict(job) | {"created": _time(job.created), "finished": _time(job.finished)}
    written.pop("failure")
    if job.failure is not None:
        written["error"] = {"err_code": job.failure.code, "err_msg": job.failure.message}
    return {name: value for name, value in written.items() if value is not None}


def _time(seconds: float | None) -> str | None:
    if seconds is None:
        return None
    return datetime.fromtimestamp(seconds, UTC).isoformat(timespec="milliseconds")


def _read_limit(request: web.Request) -> int:
    text = request.query.get("limit", str(_USUAL_LIMIT))
    if not text.isdecimal() or int(text) not in _LIMITS:
        raise bad_query("limit: must be from 1 to 1000")
    return int(text)


def _no_such_job(id: str) -> RequestError:
    return RequestError(HTTPStatus.NOT_FOUND, "NOT_FOUND", f"there is no job {id[:64]!r}")
