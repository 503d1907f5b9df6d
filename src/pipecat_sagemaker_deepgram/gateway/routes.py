# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
"""The routes of a gateway and their handlers."""

from collections.abc import Awaitable, Callable
from contextlib import AbstractContextManager
from functools import partial

from aiohttp import web

from pipecat_sagemaker_deepgram.client.clock import loop_time
from pipecat_sagemaker_deepgram.gateway.access.door import Caller, Door
from pipecat_sagemaker_deepgram.gateway.access.grants import Grants
from pipecat_sagemaker_deepgram.gateway.endpoints import EndpointList
from pipecat_sagemaker_deepgram.gateway.health import Health
from pipecat_sagemaker_deepgram.gateway.jobs.routes import JobRoutes
from pipecat_sagemaker_deepgram.gateway.jobs.service import JobService
from pipecat_sagemaker_deepgram.gateway.jobs.submission import JobSubmission
from pipecat_sagemaker_deepgram.gateway.jobs.transcription import JobTranscription
from pipecat_sagemaker_deepgram.gateway.metrics import GatewayMetrics
from pipecat_sagemaker_deepgram.gateway.monitor import Monitor
from pipecat_sagemaker_deepgram.gateway.options import GatewayOptions
from pipecat_sagemaker_deepgram.gateway.recorded.listen import RecordedListening
from pipecat_sagemaker_deepgram.gateway.recorded.requests import EndpointRequests
from pipecat_sagemaker_deepgram.gateway.recorded.speak import Speaking
from pipecat_sagemaker_deepgram.gateway.recorded.streamed import StreamedRecordings
from pipecat_sagemaker_deepgram.gateway.recorded.transcribe import TranscribeRoute
from pipecat_sagemaker_deepgram.gateway.recorded.transcribing import Transcribing
from pipecat_sagemaker_deepgram.gateway.sessions import Sessions
from pipecat_sagemaker_deepgram.gateway.speaking.speak import SpeechStreams
from pipecat_sagemaker_deepgram.gateway.streaming.listen import ListenRoutes
from pipecat_sagemaker_deepgram.gateway.tracing import traced
from pipecat_sagemaker_deepgram.web.front import Front, Handler, request_id

_JOB = "/v1/jobs/{request_id:[0-9a-f-]{36}}"

type Stream = Callable[[Front, web.Request], Awaitable[web.StreamResponse]]


