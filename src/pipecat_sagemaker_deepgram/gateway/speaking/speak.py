# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
"""Accepts a client's stream of speech, or refuses it before the upgrade."""

from aiohttp import web

from pipecat_sagemaker_deepgram.deepgram.speak.aura import AuraSpeech
from pipecat_sagemaker_deepgram.deepgram.speak.flux import FluxSpeech
from pipecat_sagemaker_deepgram.deepgram.speak.protocol import (
    AURA_PATH,
    FLUX_TTS_PATH,
    speak_protocol,
)
from pipecat_sagemaker_deepgram.deepgram.speak.speech import SpokenText
from pipecat_sagemaker_deepgram.gateway.options import GatewayOptions
from pipecat_sagemaker_deepgram.gateway.query import (
    Parameters,
    one,
    read_aura_query,
    read_flux_speech_query,
    speech_bytes_per_second,
    write_query,
)
from pipecat_sagemaker_deepgram.gateway.recorded.speak import DEFAULT_VOICE
from pipecat_sagemaker_deepgram.gateway.sessions import Sessions
from pipecat_sagemaker_deepgram.gateway.speaking.connection import SpeakConnection
from pipecat_sagemaker_deepgram.web.front import Front, request_id, require_upgrade
from pipecat_sagemaker_deepgram.web.websocket import WebSocket


class SpeechStreams:
    """Serves the WebSockets of v1/speak and v2/speak.

    Args:
        options: The limits.
        sessions: Opens the session behind a stream.
    """

    def __init__(self, options: GatewayOptions, sessions: Sessions) -> None:
        self._options = options
        self._sessions = sessions

    async def speak_v1(self, front: Front, request: web.Request) -> web.StreamResponse:
        """Serve v1/speak.

        Raises:
            RequestError: The stream is refused.
        """
        require_upgrade(request)
        parameters = read_aura_query(request.rel_url.raw_query_string)
        return await self._serve(front, request, parameters, AURA_PATH, AuraSpeech())

    async def speak_v2(self, front: Front, request: web.Request) -> web.StreamResponse:
        """Serve v2/speak.

        Raises:
            RequestError: The stream is refused.
        """
        require_upgrade(request)
        parameters = read_flux_speech_query(request.rel_url.raw_query_string)
        speech = FluxSpeech(bytes_per_second=speech_bytes_per_second(parameters))
        return await self._serve(front, request, parameters, FLUX_TTS_PATH, speech)

    async def _serve(
        self,
        front: Front,
        request: web.Request,
        parameters: Parameters,
        path: str,
        speech: SpokenText,
    ) -> web.StreamResponse:
        query = write_query(parameters)
        session = await self._sessions.open(
            one(parameters, "model", DEFAULT_VOICE),
            speak_protocol(path, lambda: query),
            request_id=request_id(request),
        )

        async def talk(websocket: WebSocket) -> None:
            await SpeakConnection(
                websocket,
                session,
                speech,
                is_flux=path == FLUX_TTS_PATH,
                options=self._options,
            ).run()

        try:
            return await front.serve(request, talk)
        finally:
            await session.close_session(timeout=0.0)
