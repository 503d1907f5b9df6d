# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
"""One HTTP/2 connection that carries one stream, on ``h2`` over asyncio.

Deepgram requires one stream per connection (README of its SageMaker transports), which also keeps
streams from failing together: a reset, or a peer that is gone, silent or not reading, affects this
stream alone and is reported to its reader and writer at once, under its own name. So is a GOAWAY
that ends the stream; after a GOAWAY that does not, the stream remains in use until its end.
"""

import asyncio
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
from pipecat_sagemaker_deepgram.transport.http2_body import RequestBody, Response
from pipecat_sagemaker_deepgram.transport.http2_data import IncomingFrames, OutgoingData
from pipecat_sagemaker_deepgram.transport.http2_frames import (
    RECEIVE_WINDOW,
    RequestHeader,
    client_connection,
    initial_window_increment,
    reset_error,
    response_headers,
)
from pipecat_sagemaker_deepgram.transport.liveness import Liveness

ABORT_TIMEOUT = 0.1
"""Seconds to wait for the event loop to report that a dropped connection is gone."""


class Http2Stream(asyncio.Protocol):
    """A bidirectional HTTP/2 stream that owns its connection.

    One task may read while another writes. The first failure is kept: every later call raises
    it again, once the reader has received what arrived before it.

    Args:
        send_timeout: Seconds that a write waits for a peer that accepts no data.
        liveness: When to ping a quiet peer and when it counts as gone; ``None`` (the default)
            never pings.

    Attributes:
        response: Waits for the response headers: ``Response.head``.
        read: Reads the response body: ``Response.read`` and ``read_now``.
        read_now: See ``read``.
        write: Writes the request body: ``RequestBody.write``, ``can_write`` and ``write_now``.
        can_write: See ``write``.
        write_now: See ``write``.
        on_arrival: Called when bytes of the response body have arrived, before a waiting ``read``
            goes on with those that are left; ``None`` (the default) calls nothing.
        on_draining: Called when the peer reports that it accepts no further streams on the
            connection but still serves this one; ``None`` (the default) calls nothing.
    """

    def __init__(self, *, send_timeout: float, liveness: Liveness | None = None) -> None:
        self.on_arrival: Callable[[], None] | None = None
        self.on_draining: Callable[[], None] | None = None
        self._liveness = liveness
        self._loop = asyncio.get_running_loop()
        self._connection: H2Connection = client_connection()
        self._transport: asyncio.Transport | None = None
        self._stream_id = 0
        self._incoming = IncomingFrames(
            max_frame_size=self._connection.max_inbound_frame_size, window=RECEIVE_WINDOW
        )
        self._timer: asyncio.TimerHandle | None = None
        self._closed: asyncio.Future[None] = self._loop.create_future()
        self._failure: SageMakerDeepgramError | None = None
        self._body = body = RequestBody(self._write, self._fail, send_timeout=send_timeout)
        self._response = response = Response(self._give_back)
        self.response, self.read, self.read_now = response.head, response.read, response.read_now
        self.write, self.can_write, self.write_now = body.write, body.can_write, body.write_now

    @property
    def remote_ended(self) -> bool:
        """Whether the peer has ended the stream properly; unread data can still be read."""
        return self._response.is_ended

    def send_request(self, headers: Sequence[RequestHeader]) -> None:
        """Open the stream with these headers, pseudo-headers first, without ending its input.

        Raises:
            StreamError: The connection has failed already.
        """
        if self._failure is not None:
            raise self._failure.with_traceback(None)
        self._stream_id = self._connection.get_next_available_stream_id()
        self._connection.send_headers(self._stream_id, headers)
        self._incoming.outgoing = OutgoingData(self._connection, self._stream_id)
        self._body.begin(self._incoming.outgoing)
        self._flush()

    def _give_back(self, data: bytes, counted: int) -> None:
        """Allow the peer to send as many bytes again as were read."""
        if counted:
            self._connection.acknowledge_received_data(counted, self._stream_id)
            self._flush()
        elif frames := self._incoming.give_back(len(data), self._stream_id):
            self._write(frames)

    def end_input(self) -> None:
        """End the request body (END_STREAM); the response can still be read."""
        if self._body.end():
            self._connection.end_stream(self._stream_id)
            self._flush()

    # Ending

    def abort(self) -> None:
        """Drop the connection now; calls that are waiting raise an error."""
        self._fail(StreamLostError("The stream was aborted"))

    async def close(self, *, timeout: float) -> None:
        """Close the connection properly within ``timeout`` seconds, and otherwise by force.

        Calls that are waiting on the stream raise ``ClosedError``.
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
        if self._stream_id and not (self._body.is_ended and self._response.is_ended):
            self._connection.reset_stream(self._stream_id, ErrorCodes.CANCEL)
        self._connection.close_connection()
        self._flush()
        self._transport.close()

    # asyncio.Protocol

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Start HTTP/2 on a connected transport."""
        # Not an isinstance: uvloop's transports do not inherit from asyncio's classes.
        self._transport = cast(asyncio.Transport, transport)
        if self._failure is not None:
            self._transport.abort()
            return
        self._connection.initiate_connection()
        self._connection.increment_flow_control_window(initial_window_increment())
        # A request that is sent at once goes out together with this.
        self._loop.call_soon(self._flush)
        self._arm_timer()

    def data_received(self, data: bytes) -> None:
        """Process bytes from the peer."""
        if self._failure is not None:
            return
        if self._liveness is not None:
            self._liveness.received(self._loop.time())
        was_draining = self._incoming.is_draining
        chunks = self._response.chunks
        try:
            for is_data, received in self._incoming.feed(data, self._stream_id):
                if is_data:
                    chunks.append((received, 0))
                else:
                    self._receive(received)
        except H2Error as error:
            failure = StreamLostError(f"The peer violated HTTP/2: {error or type(error).__name__}")
            failure.__cause__ = error
            self._fail(failure)
            return
        if chunks and self.on_arrival is not None:
            self.on_arrival()
        if chunks:
            self._response.wake()
        self._body.use_room()
        if self._incoming.is_draining and not was_draining and self.on_draining is not None:
            self.on_draining()

    def _receive(self, frame: bytes) -> None:
        """Have ``h2`` process a frame."""
        if self._failure is not None:
            return
        for event in self._connection.receive_data(frame):
            self._dispatch(event)
        self._flush()

    def connection_lost(self, exc: Exception | None) -> None:
        """Handle the end of the connection."""
        failure = StreamLostError("The connection to the endpoint was lost")
        failure.__cause__ = exc
        self._fail(failure)
        if not self._closed.done():
            self._closed.set_result(None)

    def pause_writing(self) -> None:
        """Stop writing while the socket is full."""
        self._body.is_paused = True

    def resume_writing(self) -> None:
        """Continue writing, now that the socket accepts data again."""
        self._body.is_paused = False
        self._body.wake()

    # HTTP/2 events

    def _dispatch(self, event: Event) -> None:
        match event:
            case DataReceived():
                self._on_data(event)
            case WindowUpdated() | RemoteSettingsChanged():
                self._body.wake()
            case ResponseReceived():
                self._on_response(event)
            case StreamEnded():
                self._incoming.takes_data = False
                self._response.end()
                self._body.peer_ended()
            case StreamReset():
                self._fail(reset_error("reset the stream", event.error_code))
            case ConnectionTerminated():
                self._fail(reset_error("closes the connection (GOAWAY)", event.error_code))

    def _on_response(self, event: ResponseReceived) -> None:
        status, headers = response_headers(event)
        self._response.begin(status, headers)
        # h2 checks that a body has its declared length.
        self._incoming.takes_data = all(name != "content-length" for name, _ in headers)

    def _on_data(self, event: DataReceived) -> None:
        data, counted = event.data or b"", event.flow_controlled_length or 0
        if data:
            self._response.chunks.append((data, counted))
        elif counted:
            # Padding only: there is nothing to read, and the stream has not ended.
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
        self._response.fail(failure)
        self._body.fail(failure)
        if self._timer is not None:
            self._timer.cancel()

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
                self._fail(StreamStalledError("The endpoint does not answer HTTP/2 pings"))
                return
        self._arm_timer()