class Routes:
    """The routes of a gateway.

    Args:
        options: Options of the gateway.
        door: Admits requests.

    Attributes:
        front: The web server; set before it runs.
        jobs: The job queue and its workers; ``None`` if there are none.
    """

    front: Front

    def __init__(self, options: GatewayOptions, door: Door) -> None:
        endpoints = EndpointList(options.endpoints)
        self._door = door
        self._health = Health(endpoints, door)
        self._grants = Grants(door)
        self._endpoints = endpoints
        self._tracer = options.tracer
        self._metrics = GatewayMetrics()
        sessions = Sessions(options, endpoints, self._metrics)
        self._listening = ListenRoutes(options, sessions)
        self._speech = SpeechStreams(options, sessions)
        self._requests = EndpointRequests(options, endpoints)
        transcribing = Transcribing(self._requests, StreamedRecordings(options, self._requests))
        self._recorded = RecordedListening(options, transcribing)
        self.jobs = None
        self._job_routes = submission = None
        if options.jobs is not None:
            self.jobs = JobService(
                options.jobs,
                JobTranscription(transcribing, options.tracer).transcribe,
                on_attempt=partial(self._metrics.attempt, endpoints),
                on_callback=self._metrics.callback,
            )
            submission = JobSubmission(self.jobs.queue, endpoints, options.jobs.callbacks)
            self._job_routes = JobRoutes(self.jobs.queue, submission, self._recorded)
        queue = None if self.jobs is None else self.jobs.queue
        self._monitor = Monitor(self._metrics, door, queue)
        self._transcribe = TranscribeRoute(options, transcribing, submission)
        self._speaking = Speaking(options, self._requests)

    def close(self) -> None:
        """Close idle connections to endpoints."""
        self._requests.close()

    def table(self) -> list[web.RouteDef]:
        """List the routes."""
        return [
            *self._table_of_jobs(),
            web.get("/", self._monitor.page),
            web.get("/page/{name}", self._monitor.page),
            web.get("/metrics", self._monitor.metrics),
            web.get("/monitor.json", self._monitor.summary),
            *_with_slash("GET", "/v1/listen", self._listen_stream(self._listening.listen_v1)),
            *_with_slash("GET", "/v2/listen", self._listen_stream(self._listening.listen_v2)),
            *_with_slash("GET", "/v1/speak", self._stream(self._speech.speak_v1)),
            *_with_slash("GET", "/v2/speak", self._stream(self._speech.speak_v2)),
            *_with_slash("POST", "/v1/listen", self._answer(self._listen_recorded)),
            *_with_slash("POST", "/v1/speak", self._answer(self._speaking.speak)),
            *_with_slash("POST", "/v2/speak", self._answer(self._speaking.speak)),
            web.post("/transcribe", self._answer(self._transcribe_counted)),
            web.post("/v1/auth/grant", self._grants.grant),
            web.get("/health", self._health.ready),
            web.get("/health/live", self._health.live),
            web.get("/health/ready", self._health.ready),
        ]

    def table_for_prometheus(self) -> list[web.RouteDef]:
        """List the routes of the port for Prometheus."""
        return [web.get("/metrics", self._monitor.open_metrics)]

    def _table_of_jobs(self) -> list[web.RouteDef]:
        if (routes := self._job_routes) is None:
            return []
        return [
            web.post("/v1/jobs", self._answer(routes.submit)),
            web.get("/v1/jobs", self._answer(routes.listed)),
            web.get(_JOB, self._answer(routes.find)),
            web.delete(_JOB, self._answer(routes.delete)),
        ]

    async def _listen_recorded(self, request: web.Request) -> web.StreamResponse:
        """Queue a recording with a callback; transcribe any other at once."""
        if self._job_routes is not None and "callback" in request.query:
            return await self._job_routes.submit(request)
        with self._count(request, is_timed=True):
            return await self._recorded.listen(request)

    async def _transcribe_counted(self, request: web.Request) -> web.StreamResponse:
        with self._count(request, is_timed=False):
            return await self._transcribe.transcribe(request)

    def _listen_stream(self, serve: Stream) -> Handler:
        async def handle(front: Front, request: web.Request) -> web.StreamResponse:
            with self._count(request, is_timed=False):
                return await serve(front, request)

        return self._stream(handle)

    def _count(self, request: web.Request, *, is_timed: bool) -> AbstractContextManager[None]:
        """Count a request, by its model and the region of the model's first endpoint."""
        model = request.query.get("model", "")
        region = self._endpoints.region(model, loop_time())
        return self._metrics.request(model, region, is_timed=is_timed)

    def _traced(self, request: web.Request, caller: Caller) -> AbstractContextManager[None]:
        attributes = {
            "request_id": request_id(request),
            "key_id": caller.key_id,
            "model": request.query.get("model", ""),
        }
        resource = request.match_info.route.resource
        path = "" if resource is None else resource.canonical
        return traced(self._tracer, f"{request.method} {path}", attributes, request.headers)

    def _answer(self, serve: Handler) -> Handler:
        """Admit a request, and hold its place until it is answered."""

        async def handle(request: web.Request) -> web.StreamResponse:
            async with self._door.admit(request) as caller:
                with self._traced(request, caller):
                    return await serve(request)

        return handle

    def _stream(self, serve: Stream) -> Handler:
        """Admit a stream, and hold its place as long as it runs."""

        async def handle(request: web.Request) -> web.StreamResponse:
            async with self._door.admit(request) as caller:
                with self._traced(request, caller):
                    return await serve(self.front, request)

        return handle


def _with_slash(method: str, path: str, handler: Handler) -> list[web.RouteDef]:
    return [web.route(method, path, handler), web.route(method, f"{path}/", handler)]
