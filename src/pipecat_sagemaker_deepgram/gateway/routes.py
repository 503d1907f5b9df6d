# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
"""The routes of a gateway, and who serves each."""

from collections.abc import Awaitable, Callable

from aiohttp import web

from pipecat_sagemaker_deepgram.gateway.access.door import Door
from pipecat_sagemaker_deepgram.gateway.access.grants import Grants
from pipecat_sagemaker_deepgram.gateway.endpoints import EndpointList
from pipecat_sagemaker_deepgram.gateway.health import Health
from pipecat_sagemaker_deepgram.gateway.jobs.routes import JobRoutes
from pipecat_sagemaker_deepgram.gateway.jobs.service import JobService
from pipecat_sagemaker_deepgram.gateway.jobs.submission import JobSubmission
from pipecat_sagemaker_deepgram.gateway.jobs.transcription import JobTranscription
from pipecat_sagemaker_deepgram.gateway.log import logged
from pipecat_sagemaker_deepgram.gateway.options import GatewayOptions
from pipecat_sagemaker_deepgram.gateway.recorded.listen import RecordedListening
from pipecat_sagemaker_deepgram.gateway.recorded.requests import EndpointRequests
from pipecat_sagemaker_deepgram.gateway.recorded.speak import Speaking
from pipecat_sagemaker_deepgram.gateway.recorded.streamed import StreamedRecordings
from pipecat_sagemaker_deepgram.gateway.recorded.transcribe import TranscribeRoute
from pipecat_sagemaker_deepgram.gateway.recorded.transcribing import Transcribing
from pipecat_sagemaker_deepgram.gateway.sessions import Sessions
from pipecat_sagemaker_deepgram.gateway.speaking.speak import SpeechStreams
from pipecat_sagemaker_deepgram.gateway.streaming.listen import Listening
from pipecat_sagemaker_deepgram.web.front import Front, Handler

type Stream = Callable[[Front, web.Request], Awaitable[web.StreamResponse]]


class Routes:
    """What a gateway serves.

    Args:
        options: What it serves, and its limits.
        door: Lets requests in.

    Attributes:
        front: The web server; set before it runs.
        jobs: The queue and its workers; ``None`` where there are none.
    """

    front: Front

    def __init__(self, options: GatewayOptions, door: Door) -> None:
        endpoints = EndpointList(options.endpoints)
        self._door = door
        self._health = Health(endpoints, door)
        self._grants = Grants(door)
        sessions = Sessions(options, endpoints)
        self._listening = Listening(options, sessions)
        self._speech = SpeechStreams(options, sessions)
        self._requests = EndpointRequests(options, endpoints)
        transcribing = Transcribing(self._requests, StreamedRecordings(options, self._requests))
        self._recorded = RecordedListening(options, transcribing)
        self.jobs = None
        self._job_routes = submission = None
        if options.jobs is not None:
            self.jobs = JobService(options.jobs, JobTranscription(transcribing).transcribe)
            submission = JobSubmission(self.jobs.queue, endpoints, options.jobs.callbacks)
            self._job_routes = JobRoutes(self.jobs.queue, submission, self._recorded)
        self._transcribe = TranscribeRoute(options, transcribing, submission)
        self._speaking = Speaking(self._requests)

    def close(self) -> None:
        """Close idle connections to endpoints."""
        self._requests.close()

    def table(self) -> list[web.RouteDef]:
        """The routes."""
        return [
            *self._table_of_jobs(),
            *_with_slash("GET", "/v1/listen", self._stream(self._listening.listen_v1)),
            *_with_slash("GET", "/v2/listen", self._stream(self._listening.listen_v2)),
            *_with_slash("GET", "/v1/speak", self._stream(self._speech.speak_v1)),
            *_with_slash("GET", "/v2/speak", self._stream(self._speech.speak_v2)),
            *_with_slash("POST", "/v1/listen", self._answer(self._listen_recorded)),
            *_with_slash("POST", "/v1/speak", self._answer(self._speaking.speak)),
            *_with_slash("POST", "/v2/speak", self._answer(self._speaking.speak)),
            web.post("/transcribe", self._answer(self._transcribe.transcribe)),
            web.post("/v1/auth/grant", self._grants.grant),
            web.get("/health", self._health.ready),
            web.get("/health/live", self._health.live),
            web.get("/health/ready", self._health.ready),
        ]

    def _table_of_jobs(self) -> list[web.RouteDef]:
        if (routes := self._job_routes) is None:
            return []
        return [
            web.post("/v1/jobs", self._answer(routes.submit)),
            web.get("/v1/jobs", self._answer(routes.listed)),
            web.get("/v1/jobs/{request_id}", self._answer(routes.find)),
            web.delete("/v1/jobs/{request_id}", self._answer(routes.delete)),
        ]

    async def _listen_recorded(self, request: web.Request) -> web.StreamResponse:
        """Queue a recording that is to be called back for; answer any other."""
        if self._job_routes is not None and "callback" in request.query:
            return await self._job_routes.submit(request)
        return await self._recorded.listen(request)

    def _answer(self, serve: Handler) -> Handler:
        """Have a request be let in, and hold its place until it is answered."""

        async def handle(request: web.Request) -> web.StreamResponse:
            async with self._door.admit(request) as caller:
                with logged(request, caller):
                    return await serve(request)

        return handle

    def _stream(self, serve: Stream) -> Handler:
        """Have a stream be let in, and hold its place as long as it runs."""

        async def handle(request: web.Request) -> web.StreamResponse:
            async with self._door.admit(request) as caller:
                with logged(request, caller):
                    return await serve(self.front, request)

        return handle


def _with_slash(method: str, path: str, handler: Handler) -> list[web.RouteDef]:
    return [web.route(method, path, handler), web.route(method, f"{path}/", handler)]
