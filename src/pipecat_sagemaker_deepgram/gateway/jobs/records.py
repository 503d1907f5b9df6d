# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
"""What is known of a job. Pure."""

from dataclasses import dataclass, field
from typing import Literal

from pipecat_sagemaker_deepgram.gateway.jobs.decisions import Failure

type JobStatus = Literal["queued", "running", "completed", "failed"]

type CallbackStatus = Literal["waiting", "delivered", "failed"]


@dataclass(frozen=True, kw_only=True)
class NewJob:
    """A job that is to be queued.

    Attributes:
        request_id: Names it.
        key_id: Whose it is.
        user_id: Whom it is for, where the caller says so.
        endpoint: Where it is to go first.
        model: Deepgram's model.
        query: The query for the endpoint, written.
        content_type: What the audio is said to be.
        audio: The recording.
        streams: Whether it is streamed, whatever its size.
        priority: The job with the highest is run first.
        callback: Where its result is sent; ``None`` where nobody asked for it.
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
    """A job that a worker has.

    Attributes:
        request_id: Names it.
        token: Shows that the worker has it.
        attempt: Which attempt this is, from 1.
        model: Deepgram's model.
        query: The query for the endpoint, written.
        content_type: What the audio is said to be.
        streams: Whether it is streamed, whatever its size.
        waited: Seconds from when it was queued.
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
    """What is known of a job. Times are seconds since 1970.

    Attributes:
        request_id: Names it.
        status: How far it is.
        user_id: Whom it is for, where its caller has said so.
        model: Deepgram's model.
        priority: As it was queued.
        attempts: How often it has been tried.
        created: When it was queued.
        finished: When it was completed or failed.
        failure: Why the last attempt has failed, if one has.
        callback: What has become of the callback; ``None`` where none was asked for.
    """

    request_id: str
    status: JobStatus
    user_id: str | None = None
    model: str
    priority: int
    attempts: int
    created: float
    finished: float | None = None
    failure: Failure | None = None
    callback: CallbackStatus | None = None


@dataclass(frozen=True, kw_only=True)
class QueueDepth:
    """How much there is to do.

    Attributes:
        queued: Jobs that wait.
        running: Jobs that workers have.
        oldest: Seconds for which the oldest one has been waiting; 0 where none is.
    """

    queued: int
    running: int
    oldest: float


@dataclass(frozen=True, kw_only=True)
class ClaimedCallback:
    """A callback that a worker is to send.

    Attributes:
        request_id: Names the job.
        token: Shows that the worker has it.
        attempt: Which attempt this is, from 1.
        url: Where it goes.
        method: ``POST`` or ``PUT``.
        key_id: Whose job it is.
        body: The result, or the error, as JSON.
    """

    request_id: str
    token: str
    attempt: int
    url: str
    method: str
    key_id: str
    body: bytes = field(repr=False)
