# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
"""The records of jobs and callbacks. Pure."""

from dataclasses import dataclass, field
from typing import Literal

from pipecat_sagemaker_deepgram.gateway.jobs.decisions import AttemptFailure

type JobStatus = Literal["queued", "running", "completed", "failed"]

type CallbackStatus = Literal["waiting", "delivered", "failed"]


@dataclass(frozen=True, kw_only=True)
class NewJob:
    """A job to be queued.

    Attributes:
        request_id: Its id.
        key_id: Id of its owner's key.
        user_id: The user that the caller named; may be empty.
        endpoint: Its first target.
        model: Deepgram's model.
        query: The query for the endpoint, encoded.
        content_type: The declared type of the audio.
        audio: The recording.
        streams: Whether to stream it, whatever its size.
        priority: Jobs with a higher priority run first.
        callback: URL to which its result is sent; ``None`` for no callback.
        callback_method: ``POST`` or ``PUT``.
    """

    request_id: str
    key_id: str
    user_id: str | None = None
    endpoint: str
    model: str
    query: str
    content_type: str
    audio: bytes = field(repr=False)
    streams: bool = False
    priority: int = 0
    callback: str | None = None
    callback_method: str = "POST"


@dataclass(frozen=True, kw_only=True)
class ClaimedJob:
    """A job that a worker has claimed.

    Attributes:
        request_id: Its id.
        token: Proves that the worker has claimed it.
        attempt: Number of this attempt, from 1.
        model: Deepgram's model.
        query: The query for the endpoint, encoded.
        content_type: The declared type of the audio.
        streams: Whether to stream it, whatever its size.
        waited: Seconds since it was queued.
    """

    request_id: str
    token: str
    attempt: int
    model: str
    query: str
    content_type: str
    streams: bool
    waited: float


@dataclass(frozen=True, kw_only=True)
class JobRecord:
    """The public record of a job. Times are in seconds since 1970.

    Attributes:
        request_id: Its id.
        status: Its status.
        user_id: The user that the caller named; may be empty.
        model: Deepgram's model.
        priority: Its priority.
        attempts: Number of attempts so far.
        created: When it was queued.
        finished: When it was completed or failed.
        failure: Why the last attempt failed; ``None`` if none failed.
        callback: State of the callback; ``None`` if there is none.
    """

    request_id: str
    status: JobStatus
    user_id: str | None = None
    model: str
    priority: int
    attempts: int
    created: float
    finished: float | None = None
    failure: AttemptFailure | None = None
    callback: CallbackStatus | None = None


@dataclass(frozen=True, kw_only=True)
class QueueDepth:
    """How much there is to do.

    Attributes:
        queued: Number of waiting jobs.
        running: Number of jobs that workers have claimed.
        oldest: Seconds for which the oldest one has been waiting; 0 if none is.
    """

    queued: int
    running: int
    oldest: float


@dataclass(frozen=True, kw_only=True)
class ClaimedCallback:
    """A callback that a worker has claimed.

    Attributes:
        request_id: Id of the job.
        token: Proves that the worker has claimed it.
        attempt: Number of this attempt, from 1.
        url: Its receiver.
        method: ``POST`` or ``PUT``.
        key_id: Id of the job owner's key.
        body: The result, or the error, as JSON.
    """

    request_id: str
    token: str
    attempt: int
    url: str
    method: str
    key_id: str
    body: bytes = field(repr=False)
