# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
"""The routes of a container, and who serves each."""

from http import HTTPStatus

from aiohttp import web

from pipecat_sagemaker_deepgram.container.engine import Engine
from pipecat_sagemaker_deepgram.container.http.front import Front, Handler, json_response
from pipecat_sagemaker_deepgram.container.http.status import Activity
from pipecat_sagemaker_deepgram.container.options import ContainerOptions
from pipecat_sagemaker_deepgram.container.streams import Streams

V1_LISTEN = "/v1/listen"
V2_LISTEN = "/v2/listen"


class Routes:
    """What a container serves.

    Args:
        engine: The models.
        options: How the container behaves.
        activity: Counts what is served.

    Attributes:
        front: The web server; set before it runs.
    """

    front: Front

    def __init__(self, engine: Engine, options: ContainerOptions, activity: Activity) -> None:
        self._engine = engine
        self._activity = activity
        self._streams = Streams(engine, options, activity)

    def table(self) -> list[web.RouteDef]:
        """The routes."""
        return [
            web.get("/ping", self._ping),
            web.post("/ping", self._ping),
            *_with_slash("GET", V1_LISTEN, self._stream_v1),
            *_with_slash("GET", V2_LISTEN, self._stream_v2),
            web.get("/v1/status", self._status),
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

    async def _status(self, request: web.Request) -> web.Response:
        return json_response(self._activity.status(self._engine.unready))

    async def _metrics(self, request: web.Request) -> web.Response:
        text = self._activity.metrics(self._engine.unready)
        return web.Response(body=text, headers={"Content-Type": "text/plain; version=0.0.4"})


def _with_slash(method: str, path: str, handler: Handler) -> list[web.RouteDef]:
    return [web.route(method, path, handler), web.route(method, f"{path}/", handler)]
