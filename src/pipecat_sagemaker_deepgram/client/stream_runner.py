# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
"""The tasks of one stream: open it, read it, write what it does not accept at once."""

import asyncio
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from traceback import format_tb

from loguru import logger

from pipecat_sagemaker_deepgram.client.clock import loop_time
from pipecat_sagemaker_deepgram.client.connector import Connector
from pipecat_sagemaker_deepgram.client.record_queue import RecordQueue
from pipecat_sagemaker_deepgram.client.session.actions import OpenStream, Write
from pipecat_sagemaker_deepgram.client.session.session import Session
from pipecat_sagemaker_deepgram.exceptions import (
    SageMakerDeepgramError,
    StreamError,
    StreamLostError,
)
from pipecat_sagemaker_deepgram.transport import SageMakerStream


class StreamRunner:
    """Runs one stream until it ends, fails or is dropped; its end leaves nothing behind.

    Args:
        action: Which stream to open.
        connector: Opens it.
        session: Informed of what happens to the stream.
        on_change: Called with the time each time the session has been informed.
        records: Where the stream's messages wait to be received.

    Attributes:
        stream: The open stream; ``None`` until there is one.
    """

    def __init__(
        self,
        action: OpenStream,
        connector: Connector,
        session: Session,
        *,
        on_change: Callable[[float], None],
        records: RecordQueue,
    ) -> None:
        self._number = action.stream
        self._action = action
        self._connector = connector
        self._session = session
        self._on_change = on_change
        self._records = records
        self._unwritten: Write | None = None
        self._ends_input = False
        self._is_dropped = False
        self._is_over = False
        self._writing: asyncio.Task[None] | None = None
        self.stream: SageMakerStream | None = None
        self.task = asyncio.create_task(self._run(), name=f"sagemaker-stream-{self._number}")

    def write_later(self, write: Write) -> None:
        """Write in a task; until that is done the session asks for no further writes."""
        self._unwritten = write
        self._session.stream_blocked(self._number, is_blocked=True)
        self._start_writing()

    def end_input(self) -> None:
        """End the input after everything that was written."""
        self._ends_input = True
        self._start_writing()

    def drop(self) -> None:
        """Drop the stream now."""
        self._is_dropped = True
        if self.stream is not None:
            self.stream.abort()
        self.task.cancel()

    @property
    def was_cancelled(self) -> bool:
        """Whether something else cancelled the task, as the end of ``asyncio.run`` does."""
        return self.task.cancelled() and not self._is_dropped

    def fail(self, error: Exception) -> None:
        """Report a failure of the stream to the session."""
        failure = error if isinstance(error, SageMakerDeepgramError) else _unforeseen(error)
        now = loop_time()
        self._session.stream_failed(self._number, failure, now)
        self._on_change(now)

    async def _run(self) -> None:
        with self._reporting_failures():
            async with self._connector.open(
                self._action.target, needs_fresh_credentials=self._action.needs_fresh_credentials
            ) as stream:
                try:
                    self._begin(stream)
                    await self._read(stream)
                finally:
                    await self._stop_writing()

    def _begin(self, stream: SageMakerStream) -> None:
        self.stream = stream
        stream.watch_draining(self._drains)
        stream.watch_arrivals(lambda: self._take_arrived(stream))
        now = loop_time()
        self._session.stream_opened(self._number, stream.identity, now)
        self._on_change(now)
        self._start_writing()

    def _drains(self) -> None:
        now = loop_time()
        self._session.stream_draining(self._number, now)
        self._on_change(now)

    def _take_arrived(self, stream: SageMakerStream) -> None:
        """Take messages as they arrive, so that no task has to be woken for them."""
        if self._records.is_full:
            return
        try:
            while not self._is_dropped and (data := stream.receive_now()) is not None:
                self._take(data)
        except Exception as error:
            self.fail(error)
            self.drop()

    def _take(self, data: str | bytes) -> None:
        now = loop_time()
        self._session.message_received(self._number, data, now)
        self._on_change(now)

    async def _read(self, stream: SageMakerStream) -> None:
        while (data := await stream.receive()) is not None:
            self._take(data)
            if self._records.is_full:
                await self._wait_for_room()
        now = loop_time()
        self._session.stream_ended(self._number, now)
        self._on_change(now)

    async def _wait_for_room(self) -> None:
        """Stop reading until messages are received; meanwhile the stream is not called silent."""
        self._note_unread(is_unread=True)
        await self._records.wait_for_room()
        self._note_unread(is_unread=False)

    def _note_unread(self, *, is_unread: bool) -> None:
        now = loop_time()
        self._session.stream_unread(self._number, now, is_unread=is_unread)
        self._on_change(now)

    def _start_writing(self) -> None:
        """Have a task write what waits, if something does; most streams never need one."""
        is_needed = self._unwritten is not None or self._ends_input
        if self.stream is None or self._is_over or self._writing is not None or not is_needed:
            return
        self._writing = asyncio.create_task(self._write_what_waits(self.stream))

    async def _write_what_waits(self, stream: SageMakerStream) -> None:
        with self._reporting_failures():
            while (write := self._unwritten) is not None:
                if not await _is_sent(stream, write):
                    return
                self._unwritten = None
                self._session.stream_blocked(self._number, is_blocked=False)
                self._on_change(loop_time())
            if self._ends_input:
                await stream.end_input()
            else:
                self._writing = None

    async def _stop_writing(self) -> None:
        """Stop writing: the reader knows why the stream ended, and closing it may take a while."""
        self._is_over = True
        if self._writing is not None:
            self._writing.cancel()
            await asyncio.gather(self._writing, return_exceptions=True)

    @contextmanager
    def _reporting_failures(self) -> Iterator[None]:
        try:
            yield
        except Exception as error:
            self.fail(error)


async def _is_sent(stream: SageMakerStream, write: Write) -> bool:
    """Send a message, unless the endpoint has ended the stream.

    The endpoint's reason arrives after everything it sent before, so the reader reports it.
    """
    try:
        await stream.send(write.data, is_text=write.is_text)
    except StreamError:
        if stream.has_ended:
            return False
        raise
    return True


def _unforeseen(error: Exception) -> StreamLostError:
    """Map an unexpected error, whose text and local variables may contain a transcript."""
    kind = type(error).__name__
    where = "".join(format_tb(error.__traceback__))
    logger.error(f"A stream failed unexpectedly: {kind}\n{where}".rstrip())
    logger.opt(exception=error).trace("The same, in full")
    failure = StreamLostError(f"The stream failed unexpectedly: {kind}", details=str(error))
    failure.__cause__ = error
    return failure
