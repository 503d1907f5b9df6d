# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
"""The routes of a container, and their handlers."""

from http import HTTPStatus

from aiohttp import web

from pipecat_sagemaker_deepgram.container.engine import Engine
from pipecat_sagemaker_deepgram.container.http.status import Activity, stt_model, tts_model
from pipecat_sagemaker_deepgram.container.http.submission import Submission
from pipecat_sagemaker_deepgram.container.http.targets import invocation_target, query_of
from pipecat_sagemaker_deepgram.container.options import ContainerOptions
from pipecat_sagemaker_deepgram.container.speak.post import SpeakRoute, SpeechAnswer
from pipecat_sagemaker_deepgram.container.streams import StreamRoutes
from pipecat_sagemaker_deepgram.container.v1.recording import Recordings
from pipecat_sagemaker_deepgram.web.front import (
    Front,
    Handler,
    json_response,
    not_found,
    request_id,
)

INVOCATIONS = "/invocations"
V1_LISTEN = "/v1/listen"
V2_LISTEN = "/v2/listen"
V1_SPEAK = "/v1/speak"
V2_SPEAK = "/v2/speak"


class ContainerRoutes:
    """Serves the routes of a container.

    Args:
        engine: The models.
        options: The container's options.
        activity: Counts the requests.

    Attributes:
        front: The web server; set before it runs.
    """

    front: Front

    def __init__(self, engine: Engine, options: ContainerOptions, activity: Activity) -> None:
        self._engine = engine
        self._activity = activity
        self._options = options
        self._streams = StreamRoutes(engine, options, activity)
        self._recordings = Recordings(engine, activity)
        self._speaking = SpeakRoute(engine, activity)

    def table(self) -> list[web.RouteDef]:
        """The routes."""
        return [
            web.get("/ping", self._ping),
            web.post("/ping", self._ping),
            *_with_slash("GET", V1_LISTEN, self._stream_v1),
            *_with_slash("GET", V2_LISTEN, self._stream_v2),
            *_with_slash("POST", V1_LISTEN, self._submit),
            *_with_slash("GET", V1_SPEAK, self._speak_v1),
            *_with_slash("GET", V2_SPEAK, self._speak_v2),
            *_with_slash("POST", V1_SPEAK, self._submit),
            *_with_slash("POST", V2_SPEAK, self._submit),
            web.post(INVOCATIONS, self._invoke),
            web.get("/v1/status", self._status),
            web.get("/v1/status/engine", self._engine_status),
            web.get("/v1/models", self._models),
            web.get("/v1/models/{id}", self._model),
            web.get("/metrics", self._metrics),
        ]

    async def _ping(self, request: web.Request) -> web.Response:
        unready = self._engine.unready
        status = HTTPStatus.SERVICE_UNAVAILABLE if unready else HTTPStatus.OK
        return web.Response(status=status, text=f"{unready or 'ready'}\n")

    async def _stream_v1(self, request: web.Request) -> web.StreamResponse:
        return await self._streams.listen_v1(self.front, request)

    async def _stream_v2(self, request: web.Request) -> web.StreamResponse:
        return await self._streams.listen_v2(self.front, request)

    async def _speak_v1(self, request: web.Request) -> web.StreamResponse:
        return await self._streams.speak_v1(self.front, request)

    async def _speak_v2(self, request: web.Request) -> web.StreamResponse:
        return await self._streams.speak_v2(self.front, request)

    async def _submit(self, request: web.Request) -> web.StreamResponse:
        return await self._serve(request, request.raw_path)

    async def _invoke(self, request: web.Request) -> web.StreamResponse:
        attributes = request.headers.get("X-Amzn-SageMaker-Custom-Attributes", "")
        return await self._serve(request, invocation_target(attributes))

    async def _serve(self, request: web.Request, target: str) -> web.StreamResponse:
        """Serve a request with a body for the route ``target``."""
        submission = Submission(
            query=query_of(target, self._options),
            content_type=request.content_type,
            body=await request.read(),
            request_id=request_id(request),
        )
        await self._engine.require_ready(self._options.loading_patience)
        match target.partition("?")[0].removesuffix("/"):
            case "/v1/listen":
                return json_response(await self._recordings.listen(submission))
            case "/v1/speak":
                return _speech(await self._speaking.speak_v1(submission))
            case "/v2/speak":
                return _speech(await self._speaking.speak_v2(submission))
            case path:
                raise not_found(path)

    async def _status(self, request: web.Request) -> web.Response:
        return json_response(self._activity.status(self._engine.unready))

    async def _engine_status(self, request: web.Request) -> web.Response:
        is_connected = self._engine.unready is None
        state = "Connected" if is_connected else "Disconnected"
        return json_response({"engine_connection_status": state})

    async def _models(self, request: web.Request) -> web.Response:
        return json_response(
            {
                "stt": [stt_model(self._engine.recognizer.model_info)],
                "tts": [tts_model(self._engine.synthesizer.model_info)],
            }
        )

    async def _model(self, request: web.Request) -> web.Response:
        listener = self._engine.recognizer.model_info
        speaker = self._engine.synthesizer.model_info
        listed = {listener.uuid: stt_model(listener), speaker.uuid: tts_model(speaker)}
        if (model := listed.get(request.match_info["id"])) is None:
            raise not_found(request.path)
        return json_response(model)

    async def _metrics(self, request: web.Request) -> web.Response:
        text = self._activity.metrics(self._engine.unready)
        return web.Response(body=text, headers={"Content-Type": "text/plain; version=0.0.4"})


def _speech(speech: SpeechAnswer) -> web.Response:
    headers = {"Content-Type": speech.content_type, **speech.headers}
    return web.Response(body=speech.audio, headers=headers)


def _with_slash(method: str, path: str, handler: Handler) -> list[web.RouteDef]:
    return [web.route(method, path, handler), web.route(method, f"{path}/", handler)]
