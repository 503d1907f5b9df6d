# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
"""One WebSocket connection: reads always, answers in order, and closes like Deepgram."""

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable
from typing import Any

from loguru import logger

from pipecat_sagemaker_deepgram.audio.errors import AudioError
from pipecat_sagemaker_deepgram.container.dialogue import (
    Audio,
    CloseStream,
    Dialogue,
    KeepAlive,
)
from pipecat_sagemaker_deepgram.web.close_codes import (
    DATA_0000,
    INTERNAL_ERROR,
    NET_0000,
    NET_0001,
    POLICY_VIOLATION,
)
from pipecat_sagemaker_deepgram.web.websocket import WebSocket

type Run = Callable[[Callable[[], Any]], Awaitable[Any]]

_BATCH_SECONDS = 2.0
_THROTTLED_BATCH_SECONDS = 0.1


class IdleRule:
    """Decides when a client has been silent for too long.

    Before the first audio nothing counts; then every message does (Deepgram docs, "Audio keep
    alive"), or audio only.

    Args:
        timeout: Seconds.
        now: When the connection opened.
        audio_only: Whether only audio counts.

    Attributes:
        timeout: Seconds.
        deadline: When the connection times out; None once the client has announced the end.
    """

    def __init__(self, timeout: float, now: float, *, audio_only: bool = False) -> None:
        self.timeout = timeout
        self._audio_only = audio_only
        self._has_audio = False
        self.deadline: float | None = now + timeout

    def received(self, message: Any, now: float) -> None:
        """Count a message as input."""
        is_audio = isinstance(message, Audio)
        self._has_audio = self._has_audio or is_audio
        if self.deadline is None or isinstance(message, CloseStream):
            self.deadline = None
        elif is_audio or (self._has_audio and not self._audio_only):
            self.deadline = now + self.timeout


class WaitingMessages:
    """Messages waiting for the recogniser; audio that has piled up is taken all at once."""

    def __init__(self) -> None:
        self._messages: deque[Any] = deque()
        self._changed = asyncio.Event()
        self.abandoned = asyncio.Event()

    def put(self, message: Any) -> None:
        """Add a message."""
        self._messages.append(message)
        self._changed.set()

    def abandon(self) -> None:
        """Drop the waiting messages; ``get`` returns None from now on."""
        self._messages.clear()
        self.abandoned.set()
        self._changed.set()

    async def get(self, max_bytes: int) -> Any | None:
        """Return the next message: a control, or audio up to ``max_bytes``."""
        while not self._messages and not self.abandoned.is_set():
            self._changed.clear()
            await self._changed.wait()
        if self.abandoned.is_set():
            return None
        first = self._messages.popleft()
        return self._gather(first, max_bytes) if type(first) is Audio else first

    def _gather(self, first: Audio, max_bytes: int) -> Audio:
        pieces, size = [first.data], len(first.data)
        while size < max_bytes and self._messages and type(self._messages[0]) is Audio:
            pieces.append(self._messages[0].data)
            size += len(pieces[-1])
            self._messages.popleft()
        data = b"".join(pieces)
        if size > max_bytes:
            self._messages.appendleft(Audio(data[max_bytes:]))
        return Audio(data[:max_bytes])


class DialogueConnection:
    """Runs one dialogue over one WebSocket.

    A reader takes every message as it arrives; a worker answers them one after the other, in a
    thread if the recogniser is slow. So audio, pings and other connections never wait.

    Args:
        websocket: The open connection.
        dialogue: The dialogue on it; closed at the end.
        run: Runs a function that may take long.
        idle: Decides when the connection is closed with NET-0001 because no input arrived.
        max_speed: Most times faster than real time that audio is taken; None for no limit.
        send_timeout: Seconds that the client may leave a message unread before it is disconnected.
    """

    def __init__(
        self,
        websocket: WebSocket,
        dialogue: Dialogue,
        *,
        run: Run,
        idle: IdleRule,
        max_speed: float | None = None,
        send_timeout: float = 10.0,
    ) -> None:
        self._websocket = websocket
        self._dialogue = dialogue
        self._run = run
        self._idle = idle
        self._max_speed = max_speed
        self._send_timeout = send_timeout
        self._inbox = WaitingMessages()
        self._has_warned = False

    async def run(self) -> None:
        """Run until either side closes."""
        try:
            async with asyncio.TaskGroup() as group:
                group.create_task(self._answer())
                await self._read()
        except* ConnectionError:
            logger.debug("{}: the client is gone", self._websocket.id)
        except* AudioError as errors:
            await self._refuse_audio(errors.exceptions[0])
        except* Exception as errors:
            logger.opt(exception=errors).error("{}: failed", self._websocket.id)
            await self._websocket.close(INTERNAL_ERROR, NET_0000)
        finally:
            self._dialogue.close()

    async def _refuse_audio(self, error: BaseException) -> None:
        logger.warning("{}: {}", self._websocket.id, error)
        await self._websocket.close(POLICY_VIOLATION, DATA_0000)

    async def _read(self) -> None:
        loop = asyncio.get_running_loop()
        idle = self._idle
        try:
            while True:
                async with asyncio.timeout_at(idle.deadline):
                    frame = await self._websocket.receive()
                if frame is None:
                    self._inbox.abandon()
                    return
                message = self._parse(frame)
                if idle.deadline is not None and not isinstance(message, KeepAlive):
                    self._inbox.put(message)
                idle.received(message, loop.time())
        except TimeoutError:
            logger.info("{}: no input for {} s", self._websocket.id, idle.timeout)
            self._inbox.abandon()
            await self._websocket.close(INTERNAL_ERROR, NET_0001)

    def _parse(self, frame: str | bytes) -> Any:
        if isinstance(frame, bytes) and not self._has_warned and self._dialogue.is_misframed(frame):
            self._has_warned = True
            logger.warning(
                "{}: a control message came in a binary frame; send it as text (on SageMaker a "
                'PayloadPart with DataType="UTF8"): this fallback is deprecated',
                self._websocket.id,
            )
        return self._dialogue.parse(frame)

    async def _answer(self) -> None:
        for text in self._dialogue.open():
            await self._send(text)
        per_second = self._dialogue.bytes_per_second
        seconds = _THROTTLED_BATCH_SECONDS if self._max_speed else _BATCH_SECONDS
        while (message := await self._inbox.get(round(seconds * per_second))) is not None:
            for text in await self._handle(message):
                await self._send(text)
            if self._dialogue.is_finished:
                await self._websocket.close(self._dialogue.close_code)
                return
            if self._max_speed and isinstance(message, Audio):
                await self._rest(len(message.data) / per_second / self._max_speed)

    async def _send(self, text: str) -> None:
        try:
            async with asyncio.timeout(self._send_timeout):
                await self._websocket.send(text)
        except TimeoutError:
            self._websocket.abort()

    async def _handle(self, message: Any) -> list[str]:
        return await self._run(lambda: self._dialogue.handle(message))

    async def _rest(self, seconds: float) -> None:
        """Wait; return early if the connection closes."""
        try:
            async with asyncio.timeout(seconds):
                await self._inbox.abandoned.wait()
        except TimeoutError:
            return
