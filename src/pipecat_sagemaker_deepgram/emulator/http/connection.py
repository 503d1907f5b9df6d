# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause

"""The socket of one connection: a thin shell around ``http2``, or around ``http1``."""

import asyncio
import socket
import struct
from collections.abc import Callable
from typing import cast

from h2.errors import ErrorCodes
from h2.exceptions import ProtocolError
from loguru import logger

from pipecat_sagemaker_deepgram.emulator.http.exchange import Exchange
from pipecat_sagemaker_deepgram.emulator.http.http1 import Http1Server
from pipecat_sagemaker_deepgram.emulator.http.http2 import Http2Server
from pipecat_sagemaker_deepgram.emulator.http.http2_stream import ServerStream
from pipecat_sagemaker_deepgram.emulator.http.sigv4 import SignedRequest
from pipecat_sagemaker_deepgram.emulator.settings import EmulatorSettings

type Accept = Callable[[ServerStream | Http1Server, SignedRequest, "Connection"], Exchange]


class Connection(asyncio.Protocol):
    """One TLS connection, of HTTP/2 unless the client did not offer it by ALPN.

    Attributes:
        number: The connection's number, from 1.
    """

    def __init__(
        self,
        accept: Accept,
        *,
        number: int,
        settings: EmulatorSettings,
        on_lost: Callable[["Connection"], None],
    ) -> None:
        """Waits for its socket.

        Args:
            accept: Called with every request; returns the exchange that takes its body.
            number: The connection's number.
            settings: Limits.
            on_lost: Called once the connection is closed.
        """
        self.number = number
        self._server = Http2Server(
            lambda stream, request: accept(stream, request, self),
            max_concurrent_streams=settings.max_concurrent_streams,
            initial_window_size=settings.initial_window_size,
            max_output_buffer=settings.max_output_buffer,
        )
        self._accept = accept
        self._http1: Http1Server | None = None
        self._on_lost = on_lost
        self._transport: asyncio.Transport | None = None
        self._lost = asyncio.get_running_loop().create_future()
        self._end_reason = "connection lost: by the client"

    def flush(self) -> None:
        """Writes what is queued for the client."""
        data = (self._http1 or self._server).data_to_send()
        if self._transport is None or self._transport.is_closing():
            return
        if data:
            self._transport.write(data)
        if self._http1 is not None and self._http1.is_over:
            self._transport.close()

    def go_away(self, last_stream_id: int, error: ErrorCodes) -> None:
        """Sends GOAWAY.

        Args:
            last_stream_id: The last stream that counts as processed.
            error: The HTTP/2 error code.
        """
        self._server.go_away(last_stream_id, error)
        self.flush()

    def close(self) -> None:
        """Closes the connection once the queued data is sent."""
        self.flush()
        if self._transport is not None:
            self._transport.close()

    def abort(self, reason: str) -> None:
        """Resets the TCP connection.

        Args:
            reason: The end that is recorded for its streams.
        """
        self._end_reason = reason
        if self._transport is None:
            return
        if (sock := self._transport.get_extra_info("socket")) is not None:
            reset_on_close(sock)
        self._transport.abort()

    def pause_reading(self) -> None:
        """Reads nothing more from the socket."""
        if self._transport is not None:
            self._transport.pause_reading()

    async def wait_lost(self) -> None:
        """Waits until the connection is closed."""
        if self._transport is not None:
            await self._lost

    # asyncio.Protocol

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Sends SETTINGS, or waits for HTTP/1.1."""
        transport = cast(asyncio.Transport, transport)
        self._transport = transport
        # asyncio does this only if the protocol number is TCP; for accepted sockets it is 0.
        sock = transport.get_extra_info("socket")
        sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        protocol = transport.get_extra_info("ssl_object").selected_alpn_protocol()
        if protocol != "h2":
            self._http1 = Http1Server(lambda server, request: self._accept(server, request, self))
            return
        self._server.start()
        self.flush()

    def data_received(self, data: bytes) -> None:
        """Handles bytes from the client."""
        if self._http1 is not None:
            self._http1.receive_data(data)
            self.flush()
            return
        try:
            self._server.receive_data(data)
        except (ProtocolError, UnicodeDecodeError) as error:
            logger.warning(f"Emulator: a client violated HTTP/2; its connection is closed: {error}")
            self._end_reason = f"connection lost: {error}"
            self.close()
            return
        self.flush()

    def connection_lost(self, exc: Exception | None) -> None:
        """Informs every exchange."""
        (self._http1 or self._server).lose(self._end_reason)
        if not self._lost.done():
            self._lost.set_result(None)
        self._on_lost(self)

    def pause_writing(self) -> None:
        """The client's socket accepts no more bytes."""
        self._server.set_writable(False)

    def resume_writing(self) -> None:
        """The client's socket accepts bytes again."""
        self._server.set_writable(True)
        self.flush()


def reset_on_close(sock: socket.socket) -> None:
    """Makes the socket send a TCP reset when it is closed.

    Args:
        sock: An open socket.
    """
    sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
