# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
"""TLS directly on a socket: OpenSSL reads and writes it, and the event loop only watches it.

asyncio's own TLS passes every record through two memory buffers and two transports, which costs
more than everything else that this package does for a frame. Certificates and host names are
verified by the same context.
"""

import asyncio
import ssl
from collections.abc import Callable
from typing import Any

HIGH_WATER = 64 * 1024
"""Bytes waiting for the socket above which the protocol is asked to pause."""

LOW_WATER = HIGH_WATER // 4
"""Bytes waiting for the socket up to which the protocol may continue."""

_RECORD = 16 * 1024
_RECORDS_AT_ONCE = 16


def can_watch_sockets(loop: asyncio.AbstractEventLoop) -> bool:
    """Whether an event loop can watch sockets, which Windows' default one cannot."""
    return type(loop).add_reader is not asyncio.AbstractEventLoop.add_reader


async def shake_hands(tls: ssl.SSLSocket) -> None:
    """Do the TLS handshake on a connected socket that does not block.

    Raises:
        ssl.SSLError: It failed; ``SSLCertVerificationError`` if the certificate is not trusted.
        OSError: The connection failed.
    """
    loop = asyncio.get_running_loop()
    while True:
        try:
            tls.do_handshake()
        except ssl.SSLWantReadError:
            await _until(tls, loop.add_reader, loop.remove_reader)
        except ssl.SSLWantWriteError:
            await _until(tls, loop.add_writer, loop.remove_writer)
        else:
            return


async def _until(tls: ssl.SSLSocket, watch: Callable[..., Any], forget: Callable[..., Any]) -> None:
    ready = asyncio.get_running_loop().create_future()
    descriptor = tls.fileno()
    watch(descriptor, _set, ready)
    try:
        await ready
    finally:
        forget(descriptor)


def _set(ready: asyncio.Future[None]) -> None:
    if not ready.done():
        ready.set_result(None)


class TlsTransport(asyncio.Transport):
    """A transport on a TLS socket whose handshake is complete; it starts reading at once.

    Args:
        tls: The socket, which does not block. The transport owns it.
        protocol: Receives what arrives.
    """

    def __init__(self, tls: ssl.SSLSocket, protocol: asyncio.Protocol) -> None:
        super().__init__({"socket": tls, "ssl_object": tls})
        self._tls = tls
        # Not the socket: asyncio puts what it does not watch yet into the text of an error, which
        # it catches, and the text of a socket takes long to make.
        self._descriptor = tls.fileno()
        self._protocol = protocol
        self._loop = asyncio.get_running_loop()
        self._unsent = bytearray()
        self._is_watching_for_room = False
        self._is_paused = False
        self._is_closing = False
        self._has_said_close = False
        self._is_gone = False
        protocol.connection_made(self)
        if not self._is_gone:
            self._loop.add_reader(self._descriptor, self._on_readable)

    def is_closing(self) -> bool:
        """Whether it is being closed or has been closed."""
        return self._is_closing

    def get_write_buffer_size(self) -> int:
        """Return the number of bytes waiting for the socket."""
        return len(self._unsent)

    def write(self, data: bytes | bytearray | memoryview) -> None:
        """Write at once what the socket accepts, and the rest when it accepts more."""
        if self._is_closing or not data:
            return
        sent = 0 if self._unsent else self._send(data)
        if self._is_gone or sent == len(data):
            return
        self._unsent += memoryview(data)[sent:]
        if sent:
            self._send_unsent()
        if len(self._unsent) > HIGH_WATER and not self._is_paused:
            self._is_paused = True
            self._protocol.pause_writing()

    def close(self) -> None:
        """Write what is waiting, close TLS properly, and wait until the peer does so."""
        if self._is_closing:
            return
        self._is_closing = True
        if not self._unsent:
            self._say_close()

    def abort(self) -> None:
        """Drop the connection now."""
        self._lose(None)

    # Writing

    def _send(self, data: bytes | bytearray | memoryview) -> int:
        """Have OpenSSL write; it may accept a part, or nothing until it can read or write."""
        try:
            return self._tls.send(data)
        except ssl.SSLWantWriteError:
            self._watch_for_room()
        except ssl.SSLWantReadError:
            pass  # It has to read first; ``_on_readable`` tries again.
        except OSError as error:
            self._lose(error)
        return 0

    def _send_unsent(self) -> None:
        # What OpenSSL has refused must be offered again as it was, or with more behind it.
        while self._unsent and (sent := self._send(self._unsent)):
            del self._unsent[:sent]
        if self._is_gone:
            return
        if self._is_paused and len(self._unsent) <= LOW_WATER:
            self._is_paused = False
            self._protocol.resume_writing()
        if not self._unsent and self._is_closing:
            self._say_close()

    def _watch_for_room(self) -> None:
        if not self._is_watching_for_room:
            self._is_watching_for_room = True
            self._loop.add_writer(self._descriptor, self._on_writable)

    def _on_writable(self) -> None:
        if self._is_gone:
            return
        self._is_watching_for_room = False
        self._loop.remove_writer(self._descriptor)
        # Reading may have waited for room too, to answer the peer; it also sends what is unsent.
        self._on_readable()

    def _say_close(self) -> None:
        if self._has_said_close:
            return
        try:
            self._tls.unwrap()
        except ssl.SSLWantWriteError:
            self._watch_for_room()
        except (OSError, ValueError):
            # The peer has been notified. What it still sends is read and discarded, up to its end.
            self._has_said_close = True
        else:
            self._lose(None)

    # Reading

    def _on_readable(self) -> None:
        for _ in range(_RECORDS_AT_ONCE):
            if not self._read_record():
                break
        else:
            # No event loop reports what OpenSSL has already read.
            self._loop.call_soon(self._on_readable)
        if (self._unsent or self._is_closing) and not self._is_gone:
            self._send_unsent()

    def _read_record(self) -> bool:
        """Read once, and return whether there may be more to read at once."""
        if self._is_gone:
            return False
        try:
            data = self._tls.recv(_RECORD)
        except ssl.SSLWantReadError:
            return False
        except ssl.SSLWantWriteError:
            self._watch_for_room()
            return False
        except ssl.SSLZeroReturnError:
            data = b""
        except OSError as error:
            self._lose(error)
            return False
        if not data:
            self._lose(None)
            return False
        if not self._is_closing:
            self._hand_on(data)
        return not self._is_gone and self._tls.pending() > 0

    def _hand_on(self, data: bytes) -> None:
        try:
            self._protocol.data_received(data)
        except Exception as error:
            self._lose(error)
            raise

    def _lose(self, error: Exception | None) -> None:
        """Close the socket, and notify the protocol in the event loop's next iteration."""
        if self._is_gone:
            return
        self._is_gone = self._is_closing = True
        self._unsent.clear()
        self._loop.remove_reader(self._descriptor)
        self._loop.remove_writer(self._descriptor)
        self._tls.close()
        self._loop.call_soon(self._protocol.connection_lost, error)
