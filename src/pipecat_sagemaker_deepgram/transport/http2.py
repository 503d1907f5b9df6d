# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
"""One HTTP/2 connection that carries one stream, on ``h2`` over asyncio.

Deepgram asks for one stream per connection, which also keeps streams from sharing a fate: a
reset, a dropped, silent or not-reading peer concerns this stream alone and is reported at once,
to the reader and to the writer, as what it is. So is a GOAWAY that ends the stream; with one that
does not, it is used to its end.
"""

import asyncio
from collections import deque
from collections.abc import Callable, Sequence
from typing import cast

from h2.connection import H2Connection
from h2.errors import ErrorCodes
from h2.events import (
    ConnectionTerminated,
    DataReceived,
    Event,
    RemoteSettingsChanged,
    ResponseReceived,
    StreamEnded,
    StreamReset,
    WindowUpdated,
)
from h2.exceptions import H2Error

from pipecat_sagemaker_deepgram.exceptions import (
    ClosedError,
    SageMakerDeepgramError,
    StreamLostError,
    StreamStalledError,
)
from pipecat_sagemaker_deepgram.transport.http2_data import IncomingFrames, OutgoingData
from pipecat_sagemaker_deepgram.transport.http2_frames import (
    RECEIVE_WINDOW,
    Headers,
    RequestHeader,
    client_connection,
    initial_window_increment,
    reset_error,
    response_headers,
)
from pipecat_sagemaker_deepgram.transport.liveness import Liveness

ABORT_TIMEOUT = 0.1
"""Most seconds to wait for the event loop's word that a dropped connection is gone."""


