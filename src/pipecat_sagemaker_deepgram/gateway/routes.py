# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
"""The routes of a gateway, and who serves each."""

from aiohttp import web

from pipecat_sagemaker_deepgram.container.http.front import Front, Handler
from pipecat_sagemaker_deepgram.gateway.options import GatewayOptions
from pipecat_sagemaker_deepgram.gateway.sessions import Sessions
from pipecat_sagemaker_deepgram.gateway.streaming.listen import Listening


class Routes:
    """What a gateway serves.

    Args:
        options: The limits.
        sessions: Opens what is behind a stream.

    Attributes:
        front: The web server; set before it runs.
    """

    front: Front

    def __init__(self, options: GatewayOptions, sessions: Sessions) -> None:
        self._listening = Listening(options, sessions)

    def table(self) -> list[web.RouteDef]:
        """The routes."""
        return [
            *_with_slash("GET", "/v1/listen", self._stream_v1),
            *_with_slash("GET", "/v2/listen", self._stream_v2),
        ]

    async def _stream_v1(self, request: web.Request) -> web.StreamResponse:
        return await self._listening.listen_v1(self.front, request)

    async def _stream_v2(self, request: web.Request) -> web.StreamResponse:
        return await self._listening.listen_v2(self.front, request)


def _with_slash(method: str, path: str, handler: Handler) -> list[web.RouteDef]:
    return [web.route(method, path, handler), web.route(method, f"{path}/", handler)]
