# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
"""The two directions of one HTTP/2 stream: the request body and the response.

Each waits for the peer, and each raises the stream's failure once there is one. What they send
and count passes through the stream that owns them (``http2.py``).
"""

import asyncio
from collections import deque
from collections.abc import Callable

from pipecat_sagemaker_deepgram.exceptions import (
    ClosedError,
    SageMakerDeepgramError,
    StreamLostError,
    StreamStalledError,
)
from pipecat_sagemaker_deepgram.transport.http2_data import OutgoingData
from pipecat_sagemaker_deepgram.transport.http2_frames import Headers


class RequestBody:
    """Writes the request body as fast as the peer and the socket accept it.

    Args:
        send: Writes frames to the socket.
        on_stall: Called with the error when the peer accepts nothing for ``send_timeout``.
        send_timeout: Seconds that a write waits for a peer that accepts no data.

    Attributes:
        is_ended: Whether the body has been ended from this side.
        is_paused: Whether the socket is full.
    """

    def __init__(
        self,
        send: Callable[[bytes], None],
        on_stall: Callable[[StreamStalledError], None],
        *,
        send_timeout: float,
    ) -> None:
        self.is_ended = False
        self.is_paused = False
        self._send = send
        self._on_stall = on_stall
        self._send_timeout = send_timeout
        self._outgoing: OutgoingData | None = None
        self._refusal: SageMakerDeepgramError | None = None
        self._writer: asyncio.Future[None] | None = None

    def begin(self, outgoing: OutgoingData) -> None:
        """Allow writing, now that the stream is open."""
        self._outgoing = outgoing

    async def write(self, data: bytes) -> None:
        """Write to the request body, in order, as fast as the peer accepts it.

        Raises:
            StreamStalledError: The peer accepted nothing for ``send_timeout`` seconds.
            StreamError: The stream has failed, or the peer has ended it.
            ClosedError: The input has been ended.
        """
        rest = data
        while True:
            if self._refusal is not None:
                raise self._refusal.with_traceback(None)
            room = self._room()
            if room >= len(rest):
                break
            if room > 0:
                self.write_now(rest[:room])
                rest = rest[room:]
            else:
                await self._wait_for_room()
        self.write_now(rest)

    def can_write(self, length: int) -> bool:
        """Whether that many bytes can be written without waiting."""
        return self._refusal is None and self._room() >= length

    def write_now(self, data: bytes) -> None:
        """Write data for which ``can_write`` has found room to the request body."""
        assert self._outgoing is not None
        self._send(self._outgoing.frames(data))

    def end(self) -> bool:
        """Accept nothing more.

        Returns:
            Whether an end has to be sent; not on a stream that has failed or ended.
        """
        if self._refusal is not None:
            return False
        self.is_ended = True
        self._refusal = ClosedError("The input of the stream has been ended")
        return True

    def peer_ended(self) -> None:
        """Accept nothing more, because the peer has ended the stream."""
        if self._refusal is None:
            self._refusal = StreamLostError("The endpoint has ended the stream")
        self.wake()

    def fail(self, failure: SageMakerDeepgramError) -> None:
        """Have every write raise the stream's failure from here on."""
        self._refusal = failure
        self.wake()

    def wake(self) -> None:
        """Let a waiting write look for room again."""
        _wake(self._writer)

    def use_room(self) -> None:
        """Let a waiting write continue if there is room now."""
        if self._writer is not None and self._room():
            _wake(self._writer)

    def _room(self) -> int:
        if self.is_paused or self._outgoing is None:
            return 0
        return self._outgoing.room

    async def _wait_for_room(self) -> None:
        self._writer = asyncio.get_running_loop().create_future()
        try:
            async with asyncio.timeout(self._send_timeout):
                await self._writer
        except TimeoutError:
            self._on_stall(
                StreamStalledError(f"The endpoint accepted no data for {self._send_timeout:g} s")
            )
        finally:
            self._writer = None


class Response:
    """Holds the response until it is read.

    Args:
        on_read: Called with bytes that were read, and how many of them ``h2`` counts, until the
            stream ends.

    Attributes:
        chunks: What has arrived but has not been read, each with the number of its bytes that
            ``h2`` counts.
        is_ended: Whether the peer has ended the stream properly; ``chunks`` can still be read.
    """

    def __init__(self, on_read: Callable[[bytes, int], None]) -> None:
        self.chunks: deque[tuple[bytes, int]] = deque()
        self.is_ended = False
        self._on_read = on_read
        self._head: asyncio.Future[tuple[int, Headers]] = asyncio.Future()
        self._reader: asyncio.Future[None] | None = None
        self._failure: SageMakerDeepgramError | None = None

    async def head(self) -> tuple[int, Headers]:
        """Wait for the response headers.

        Returns:
            The HTTP status and the headers.

        Raises:
            StreamError: The stream failed before they arrived.
        """
        return await asyncio.shield(self._head)

    async def read(self) -> bytes:
        """Wait for bytes of the response body.

        Returns:
            What has arrived, or ``b""`` when the peer has ended the stream properly.

        Raises:
            StreamError: The stream has failed.
        """
        while (data := self.read_now()) is None:
            if self.is_ended:
                return b""
            if self._failure is not None:
                raise self._failure.with_traceback(None)
            await self._wait_for_chunks()
        return data

    def read_now(self) -> bytes | None:
        """Take bytes of the response body if any have arrived; ``None`` where none have."""
        if not self.chunks:
            return None
        data, counted = self.chunks.popleft()
        if self._failure is None and not self.is_ended:
            self._on_read(data, counted)
        return data

    def begin(self, status: int, headers: Headers) -> None:
        """Set the response headers; only the first ones count."""
        if not self._head.done():
            self._head.set_result((status, headers))

    def end(self) -> None:
        """Note that the peer has ended the stream properly."""
        self.is_ended = True
        self.wake()

    def fail(self, failure: SageMakerDeepgramError) -> None:
        """Have reading raise the stream's failure, once what arrived before has been read."""
        self._failure = failure
        if not self._head.done():
            self._head.set_exception(failure)
            # Mark it as retrieved, since there may be no one waiting for the headers.
            self._head.exception()
        self.wake()

    def wake(self) -> None:
        """Let a waiting read look at ``chunks`` again."""
        _wake(self._reader)

    async def _wait_for_chunks(self) -> None:
        self._reader = asyncio.get_running_loop().create_future()
        try:
            await self._reader
        finally:
            self._reader = None


def _wake(waiter: asyncio.Future[None] | None) -> None:
    if waiter is not None and not waiter.done():
        waiter.set_result(None)
