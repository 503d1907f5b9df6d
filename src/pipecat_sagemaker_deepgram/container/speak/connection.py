# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
"""One WebSocket connection for speech synthesis.

A reader takes every message as it arrives; a worker speaks one sentence after the other. It sends
speech at a limited pace, so that speech not sent yet can be cleared.
"""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

import numpy as np
from loguru import logger
from numpy.typing import NDArray

from pipecat_sagemaker_deepgram.container.speak.dialogue import Hang, Say, Send, SpeakDialogue
from pipecat_sagemaker_deepgram.container.speak.encoding import SpeechFormat, encode_raw
from pipecat_sagemaker_deepgram.container.speak.messages import SpeakError
from pipecat_sagemaker_deepgram.container.speak.synthesizer import Synthesizer, cut
from pipecat_sagemaker_deepgram.web.websocket import WebSocket

_PIECE_SECONDS = 0.1
_HEAD_START = 1.0
"""Seconds of a sentence that are sent at once, before the pace applies."""

type Run = Callable[[Callable[[], Any]], Awaitable[Any]]


class SpeechConnection:
    """Runs one dialogue over one WebSocket.

    Args:
        websocket: The open connection.
        dialogue: The dialogue on it.
        synthesizer: The synthesiser, loaded.
        format: The format of the speech sent.
        run: Runs a function that may take long.
        pace: Speed at which speech is sent after a head start, as a multiple of real time.
        idle_timeout: Seconds without a message before the connection is closed.
        longest: Most seconds that a connection may last.
        send_timeout: Seconds that the client may leave a message unread before it is disconnected.
    """

    def __init__(
        self,
        websocket: WebSocket,
        dialogue: SpeakDialogue,
        synthesizer: Synthesizer,
        *,
        format: SpeechFormat,
        run: Run,
        pace: float,
        idle_timeout: float,
        longest: float,
        send_timeout: float,
    ) -> None:
        self._websocket = websocket
        self._dialogue = dialogue
        self._synthesizer = synthesizer
        self._format = format
        self._run = run
        self._pace = pace
        self._idle_timeout = idle_timeout
        self._send_timeout = send_timeout
        self._sending = asyncio.Lock()
        self._changed = asyncio.Event()
        self._loop = asyncio.get_running_loop()
        self._ends_at = self._loop.time() + longest

    async def run(self) -> None:
        """Run until either side closes."""
        try:
            async with asyncio.TaskGroup() as group:
                speaking = group.create_task(self._speak())
                await self._read()
                speaking.cancel()
        except* ConnectionError:
            logger.debug("{}: the client is gone", self._websocket.id)
        except* SpeakError as errors:
            await self._fail(errors.exceptions[0])
        except* Exception as errors:
            logger.opt(exception=errors).error("{}: failed", self._websocket.id)
            await self._fail(SpeakError("NET-0000", 1011, "Something went wrong"))

    async def _read(self) -> None:
        async with self._sending:
            await self._send_all(self._dialogue.open())
        while True:
            now = self._loop.time()
            try:
                async with asyncio.timeout_at(min(now + self._idle_timeout, self._ends_at)):
                    frame = await self._websocket.receive()
            except TimeoutError:
                raise self._too_long() from None
            if frame is None:
                return
            message = self._dialogue.parse(frame)
            async with self._sending:
                await self._send_all(self._dialogue.take(message, self._loop.time()))
            self._changed.set()

    def _too_long(self) -> SpeakError:
        if self._loop.time() >= self._ends_at:
            return SpeakError("NET-0003", 1011, "The connection has lasted too long")
        return SpeakError("NET-0004", 1011, "No message came within the timeout window")

    async def _speak(self) -> None:
        while True:
            match self._dialogue.next_step():
                case None:
                    self._changed.clear()
                    await self._changed.wait()
                case Send(message):
                    async with self._sending:
                        await self._send(message)
                case Say() as step:
                    await self._say(step)
                case Hang(code, reason):
                    await self._websocket.close(code, reason)
                    return

    async def _say(self, step: Say) -> None:
        samples = await self._run(lambda: self._synthesizer.speak(step.text, step.speed))
        rate = self._synthesizer.sample_rate
        if not self._dialogue.is_current(step):
            return
        self._dialogue.synthesized(step, len(samples) / rate * 1000)
        began, sent = self._loop.time(), 0.0
        for piece in self._pieces(samples):
            await self._rest_until(began + (sent - _HEAD_START) / self._pace, step)
            async with self._sending:
                if not self._dialogue.is_current(step):
                    return
                self._dialogue.spoken(step, len(piece) / rate * 1000)
                await self._send(encode_raw(piece, rate, self._format))
            sent += len(piece) / rate

    async def _rest_until(self, due: float, step: Say) -> None:
        """Wait; return early if the sentence is no longer wanted."""
        try:
            async with asyncio.timeout_at(due):
                while self._loop.time() < due and self._dialogue.is_current(step):
                    self._changed.clear()
                    await self._changed.wait()
        except TimeoutError:
            return

    def _pieces(self, samples: NDArray[np.float32]) -> list[NDArray[np.float32]]:
        return list(cut(samples, round(_PIECE_SECONDS * self._synthesizer.sample_rate)))

    async def _fail(self, error: BaseException) -> None:
        assert isinstance(error, SpeakError)
        logger.warning("{}: {}", self._websocket.id, error.description)
        try:
            await self._send_all(self._dialogue.failure(error))
        except ConnectionError:
            return
        await self._websocket.close(error.close_code, error.reason)

    async def _send_all(self, messages: list[str]) -> None:
        for message in messages:
            await self._send(message)

    async def _send(self, message: str | bytes) -> None:
        try:
            async with asyncio.timeout(self._send_timeout):
                await self._websocket.send(message)
        except TimeoutError:
            self._websocket.abort()
