# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
"""The tasks of one stream: open, write what the session gives, tell it what comes."""

import asyncio
from collections.abc import AsyncIterator, Coroutine, Iterator
from contextlib import asynccontextmanager, contextmanager
from typing import Protocol

from loguru import logger

from pipecat_sagemaker_deepgram.client.connector import Connector
from pipecat_sagemaker_deepgram.client.records import Message
from pipecat_sagemaker_deepgram.client.session.actions import OpenStream
from pipecat_sagemaker_deepgram.client.session.session import Session
from pipecat_sagemaker_deepgram.client.session.stream_state import Write
from pipecat_sagemaker_deepgram.exceptions import SageMakerDeepgramError, StreamLostError
from pipecat_sagemaker_deepgram.transport import SageMakerStream

WRITE_PAUSE = 0.005
"""Seconds after a write within which what comes is left to the writer's task, which coalesces what
has gathered until its turn; audio in real time comes further apart and is written at once."""


class Owner(Protocol):
    """Who obeys the session and hands its messages on."""

    def delivered(self, messages: list[Message]) -> None:
        """The session was told something; these messages came of it."""

    def written(self, count: int) -> None:
        """So many bytes were written."""

    async def wait_for_room(self) -> None:
        """Wait until more messages can be handed on."""


class StreamRunner:
    """Runs one stream until it ends, fails or is dropped; its end leaves nothing behind.

    Args:
        action: Which stream to open.
        connector: Opens it.
        session: Is told what happens, and gives what to write.
        owner: Is told after the session, so that it can obey.
    """

    def __init__(
        self, action: OpenStream, connector: Connector, session: Session, owner: Owner
    ) -> None:
        self._number = action.stream
        self._action = action
        self._connector = connector
        self._session = session
        self._owner = owner
        self._work = asyncio.Event()
        self._ends_input = False
        self._stream: SageMakerStream | None = None
        self._is_waiting_for_work = False
        self._unwritten: Write | None = None
        self._wrote_at = 0.0
        self.task = asyncio.create_task(self._run(), name=f"sagemaker-stream-{self._number}")

    def wake(self) -> None:
        """Write what there is: at once where that needs no waiting, else in the writer's task."""
        if not self._write_at_once():
            self._work.set()

    def end_input(self) -> None:
        """End the input once there is nothing more to write."""
        self._ends_input = True
        self._work.set()

    def drop(self) -> None:
        """Drop the stream now."""
        if self._stream is not None:
            self._stream.abort()
        self.task.cancel()

    async def _run(self) -> None:
        with self._telling_failures():
            async with self._connector.open(
                self._action.target, needs_fresh_credentials=self._action.needs_fresh_credentials
            ) as stream:
                self._stream = stream
                self._session.stream_opened(self._number, stream.identity, _now())
                self._owner.delivered([])
                async with _beside(self._write(stream)):
                    await self._read(stream)

    async def _read(self, stream: SageMakerStream) -> None:
        while (data := await stream.receive()) is not None:
            self._owner.delivered(self._session.message_received(self._number, data, _now()))
            await self._owner.wait_for_room()
        self._owner.delivered(self._session.stream_ended(self._number, _now()))

    async def _write(self, stream: SageMakerStream) -> None:
        with self._telling_failures():
            while not self._ends_input:
                await self._wait_for_work()
                self._owner.written(await self._write_all(stream))
            await stream.end_input()

    async def _wait_for_work(self) -> None:
        self._is_waiting_for_work = True
        await self._work.wait()
        self._is_waiting_for_work = False
        self._work.clear()

    async def _write_all(self, stream: SageMakerStream) -> int:
        count = 0
        while write := self._next_write(_now()):
            await stream.send(write.data, is_text=write.is_text)
            count += len(write.data)
        self._wrote_at = _now()
        return count

    def _next_write(self, now: float) -> Write | None:
        unwritten, self._unwritten = self._unwritten, None
        return unwritten or self._session.take(self._number, now)

    def _write_at_once(self) -> bool:
        """Write without a turn of the event loop, if the writer's task has nothing to write.

        Returns:
            Whether nothing is left for that task.
        """
        now = _now()
        stream = self._stream
        if stream is None or self._unwritten or not self._is_waiting_for_work:
            return False
        if self._ends_input or now - self._wrote_at < WRITE_PAUSE:
            return False
        try:
            return self._send_all_now(stream, now)
        except Exception as error:
            self._fail(error)
            return True

    def _send_all_now(self, stream: SageMakerStream, now: float) -> bool:
        while write := self._next_write(now):
            if not stream.send_now(write.data, is_text=write.is_text):
                self._unwritten = write
                return False
            self._wrote_at = now
            self._owner.written(len(write.data))
        return True

    @contextmanager
    def _telling_failures(self) -> Iterator[None]:
        try:
            yield
        except Exception as error:
            self._fail(error)

    def _fail(self, error: Exception) -> None:
        failure = error if isinstance(error, SageMakerDeepgramError) else _unforeseen(error)
        self._owner.delivered(self._session.stream_failed(self._number, failure, _now()))


@asynccontextmanager
async def _beside(coroutine: Coroutine[None, None, None]) -> AsyncIterator[None]:
    """Run a coroutine beside the block, and end it with the block."""
    task = asyncio.create_task(coroutine)
    try:
        yield
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)


def _unforeseen(error: Exception) -> StreamLostError:
    logger.opt(exception=error).error("A stream failed in a way that is not foreseen")
    failure = StreamLostError(f"The stream failed: {type(error).__name__}: {error}")
    failure.__cause__ = error
    return failure


def _now() -> float:
    return asyncio.get_running_loop().time()