class Http2Stream(asyncio.Protocol):
    """A bidirectional HTTP/2 stream that owns its connection.

    One task may read while another writes. The first failure is kept: every later call raises
    it again, after the reader has got what arrived before it.

    Args:
        send_timeout: Most seconds that a write waits for a peer that does not take it.
        liveness: When to ping a quiet peer and when to give it up; ``None`` never pings.

    Attributes:
        on_draining: Called should the peer say from now on that it opens no further streams on
            the connection, and goes on serving this one.
    """

    def __init__(self, *, send_timeout: float, liveness: Liveness | None = None) -> None:
        self.on_draining: Callable[[], None] | None = None
        self._send_timeout = send_timeout
        self._liveness = liveness
        self._loop = asyncio.get_running_loop()
        self._connection: H2Connection = client_connection()
        self._transport: asyncio.Transport | None = None
        self._stream_id = 0
        self._outgoing: OutgoingData | None = None
        self._incoming = IncomingFrames(
            max_frame_size=self._connection.max_inbound_frame_size, window=RECEIVE_WINDOW
        )
        self._timer: asyncio.TimerHandle | None = None
        # What arrived and was not read yet, with the bytes of it that h2 counts.
        self._chunks: deque[tuple[bytes, int]] = deque()
        self._response: asyncio.Future[tuple[int, Headers]] = self._loop.create_future()
        self._reader: asyncio.Future[None] | None = None
        self._writer: asyncio.Future[None] | None = None
        self._closed: asyncio.Future[None] = self._loop.create_future()
        self._failure: SageMakerDeepgramError | None = None
        self._is_paused = False
        self._remote_ended = False
        self._local_ended = False

    @property
    def remote_ended(self) -> bool:
        """Whether the peer has ended the stream properly; what it sent may still be read."""
        return self._remote_ended

    # Request and response

    def send_request(self, headers: Sequence[RequestHeader]) -> None:
        """Open the stream with these headers, pseudo-headers first, and leave it open.

        Raises:
            StreamError: The connection has failed already.
        """
        self._raise_failure()
        self._stream_id = self._connection.get_next_available_stream_id()
        self._connection.send_headers(self._stream_id, headers)
        self._outgoing = self._incoming.outgoing = OutgoingData(self._connection, self._stream_id)
        self._flush()

    async def response(self) -> tuple[int, Headers]:
        """Wait for the response headers.

        Returns:
            The HTTP status and the headers.

        Raises:
            StreamError: The stream failed before they came.
        """
        return await asyncio.shield(self._response)

    # Reading

    async def read(self) -> bytes:
        """Wait for bytes of the response body.

        Returns:
            What has arrived, or ``b""`` when the peer has ended the stream properly.

        Raises:
            StreamError: The stream has failed.
        """
        while not self._chunks:
            if self._remote_ended:
                return b""
            self._raise_failure()
            self._reader = self._loop.create_future()
            try:
                await self._reader
            finally:
                self._reader = None
        data, counted = self._chunks.popleft()
        if self._failure is None and not self._remote_ended:
            self._give_back(data, counted)
        return data

    def _give_back(self, data: bytes, counted: int) -> None:
        """Let the peer send as much again as was read."""
        if counted:
            self._connection.acknowledge_received_data(counted, self._stream_id)
            self._flush()
        elif frames := self._incoming.give_back(len(data), self._stream_id):
            self._write(frames)

    # Writing

    async def write(self, data: bytes) -> None:
        """Write to the request body, in order, as fast as the peer takes it.

        Raises:
            StreamStalledError: The peer took nothing for ``send_timeout`` seconds.
            StreamError: The stream has failed, or the peer has ended it.
            ClosedError: The input has been ended.
        """
        rest = data
        while True:
            self._raise_if_unwritable()
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
        """Whether so many bytes can be written without waiting."""
        is_writable = not (self._failure or self._local_ended or self._remote_ended)
        return is_writable and self._room() >= length

    def write_now(self, data: bytes) -> None:
        """Write to the request body what ``can_write`` has found room for."""
        assert self._outgoing is not None
        self._write(self._outgoing.frames(data))

    def end_input(self) -> None:
        """End the request body (END_STREAM); the response can still be read."""
        if self._local_ended or self._failure or self._remote_ended:
            return
        self._local_ended = True
        self._connection.end_stream(self._stream_id)
        self._flush()

    def _room(self) -> int:
        if self._is_paused or self._outgoing is None:
            return 0
        return self._outgoing.room

    async def _wait_for_room(self) -> None:
        self._writer = self._loop.create_future()
        try:
            async with asyncio.timeout(self._send_timeout):
                await self._writer
        except TimeoutError:
            self._fail(
                StreamStalledError(f"The endpoint took no data for {self._send_timeout:g} s")
            )
        finally:
            self._writer = None

    def _raise_if_unwritable(self) -> None:
        self._raise_failure()
        if self._local_ended:
            raise ClosedError("The input of the stream has been ended")
        if self._remote_ended:
            raise StreamLostError("The endpoint has ended the stream")

    # Ending

    def abort(self) -> None:
        """Drop the connection now; whoever waits gets an error."""
        self._fail(StreamLostError("The stream was aborted"))

    async def close(self, *, timeout: float) -> None:
        """Close the connection, politely within ``timeout`` seconds, then by force.

        Whoever waits on the stream gets a ``ClosedError``.
        """
        self._say_goodbye()
        if self._transport is None:
            return
        try:
            if not await self._is_closed_within(timeout):
                self._transport.abort()
                await self._is_closed_within(ABORT_TIMEOUT)
        finally:
            self._transport.abort()

    async def _is_closed_within(self, timeout: float) -> bool:
        await asyncio.wait({self._closed}, timeout=timeout)
        return self._closed.done()

    def _say_goodbye(self) -> None:
        if self._failure is not None:
            return
        self._keep_failure(ClosedError("The stream has been closed"))
        if self._transport is None:
            return
        if self._stream_id and not (self._local_ended and self._remote_ended):
            self._connection.reset_stream(self._stream_id, ErrorCodes.CANCEL)
        self._connection.close_connection()
        self._flush()
        self._transport.close()

    # asyncio.Protocol

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Start HTTP/2 on a connected transport."""
        # Not an isinstance: uvloop's transports are none of asyncio's classes.
        self._transport = cast(asyncio.Transport, transport)
        if self._failure is not None:
            self._transport.abort()
            return
        self._connection.initiate_connection()
        self._connection.increment_flow_control_window(initial_window_increment())
        self._flush()
        self._arm_timer()

    def data_received(self, data: bytes) -> None:
        """Take bytes from the peer."""
        if self._failure is not None:
            return
        if self._liveness is not None:
            self._liveness.received(self._loop.time())
        was_draining = self._incoming.is_draining
        try:
            for is_data, received in self._incoming.feed(data, self._stream_id):
                if is_data:
                    self._chunks.append((received, 0))
                else:
                    self._receive(received)
        except H2Error as error:
            failure = StreamLostError(f"The peer broke HTTP/2: {error or type(error).__name__}")
            failure.__cause__ = error
            self._fail(failure)
            return
        if self._chunks:
            _wake(self._reader)
        if self._writer is not None and self._room():
            _wake(self._writer)
        if self._incoming.is_draining and not was_draining and self.on_draining is not None:
            self.on_draining()

    def _receive(self, frame: bytes) -> None:
        """Have ``h2`` take a frame."""
        if self._failure is not None:
            return
        for event in self._connection.receive_data(frame):
            self._dispatch(event)
        self._flush()

    def connection_lost(self, exc: Exception | None) -> None:
        """Learn that the connection is gone."""
        failure = StreamLostError("The connection to the endpoint was lost")
        failure.__cause__ = exc
        self._fail(failure)
        if not self._closed.done():
            self._closed.set_result(None)

    def pause_writing(self) -> None:
        """Learn that the socket is full."""
        self._is_paused = True

    def resume_writing(self) -> None:
        """Learn that the socket takes data again."""
        self._is_paused = False
        _wake(self._writer)

    # HTTP/2 events

    def _dispatch(self, event: Event) -> None:
        match event:
            case DataReceived():
                self._on_data(event)
            case WindowUpdated() | RemoteSettingsChanged():
                _wake(self._writer)
            case ResponseReceived():
                self._on_response(event)
            case StreamEnded():
                self._remote_ended = True
                self._incoming.takes_data = False
                self._wake_all()
            case StreamReset():
                self._fail(reset_error("reset the stream", event.error_code))
            case ConnectionTerminated():
                self._fail(reset_error("closes the connection (GOAWAY)", event.error_code))

    def _on_response(self, event: ResponseReceived) -> None:
        status, headers = response_headers(event)
        if not self._response.done():
            self._response.set_result((status, headers))
        # Whether a body is as long as it says is for h2 to check.
        self._incoming.takes_data = all(name != "content-length" for name, _ in headers)

    def _on_data(self, event: DataReceived) -> None:
        data, counted = event.data or b"", event.flow_controlled_length or 0
        if data:
            self._chunks.append((data, counted))
        elif counted:
            # Padding alone: no end of the stream, and nothing to read.
            self._give_back(data, counted)

    # Failure and timers

    def _fail(self, failure: SageMakerDeepgramError) -> None:
        self._keep_failure(failure)
        if self._transport is not None:
            self._transport.abort()

    def _keep_failure(self, failure: SageMakerDeepgramError) -> None:
        if self._failure is not None:
            return
        self._failure = failure
        self._incoming.takes_data = False
        if not self._response.done():
            self._response.set_exception(failure)
            self._response.exception()
        if self._timer is not None:
            self._timer.cancel()
        self._wake_all()

    def _raise_failure(self) -> None:
        if self._failure is not None:
            raise self._failure.with_traceback(None)

    def _wake_all(self) -> None:
        _wake(self._reader)
        _wake(self._writer)

    def _flush(self) -> None:
        if data := self._connection.data_to_send():
            self._write(data)

    def _write(self, data: bytes) -> None:
        if self._transport is not None and not self._transport.is_closing():
            self._transport.write(data)

    def _arm_timer(self) -> None:
        if self._liveness is not None:
            self._timer = self._loop.call_at(self._liveness.get_timer(), self._on_timer)

    def _on_timer(self) -> None:
        assert self._liveness is not None
        match self._liveness.handle_timer(self._loop.time()):
            case "ping":
                self._connection.ping(b"liveness")
                self._flush()
            case "lost":
                self._fail(StreamStalledError("The endpoint answers no HTTP/2 ping"))
                return
        self._arm_timer()


def _wake(waiter: asyncio.Future[None] | None) -> None:
    if waiter is not None and not waiter.done():
        waiter.set_result(None)
