# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
"""A bare HTTP/2 peer: ``h2`` on a socket and a script, so that no code of ours is on both ends."""

import asyncio
import ssl
import struct
from collections.abc import Awaitable, Callable
from types import TracebackType
from typing import Self, cast

from h2.config import H2Configuration
from h2.connection import H2Connection
from h2.errors import ErrorCodes
from h2.events import ConnectionTerminated, DataReceived, RequestReceived, StreamEnded, StreamReset
from h2.exceptions import ProtocolError
from h2.settings import SettingCodes

type Script = Callable[["BarePeer"], Awaitable[None]]

OK = (("content-type", "application/vnd.amazon.eventstream"), ("x-amzn-requestid", "request-1"))


class BarePeer(asyncio.Protocol):
    """One connection; its script awaits what the client does and says what the peer does."""

    def __init__(self, server: "BareServer") -> None:
        self._server = server
        self.h2 = H2Connection(H2Configuration(client_side=False, header_encoding="utf-8"))
        self.stream_id = 0
        self.request_headers: dict[str, str] = {}
        self.body = b""
        self.is_acknowledging = True
        self.input_ended = False
        self.reset_code: int | None = None
        self.is_left = False
        self.is_lost = False
        self._changed = asyncio.Event()
        self._transport: asyncio.Transport | None = None

    # What the client did

    async def until(self, condition: Callable[[], bool]) -> None:
        """Wait until something has happened."""
        while not condition():
            self._changed.clear()
            await self._changed.wait()

    async def request(self) -> dict[str, str]:
        """Wait for the request's headers."""
        await self.until(lambda: bool(self.stream_id))
        return self.request_headers

    async def received(self, count: int) -> bytes:
        """Wait for so many bytes of the body."""
        await self.until(lambda: len(self.body) >= count)
        return self.body

    # What the peer does

    @property
    def transport(self) -> asyncio.Transport:
        """The connection."""
        assert self._transport is not None
        return self._transport

    def respond(self, status: int = 200, headers: tuple[tuple[str, str], ...] = OK) -> None:
        """Send response headers."""
        self.h2.send_headers(self.stream_id, [(":status", str(status)), *headers])
        self.flush()

    def send(self, data: bytes, *, padding: int | None = None) -> None:
        """Send body bytes."""
        self.h2.send_data(self.stream_id, data, pad_length=padding)
        self.flush()

    def end(self) -> None:
        """Send END_STREAM."""
        self.h2.end_stream(self.stream_id)
        self.flush()

    def reset(self, code: ErrorCodes = ErrorCodes.INTERNAL_ERROR) -> None:
        """Send RST_STREAM."""
        self.h2.reset_stream(self.stream_id, code)
        self.flush()

    def go_away(self, code: ErrorCodes = ErrorCodes.NO_ERROR, *, last: int | None = None) -> None:
        """Send GOAWAY, naming the client's stream as the last one unless told otherwise.

        The peer itself can go on: ``h2``, which would end its side, does not hear of it.
        """
        self.flush()
        fields = struct.pack("!II", self.stream_id if last is None else last, code)
        self.transport.write(b"\0\0\x08\x07\0\0\0\0\0" + fields)

    def drop(self) -> None:
        """Reset the TCP connection."""
        self.transport.abort()

    def flush(self) -> None:
        """Send what is queued."""
        self.transport.write(self.h2.data_to_send())

    # asyncio.Protocol

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Run the script."""
        self._transport = cast(asyncio.Transport, transport)
        self.h2.initiate_connection()
        self.h2.update_settings({SettingCodes.MAX_CONCURRENT_STREAMS: 10})
        self.flush()
        self._server.start(self)

    def data_received(self, data: bytes) -> None:
        """Note what the client did."""
        try:
            events = self.h2.receive_data(data)
        except ProtocolError:
            # What comes after this peer's GOAWAY.
            return
        for event in events:
            match event:
                case RequestReceived():
                    self.stream_id = event.stream_id or 0
                    self.request_headers = {str(k): str(v) for k, v in event.headers or ()}
                case DataReceived():
                    self.body += event.data or b""
                    if self.is_acknowledging:
                        size = event.flow_controlled_length or 0
                        self.h2.acknowledge_received_data(size, self.stream_id)
                case StreamEnded():
                    self.input_ended = True
                case StreamReset():
                    self.reset_code = int(event.error_code or 0)
                case ConnectionTerminated():
                    self.is_left = True
        self.flush()
        self._changed.set()

    def connection_lost(self, exc: Exception | None) -> None:
        """Note that the client is gone."""
        self.is_left = self.is_lost = True
        self._changed.set()


class BareServer:
    """Listens on loopback and runs one script for each connection."""

    def __init__(self, script: Script, context: ssl.SSLContext) -> None:
        self._script = script
        self._context = context
        self._server: asyncio.Server | None = None
        self._tasks: set[asyncio.Task[None]] = set()
        self.peers: list[BarePeer] = []

    @property
    def port(self) -> int:
        """The port it listens on."""
        assert self._server is not None
        return self._server.sockets[0].getsockname()[1]

    @property
    def url(self) -> str:
        """Its address."""
        return f"https://127.0.0.1:{self.port}"

    def start(self, peer: BarePeer) -> None:
        """Run the script for a connection."""
        self.peers.append(peer)
        task = asyncio.get_running_loop().create_task(self._run(peer))
        self._tasks.add(task)

    async def _run(self, peer: BarePeer) -> None:
        try:
            await self._script(peer)
        except ProtocolError:
            if not peer.is_left:
                raise

    async def __aenter__(self) -> Self:
        loop = asyncio.get_running_loop()
        self._server = await loop.create_server(
            lambda: BarePeer(self), "127.0.0.1", 0, ssl=self._context
        )
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        assert self._server is not None
        self._server.close()
        for peer in self.peers:
            peer.transport.abort()
        for task in self._tasks:
            task.cancel()
        outcomes = await asyncio.gather(*self._tasks, return_exceptions=True)
        for peer in self.peers:
            await peer.until(lambda peer=peer: peer.is_lost)
        failed = [each for each in outcomes if isinstance(each, Exception)]
        if failed and error is None:
            raise failed[0]
