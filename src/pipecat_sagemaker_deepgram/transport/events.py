# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
"""Events on an HTTP/2 stream: the publisher signs and writes them, the receiver reads them.

The SDK's own classes encode every header of every event and suspend a task for each. These encode
the headers once and can send without waiting (``send_now``).
"""

import asyncio
import time
from collections.abc import Callable, Iterator

from pipecat_sagemaker_deepgram.exceptions import ClosedError, EventStreamError
from pipecat_sagemaker_deepgram.transport.eventstream import (
    EventMessage,
    EventStreamDecoder,
    encode_message,
)
from pipecat_sagemaker_deepgram.transport.http2 import Http2Stream
from pipecat_sagemaker_deepgram.transport.parts import (
    PART_HEADERS,
    DataType,
    PartJoiner,
    encode_part,
)
from pipecat_sagemaker_deepgram.transport.signing import SIGNED_OVERHEAD, EventSigner

type Clock = Callable[[], int]
"""Gives the time, in milliseconds since the epoch."""


def system_time() -> int:
    """Return the system clock's time, in milliseconds since the epoch, of a whole second.

    The text that is signed has no milliseconds, and events with the same time cost less to sign.
    """
    return int(time.time()) * 1000


class EventPublisher:
    """Signs messages and writes them to the stream, in the order of the calls.

    Each signature covers the one before, so an event that was signed but not written breaks the
    stream: if a write fails or is cancelled, the stream is aborted.

    Args:
        stream: Where to write to.
        signer: Signs each event.
        clock: Returns the time of signing; by default the system's.
    """

    def __init__(
        self, stream: Http2Stream, signer: EventSigner, clock: Clock = system_time
    ) -> None:
        self._stream = stream
        self._signer = signer
        self._clock = clock
        self._lock = asyncio.Lock()
        self._is_closed = False

    async def send(self, data: bytes, data_type: DataType) -> None:
        """Send one whole message.

        Args:
            data: The message's bytes.
            data_type: ``UTF8`` reaches the container as a text frame, ``BINARY`` as a binary one.

        Raises:
            StreamError: The stream has failed.
            ClosedError: The input has been ended.
        """
        async with self._lock:
            if self._is_closed:
                raise ClosedError("The input of the stream has been ended")
            await self._write(encode_part(data, data_type))

    def send_now(self, data: bytes, is_text: bool = False) -> bool:
        """Send one whole message if that is possible without waiting.

        Args:
            data: Its bytes.
            is_text: Whether the container gets a WebSocket text frame instead of a binary one.

        Returns:
            Whether it was sent. If not, ``send`` can send it, or raises what is wrong.
        """
        event = encode_message(PART_HEADERS["UTF8" if is_text else "BINARY"], data)
        length = len(event) + SIGNED_OVERHEAD
        if self._lock.locked() or self._is_closed or not self._stream.can_write(length):
            return False
        try:
            self._stream.write_now(self._signer.sign(event, now=self._clock()))
        except BaseException:
            self._stream.abort()
            raise
        return True

    async def close(self) -> None:
        """End the input: an empty signed event, then END_STREAM.

        Does nothing if that has been done already, or if the endpoint has ended the stream.

        Raises:
            StreamError: The stream has failed.
        """
        async with self._lock:
            if self._is_closed or self._stream.remote_ended:
                return
            self._is_closed = True
            await self._write(b"")
            self._stream.end_input()

    async def _write(self, event: bytes) -> None:
        try:
            await self._stream.write(self._signer.sign(event, now=self._clock()))
        except BaseException:
            self._stream.abort()
            raise


class EventReceiver:
    """Reads events from the stream and joins them into whole messages.

    Args:
        stream: Where to read from.
    """

    def __init__(self, stream: Http2Stream) -> None:
        self._stream = stream
        self._decoder = EventStreamDecoder()
        self._joiner = PartJoiner()
        self._events: Iterator[EventMessage] = iter(())

    def receive_now(self) -> str | bytes | None:
        """Take the next whole message if it has arrived.

        Returns:
            The message, or ``None``; ``receive`` waits for it, or tells why none will come.

        Raises:
            ModelStreamError: The endpoint reported a failure.
            EventStreamError: What arrived is not an event.
        """
        while True:
            for event in self._events:
                message = self._joiner.join(event)
                if message is not None:
                    return message
            data = self._stream.read_now()
            if data is None:
                return None
            self._events = self._decoder.feed(data)

    async def receive(self) -> str | bytes | None:
        """Wait for the next whole message.

        Returns:
            The message, or ``None`` when the endpoint has ended the stream properly.

        Raises:
            ModelStreamError: The endpoint reported a failure.
            EventStreamError: What arrived is not an event, or the stream ended inside one.
            StreamError: The stream has failed.
        """
        while (message := self.receive_now()) is None:
            data = await self._stream.read()
            if not data:
                self._end()
                return None
            self._events = self._decoder.feed(data)
        return message

    def _end(self) -> None:
        self._decoder.feed_eof()
        if self._joiner.is_inside_message:
            raise EventStreamError("The stream ended before the last part of a message")

    async def close(self) -> None:
        """Abort the stream."""
        self._stream.abort()
