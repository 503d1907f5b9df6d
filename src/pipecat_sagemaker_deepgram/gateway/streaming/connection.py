# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
"""One client's stream: relays messages in both directions until either side ends it."""

import asyncio
from collections.abc import Iterable

from loguru import logger

from pipecat_sagemaker_deepgram.audio.errors import AudioError
from pipecat_sagemaker_deepgram.client.bidi_client import SageMakerBidiClient
from pipecat_sagemaker_deepgram.client.clock import loop_time
from pipecat_sagemaker_deepgram.client.records import Record
from pipecat_sagemaker_deepgram.deepgram.steps import Acknowledge
from pipecat_sagemaker_deepgram.gateway.options import GatewayOptions
from pipecat_sagemaker_deepgram.gateway.streaming.audio import ClientAudio, Digest
from pipecat_sagemaker_deepgram.gateway.streaming.idle import IdleClock
from pipecat_sagemaker_deepgram.gateway.streaming.relay import (
    AwaitResults,
    CloseNow,
    ListenRelay,
    SendControl,
    SendToClient,
    Step,
    Summary,
)
from pipecat_sagemaker_deepgram.web.close_codes import (
    DATA_0000,
    INTERNAL_ERROR,
    NET_0000,
    NET_0001,
    POLICY_VIOLATION,
)
from pipecat_sagemaker_deepgram.web.websocket import WebSocket


class ListenConnection:
    """Runs one client's stream.

    Args:
        websocket: The client's open connection.
        session: The session, whose first stream is open; closed at the end.
        relay: Decides what the client and the session are sent.
        audio: Reads the client's audio; closed at the end.
        idle: Detects that the client has been silent for too long.
        options: The limits.
    """

    def __init__(
        self,
        websocket: WebSocket,
        session: SageMakerBidiClient,
        relay: ListenRelay,
        audio: ClientAudio,
        *,
        idle: IdleClock,
        options: GatewayOptions,
    ) -> None:
        self._websocket = websocket
        self._session = session
        self._relay = relay
        self._audio = audio
        self._idle = idle
        self._options = options
        self._digest = Digest()
        self._has_ended = False
        self._progress = asyncio.Event()

    async def run(self) -> None:
        """Run until either side has closed."""
        try:
            async with asyncio.TaskGroup() as group:
                group.create_task(self._write())
                await self._read(group)
                await self._session.close_session(timeout=0.0)
        except* ConnectionError:
            logger.debug("{}: the client has disconnected", self._websocket.id)
        except* AudioError as errors:
            logger.info("{}: {}", self._websocket.id, errors.exceptions[0])
            await self._websocket.close(POLICY_VIOLATION, DATA_0000)
        except* Exception as errors:
            logger.opt(exception=errors).error("{}: failed", self._websocket.id)
            await self._websocket.close(INTERNAL_ERROR, NET_0000)
        finally:
            self._audio.close()
            await self._session.close_session(timeout=0.0)

    # From the client

    async def _read(self, group: asyncio.TaskGroup) -> None:
        """Read until the client has closed, or has been silent for too long."""
        try:
            while True:
                async with asyncio.timeout_at(self._idle.deadline):
                    frame = await self._websocket.receive()
                if frame is None:
                    return
                await self._take(frame, group)
                self._idle.received(loop_time(), is_audio=isinstance(frame, bytes))
        except TimeoutError:
            logger.info("{}: the client was silent for too long", self._websocket.id)
            await self._websocket.close(INTERNAL_ERROR, NET_0001)

    async def _take(self, frame: str | bytes, group: asyncio.TaskGroup) -> None:
        if self._has_ended:
            return
        if isinstance(frame, bytes):
            control = self._relay.control_in(frame)
            if control is None and frame:
                await self._take_audio(frame)
                return
            frame = control or '{"type":"CloseStream"}'
        for step in self._relay.take_text(frame):
            if isinstance(step, AwaitResults):
                await self._end(group)
            else:
                await self._do(step)

    async def _take_audio(self, data: bytes) -> None:
        self._digest.take(data)
        audio = self._audio.read(data)
        if not audio or self._session.is_closed:
            return
        await self._session.send_audio_chunk(audio)
        await self._hold_back(len(audio))

    async def _hold_back(self, count: int) -> None:
        """Read a client no faster than in real time if it is far ahead of the endpoint."""
        if self._session.audio_seconds - self._relay.heard_to <= self._options.most_unheard:
            return
        self._progress.clear()
        try:
            async with asyncio.timeout(count / self._audio.bytes_per_second):
                await self._progress.wait()
        except TimeoutError:
            return

    async def _end(self, group: asyncio.TaskGroup) -> None:
        """Let the session finish; what the client sends from here on is discarded."""
        self._has_ended = True
        self._idle.stop()
        if (rest := self._audio.end()) and not self._session.is_closed:
            await self._session.send_audio_chunk(rest)
        group.create_task(self._session.close_session())

    # From the session

    async def _write(self) -> None:
        """Send the session's records to the client; close when it ends."""
        while True:
            try:
                async with asyncio.timeout_at(self._relay.get_timer()):
                    record = await self._session.receive_record()
            except TimeoutError:
                await self._do_all(self._relay.handle_timer(loop_time()))
                continue
            if record is None:
                break
            await self._observe(record)
        await self._close()

    async def _observe(self, record: Record) -> None:
        await self._do_all(self._relay.observe(record, loop_time()))
        self._progress.set()

    async def _close(self) -> None:
        if not self._has_ended:
            await self._do_all(self._relay.fail())
            await self._websocket.close(INTERNAL_ERROR, NET_0000)
            return
        summary = Summary(seconds=self._session.audio_seconds, sha256=self._digest.text)
        await self._do_all(self._relay.finish(summary))
        await self._websocket.close(self._relay.close_code)

    # Steps

    async def _do_all(self, steps: Iterable[Step]) -> None:
        for step in steps:
            await self._do(step)

    async def _do(self, step: Step) -> None:
        match step:
            case SendToClient(text=text):
                await self._send(text)
            case SendControl(text=text, kind=kind):
                if not self._session.is_closed:
                    await self._session.send_text(text, kind=kind)
            case Acknowledge(seconds=seconds):
                self._session.acknowledge(seconds)
            case CloseNow():
                self._has_ended = True
                await self._websocket.close(self._relay.close_code)
            case AwaitResults():
                raise AssertionError("only a client ends a stream")

    async def _send(self, text: str) -> None:
        try:
            async with asyncio.timeout(self._options.send_timeout):
                await self._websocket.send(text)
        except TimeoutError:
            self._websocket.abort()
