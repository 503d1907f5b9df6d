# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
"""Streams: which WebSockets are accepted, and which dialogue each runs."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial

from aiohttp import web

from pipecat_sagemaker_deepgram.container.connection import DialogueConnection, IdleRule
from pipecat_sagemaker_deepgram.container.dialogue import Dialogue
from pipecat_sagemaker_deepgram.container.engine import Engine, unavailable
from pipecat_sagemaker_deepgram.container.http.status import Activity, Kind
from pipecat_sagemaker_deepgram.container.http.targets import query_of
from pipecat_sagemaker_deepgram.container.options import ContainerOptions
from pipecat_sagemaker_deepgram.container.recognizers.recognizer import ModelInfo
from pipecat_sagemaker_deepgram.container.speak.connection import SpeechConnection
from pipecat_sagemaker_deepgram.container.speak.dialogue import SpeakDialogue
from pipecat_sagemaker_deepgram.container.speak.query import (
    SpeakQuery,
    parse_flux_speak_query,
    parse_speak_query,
)
from pipecat_sagemaker_deepgram.container.speak.v1 import SpeakV1
from pipecat_sagemaker_deepgram.container.speak.v2 import SpeakV2
from pipecat_sagemaker_deepgram.container.v1.listen import ListenV1
from pipecat_sagemaker_deepgram.container.v2.listen import ListenV2
from pipecat_sagemaker_deepgram.web.front import Front, request_id, require_upgrade
from pipecat_sagemaker_deepgram.web.websocket import WebSocket

type Plan = tuple[Callable[..., Dialogue], IdleRule]
"""A function that opens a dialogue for a request id, and the idle limit of its connection."""


@dataclass(frozen=True)
class StreamRoutes:
    """Serves the WebSocket routes.

    Args:
        engine: The models.
        options: The container's options.
        activity: Counts the requests.
    """

    engine: Engine
    options: ContainerOptions
    activity: Activity

    async def listen_v1(self, front: Front, request: web.Request) -> web.StreamResponse:
        """Serve v1/listen."""
        return await self._serve(front, request, Kind.STREAM, self._plan_v1)

    async def listen_v2(self, front: Front, request: web.Request) -> web.StreamResponse:
        """Serve v2/listen."""
        return await self._serve(front, request, Kind.LISTEN_V2, self._plan_v2)

    async def speak_v1(self, front: Front, request: web.Request) -> web.StreamResponse:
        """Serve v1/speak."""
        return await self._serve_speech(front, request, parse_speak_query, self._speak_v1)

    async def speak_v2(self, front: Front, request: web.Request) -> web.StreamResponse:
        """Serve v2/speak."""
        return await self._serve_speech(front, request, parse_flux_speak_query, SpeakV2)

    async def _serve(
        self, front: Front, request: web.Request, kind: Kind, plan: Callable[[str], Plan]
    ) -> web.StreamResponse:
        await self._admit(front, request)
        open_dialogue, idle = plan(query_of(request.raw_path, self.options))
        with self.activity.count(kind):
            return await front.serve(
                request,
                partial(
                    self._converse,
                    dialogue=open_dialogue(request_id=request_id(request)),
                    idle=idle,
                ),
            )

    async def _serve_speech(
        self,
        front: Front,
        request: web.Request,
        parse: Callable[[str], SpeakQuery],
        make: Callable[..., SpeakDialogue],
    ) -> web.StreamResponse:
        await self._admit(front, request)
        query = parse(query_of(request.raw_path, self.options))
        synthesizer = await self.engine.require_synthesizer()
        dialogue = make(query, synthesizer.model_info, request_id=request_id(request))
        with self.activity.count(Kind.TTS):
            return await front.serve(request, partial(self._speak, dialogue=dialogue, query=query))

    async def _admit(self, front: Front, request: web.Request) -> None:
        """Check that a stream can be served.

        Raises:
            RequestError: It is not a stream, or the container is full.
        """
        require_upgrade(request)
        await self.engine.require_ready(self.options.loading_patience)
        limit = self.options.max_streams
        if limit is not None and front.open_websockets >= limit:
            raise unavailable(f"all {limit} streams are taken")

    async def _speak(
        self, websocket: WebSocket, *, dialogue: SpeakDialogue, query: SpeakQuery
    ) -> None:
        options = self.options
        await SpeechConnection(
            websocket,
            dialogue,
            self.engine.synthesizer,
            format=query.format,
            run=self.engine.run_in_thread,
            pace=options.speech_pace,
            idle_timeout=options.speech_idle_timeout,
            longest=options.longest_speech,
            send_timeout=options.send_timeout,
        ).run()

    def _speak_v1(self, query: SpeakQuery, model: ModelInfo, *, request_id: str) -> SpeakV1:
        return SpeakV1(
            query, model, request_id=request_id, is_limited=self.options.limits_characters
        )

    async def _converse(self, websocket: WebSocket, *, dialogue: Dialogue, idle: IdleRule) -> None:
        await DialogueConnection(
            websocket,
            dialogue,
            run=self.engine.run,
            idle=idle,
            max_speed=self.engine.recognizer.max_speed,
            send_timeout=self.options.send_timeout,
        ).run()

    def _plan_v1(self, query: str) -> Plan:
        recognizer = self.engine.recognizer
        nova = ListenV1.check(query, recognizer)
        created = datetime.now(UTC).isoformat(timespec="milliseconds")
        return (
            partial(ListenV1, nova, recognizer, created=created),
            IdleRule(self.options.idle_timeout, _now()),
        )

    def _plan_v2(self, query: str) -> Plan:
        recognizer, flux = self.engine.recognizer, self.options.flux
        return (
            partial(ListenV2, ListenV2.check(query, recognizer, flux), recognizer, options=flux),
            IdleRule(flux.idle_timeout, _now(), audio_only=True),
        )


def _now() -> float:
    return asyncio.get_running_loop().time()
