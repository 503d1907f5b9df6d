# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
"""Accepts a client's stream, or refuses it before the upgrade."""

from datetime import UTC, datetime

from aiohttp import web

from pipecat_sagemaker_deepgram.client.clock import loop_time
from pipecat_sagemaker_deepgram.gateway.options import GatewayOptions
from pipecat_sagemaker_deepgram.gateway.query import (
    Parameters,
    one,
    read_flux_query,
    read_nova_query,
)
from pipecat_sagemaker_deepgram.gateway.sessions import Sessions
from pipecat_sagemaker_deepgram.gateway.streaming.audio import ClientAudio, client_audio
from pipecat_sagemaker_deepgram.gateway.streaming.connection import ListenConnection
from pipecat_sagemaker_deepgram.gateway.streaming.flux import FluxListenRelay
from pipecat_sagemaker_deepgram.gateway.streaming.idle import IdleClock
from pipecat_sagemaker_deepgram.gateway.streaming.nova import NovaListenRelay
from pipecat_sagemaker_deepgram.gateway.streaming.relay import ListenRelay
from pipecat_sagemaker_deepgram.web.front import Front, request_id, require_upgrade
from pipecat_sagemaker_deepgram.web.websocket import WebSocket


class ListenRoutes:
    """Serves the WebSockets of v1/listen and v2/listen.

    Args:
        options: The limits.
        sessions: Opens the session behind a stream.
    """

    def __init__(self, options: GatewayOptions, sessions: Sessions) -> None:
        self._options = options
        self._sessions = sessions

    async def listen_v1(self, front: Front, request: web.Request) -> web.StreamResponse:
        """Serve v1/listen.

        Raises:
            RequestError: The stream is refused.
        """
        require_upgrade(request)
        parameters = read_nova_query(request.rel_url.raw_query_string)
        audio = client_audio(parameters)
        created = datetime.now(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
        relay = NovaListenRelay(parameters, audio, request_id=request_id(request), created=created)
        idle = IdleClock(self._options.idle_timeout, loop_time())
        return await self._serve(front, request, parameters, relay, audio, idle)

    async def listen_v2(self, front: Front, request: web.Request) -> web.StreamResponse:
        """Serve v2/listen.

        Raises:
            RequestError: The stream is refused.
        """
        require_upgrade(request)
        parameters = read_flux_query(request.rel_url.raw_query_string)
        audio = client_audio(parameters)
        most = self._options.session.max_replay_buffer_bytes
        relay = FluxListenRelay(
            parameters, audio, request_id=request_id(request), max_replay_bytes=most
        )
        idle = IdleClock(self._options.flux_idle_timeout, loop_time(), audio_only=True)
        return await self._serve(front, request, parameters, relay, audio, idle)

    async def _serve(
        self,
        front: Front,
        request: web.Request,
        parameters: Parameters,
        relay: ListenRelay,
        audio: ClientAudio,
        idle: IdleClock,
    ) -> web.StreamResponse:
        session = await self._sessions.open(
            one(parameters, "model", "base"), relay.protocol, request_id=request_id(request)
        )

        async def talk(websocket: WebSocket) -> None:
            await ListenConnection(
                websocket, session, relay, audio, idle=idle, options=self._options
            ).run()

        try:
            return await front.serve(request, talk)
        finally:
            await session.close_session(timeout=0.0)
