# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
"""``POST /transcribe``: the route of the reference architecture, with a URL and a plain response.

A file of up to five minutes is transcribed at once. A longer one, or one with ``mode`` set to
``async``, is queued; without a queue it is streamed, and the response follows at the end.
"""

import asyncio
from http import HTTPStatus
from typing import Any, Literal

import msgspec
from aiohttp import web
from loguru import logger

from pipecat_sagemaker_deepgram.gateway.access.door import caller_of
from pipecat_sagemaker_deepgram.gateway.jobs.submission import JobSubmission
from pipecat_sagemaker_deepgram.gateway.jobs.wishes import JobWish, checked_priority
from pipecat_sagemaker_deepgram.gateway.options import GatewayOptions
from pipecat_sagemaker_deepgram.gateway.query import one, read_request_query, write_query
from pipecat_sagemaker_deepgram.gateway.recorded.fetching import fetch
from pipecat_sagemaker_deepgram.gateway.recorded.recording_request import RecordingRequest
from pipecat_sagemaker_deepgram.gateway.recorded.transcribing import Transcribing
from pipecat_sagemaker_deepgram.recorded import RecordingError, open_recording
from pipecat_sagemaker_deepgram.web.bodies import read_body
from pipecat_sagemaker_deepgram.web.errors import InvalidJsonError
from pipecat_sagemaker_deepgram.web.front import json_response, request_id

LONG = 300.0
"""Seconds of audio beyond which a file is not transcribed by one request (reference
architecture)."""

_DEFAULTS = {"model": ["nova-3"], "smart_format": ["true"]}


class TranscriptionWish(msgspec.Struct, kw_only=True, rename="camel"):
    """The body of a request.

    Attributes:
        audio_url: URL of the audio.
        user_id: The user, for the log.
        mode: ``sync`` for one request, ``async`` for the queue; by default, the length decides.
        priority: Queued recordings with a higher priority are transcribed first.
        audio_duration: Seconds of audio, if the caller knows it.
    """

    audio_url: str
    user_id: str | None = None
    mode: Literal["sync", "async"] | None = None
    priority: int = 0
    audio_duration: float | None = None


class TranscribeRoute:
    """Serves the route.

    Args:
        options: The limits.
        transcribing: Transcribes recordings.
        jobs: Queues them; ``None`` if there is no queue.
    """

    def __init__(
        self, options: GatewayOptions, transcribing: Transcribing, jobs: JobSubmission | None
    ) -> None:
        self._options = options
        self._transcribing = transcribing
        self._jobs = jobs

    async def transcribe(self, request: web.Request) -> web.StreamResponse:
        """Serve a request.

        Raises:
            RequestError: The request is refused.
        """
        wish = _read(await read_body(request, idle_timeout=self._options.upload_idle))
        parameters = {**_DEFAULTS, **read_request_query(request.rel_url.raw_query_string)}
        fetched = await fetch(wish.audio_url, self._options.fetch)
        id = request_id(request)
        logger.bind(user_id=wish.user_id).debug("{}: fetched {} bytes", id, len(fetched.body))
        recording = RecordingRequest(
            body=fetched.body,
            content_type=fetched.content_type,
            model=one(parameters, "model"),
            query=write_query(parameters),
            parameters=parameters,
            request_id=id,
        )
        is_long = await _is_long(wish, fetched.body)
        if is_long and self._jobs is not None:
            return await self._queue(request, recording, wish, self._jobs)
        answer = await self._transcribing.transcribe(recording, streams=is_long)
        return json_response({"transcript": text_of(answer), "requestId": id})

    async def _queue(
        self,
        request: web.Request,
        recording: RecordingRequest,
        wish: TranscriptionWish,
        jobs: JobSubmission,
    ) -> web.StreamResponse:
        await jobs.submit(
            recording,
            JobWish(priority=checked_priority(wish.priority)),
            caller_of(request),
            user_id=wish.user_id,
            streams=True,
        )
        id = recording.request_id
        return json_response(
            {"jobId": id, "requestId": id, "status": "queued"}, status=HTTPStatus.ACCEPTED
        )


def text_of(answer: dict[str, Any]) -> str:
    """The text of Deepgram's response, with one line per channel."""
    channels = answer.get("results", {}).get("channels", [])
    best = [each["alternatives"][0]["transcript"] for each in channels if each.get("alternatives")]
    return "\n".join(best)


async def _is_long(wish: TranscriptionWish, body: bytes) -> bool:
    """Whether a recording is too long for one request, or is to be queued."""
    if wish.mode is not None:
        return wish.mode == "async"
    seconds = wish.audio_duration
    if seconds is None:
        seconds = await asyncio.to_thread(_seconds_of, body)
    return seconds is not None and seconds > LONG


def _seconds_of(body: bytes) -> float | None:
    try:
        return open_recording(body).seconds
    except RecordingError:
        return None  # The container reports what is wrong with it.


def _read(body: bytes) -> TranscriptionWish:
    try:
        return msgspec.json.decode(body, type=TranscriptionWish)
    except (msgspec.DecodeError, UnicodeError) as error:
        raise InvalidJsonError(str(error)) from error
