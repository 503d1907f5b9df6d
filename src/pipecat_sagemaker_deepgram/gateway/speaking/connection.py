# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
"""One client's stream of speech: text in, audio back, even if endpoint streams are lost."""

import asyncio

from loguru import logger

from pipecat_sagemaker_deepgram.client.bidi_client import SageMakerBidiClient
from pipecat_sagemaker_deepgram.client.records import Lost, Message, Record
from pipecat_sagemaker_deepgram.deepgram.relay import json_text
from pipecat_sagemaker_deepgram.deepgram.speak.protocol import SPEECH_KIND
from pipecat_sagemaker_deepgram.deepgram.speak.relay import SpeechRelay
from pipecat_sagemaker_deepgram.deepgram.speak.speech import SpokenText
from pipecat_sagemaker_deepgram.gateway.options import GatewayOptions
from pipecat_sagemaker_deepgram.gateway.speaking.messages import (
    AURA_CONTROLS,
    FLUX_CONTROLS,
    IDLE,
    INTERNAL,
    NO_TEXT,
    SpeechFault,
    fault_in,
)
from pipecat_sagemaker_deepgram.web.websocket import WebSocket


class SpeakConnection:
    """Runs one client's stream of speech.

    Args:
        websocket: The client's open connection.
        session: The session, whose first stream is open; closed at the end.
        speech: Tracks what has been spoken.
        is_flux: Whether it is v2/speak, which reports an error before it closes.
        options: The limits.
    """

    def __init__(
        self,
        websocket: WebSocket,
        session: SageMakerBidiClient,
        speech: SpokenText,
        *,
        is_flux: bool,
        options: GatewayOptions,
    ) -> None:
        self._websocket = websocket
        self._session = session
        self._relay = SpeechRelay(speech)
        self._is_flux = is_flux
        self._options = options
        self._draining: asyncio.Task[None] | None = None

    async def run(self) -> None:
        """Run until either side has closed."""
        try:
            async with asyncio.TaskGroup() as group:
                group.create_task(self._write(group))
                await self._read(group)
                await self._session.close_session(timeout=0.0)
        except* ConnectionError:
            logger.debug("{}: the client has disconnected", self._websocket.id)
        except* Exception as errors:
            logger.opt(exception=errors).error("{}: failed", self._websocket.id)
            await self._websocket.close(INTERNAL.close_code, INTERNAL.reason)
        finally:
            await self._session.close_session(timeout=0.0)

    # From the client

    async def _read(self, group: asyncio.TaskGroup) -> None:
        try:
            while True:
                async with asyncio.timeout(None if self._is_busy else self._options.speech_idle):
                    frame = await self._websocket.receive()
                if frame is None:
                    return
                await self._take(frame, group)
        except TimeoutError:
            await self._fail(IDLE)

    @property
    def _is_busy(self) -> bool:
        return self._relay.is_closing or self._relay.is_waiting

    async def _take(self, frame: str | bytes, group: asyncio.TaskGroup) -> None:
        if self._relay.is_closing:
            return
        if isinstance(frame, bytes):
            await self._fail(NO_TEXT)
            return
        if fault := fault_in(frame, FLUX_CONTROLS if self._is_flux else AURA_CONTROLS):
            await self._fail(fault)
            return
        self._relay.say(frame)
        await self._pump(group)

    # From the session

    async def _write(self, group: asyncio.TaskGroup) -> None:
        """Send the session's records to the client; close when it ends."""
        async for record in self._session.records():
            await self._follow(record)
            await self._pump(group)
        if self._relay.is_closing:
            await self._websocket.close()
        else:
            await self._fail(INTERNAL)

    async def _follow(self, record: Record) -> None:
        for message in self._relay.observe(record):
            await self._send(message)
        if isinstance(record, Message):
            self._session.acknowledge(0.0)
        elif isinstance(record, Lost) and self._relay.is_lost_for_good():
            logger.warning(
                "{}: two streams were lost while speaking the same text", self._websocket.id
            )
            await self._fail(INTERNAL)

    async def _pump(self, group: asyncio.TaskGroup) -> None:
        """Send the current stream the text to speak, and end it once all is spoken."""
        if not self._relay.takes_text or self._draining is not None or self._session.is_closed:
            return
        while (text := self._relay.next()) is not None:
            await self._session.send_text(text, kind=SPEECH_KIND)
        if self._relay.is_done:
            self._draining = group.create_task(self._session.close_session())

    async def _fail(self, fault: SpeechFault) -> None:
        """Close because of a fault."""
        self._relay.is_closing = True
        if self._is_flux:
            error = {"type": "Error", "code": fault.code, "description": fault.description}
            await self._send(json_text(error))
        await self._websocket.close(fault.close_code, fault.reason)

    async def _send(self, message: str | bytes) -> None:
        if not self._websocket.is_open:
            return
        try:
            async with asyncio.timeout(self._options.send_timeout):
                await self._websocket.send(message)
        except TimeoutError:
            self._websocket.abort()
