# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause

"""One stream of an HTTP/2 connection, server side. Pure: it queues frames and waits for nothing.

Input is acknowledged, which reopens the window, unless it is held. Output waits for the client's
window in a buffer that makes its producer pause.
"""

from collections.abc import Iterable
from typing import Protocol

from h2.connection import H2Connection
from h2.errors import ErrorCodes

from pipecat_sagemaker_deepgram.emulator.http.exchange import Exchange


class StreamCarrier(Protocol):
    """The connection, seen from one of its streams."""

    h2: H2Connection
    is_writable: bool
    max_output_buffer: int

    def acknowledge(self, stream_id: int, size: int) -> None:
        """Reopens the windows for bytes that were read."""

    def forget(self, stream_id: int) -> None:
        """Forgets a stream."""


class ServerStream:
    """The server's handle of one stream."""

    def __init__(self, carrier: StreamCarrier, stream_id: int, *, is_head: bool = False) -> None:
        """Begins a stream.

        Args:
            carrier: The connection.
            stream_id: The stream.
            is_head: Whether the request was HEAD, whose response has no body.
        """
        self.id = stream_id
        self.exchange: Exchange | None = None
        self.is_open = True
        self.pending = bytearray()
        self._carrier = carrier
        self._is_head = is_head
        self._ending = False
        self._held = False
        self._unacknowledged = 0
        self._paused = False

    def respond(
        self, status: int, headers: Iterable[tuple[str, str]], *, body: bytes | None = None
    ) -> None:
        """Sends response headers and, if there is a body, the body and END_STREAM.

        Args:
            status: The HTTP status.
            headers: Regular headers, names in lower case.
            body: The whole body; None to continue with ``write``.
        """
        if self.is_open:
            self._carrier.h2.send_headers(self.id, [(":status", str(status)), *headers])
            if body is not None:
                self.write(b"" if self._is_head else body)
                self.end()

    def write(self, data: bytes) -> None:
        """Sends body bytes as soon as the client's window allows.

        Args:
            data: The bytes; dropped if the stream is over.
        """
        if self.is_open and not self._ending:
            self.pending += data
            self.pump()

    def end(self) -> None:
        """Sends END_STREAM after the remaining output."""
        if self.is_open and not self._ending:
            self._ending = True
            self.pump()

    def reset(self, error: ErrorCodes) -> None:
        """Sends RST_STREAM.

        Args:
            error: The HTTP/2 error code.
        """
        if self.is_open:
            self._carrier.h2.reset_stream(self.id, error)
            self.close()

    def hold_input(self) -> None:
        """Keeps the client's window from reopening, which limits what the client can send."""
        self._held = True

    def release_input(self) -> None:
        """Opens the client's window for all that was received."""
        self._held = False
        size, self._unacknowledged = self._unacknowledged, 0
        self._carrier.acknowledge(self.id, size)

    def take(self, data: bytes, size: int) -> None:
        """Hands body bytes to the exchange.

        Args:
            data: The bytes.
            size: Bytes that they used of the window, including padding.
        """
        self._unacknowledged += size
        if not self._held:
            self.release_input()
        if self.exchange is not None:
            self.exchange.data_received(data)

    def pump(self) -> None:
        """Sends what the window and the connection accept, and informs the exchange."""
        connection = self._carrier.h2
        while self.pending and self._carrier.is_writable:
            room = connection.local_flow_control_window(self.id)
            size = min(room, connection.max_outbound_frame_size, len(self.pending))
            if size <= 0:
                break
            connection.send_data(self.id, bytes(self.pending[:size]))
            del self.pending[:size]
        if self._ending and not self.pending:
            connection.end_stream(self.id)
            self.close()
        self._notify()

    def _notify(self) -> None:
        limit = self._carrier.max_output_buffer
        paused = len(self.pending) > (limit // 2 if self._paused else limit)
        if paused != self._paused and self.exchange is not None:
            self._paused = paused
            self.exchange.output_paused(paused)

    def close(self) -> None:
        """Drops the output; input that still arrives is acknowledged and dropped."""
        self.is_open = False
        self.pending.clear()
        self.release_input()
        self._carrier.forget(self.id)

    def lose(self, reason: str) -> None:
        """Closes the stream without a frame and informs the exchange.

        Args:
            reason: What happened, for the stream's record.
        """
        if self.is_open:
            self.close()
            if self.exchange is not None:
                self.exchange.stream_lost(reason)
