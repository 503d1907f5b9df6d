# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
"""A WebSocket of a client that is closed within a time limit, whatever the client does.

The closing handshake has a time limit, but sending the close frame first waits for a client that
does not read; such a client is disconnected.
"""

import asyncio

from aiohttp import WSMsgType, web
from loguru import logger

CLOSE_TIMEOUT = 2.0
"""Seconds in which a client must finish the closing handshake."""

_SEND_CLOSE_TIMEOUT = 1.0
_LONGEST_REASON = 123
_MAX_MESSAGE_BYTES = 16 * 2**20
_NORMAL_CLOSURE = 1000
_SUBPROTOCOLS = ("token", "bearer")
"""Subprotocols with which browsers send their key (Deepgram's JavaScript SDK)."""


class WebSocket:
    """An open WebSocket.

    Args:
        request: The request for it.
        id: Its id in the log.
        answers_pings: Whether pings are answered with pongs, as they must be; SageMaker
            considers a container dead that does not.

    Attributes:
        id: Its id in the log.
        is_open: Whether neither side has begun to close.
    """

    def __init__(self, request: web.BaseRequest, id: str, *, answers_pings: bool = True) -> None:
        self.id = id
        self.is_open = False
        self._request = request
        self._closed = asyncio.Event()
        self._is_receiving = False
        self._answers_pings = answers_pings
        self._response = web.WebSocketResponse(
            protocols=_SUBPROTOCOLS,
            autoping=False,
            autoclose=False,
            compress=False,
            max_msg_size=_MAX_MESSAGE_BYTES,
        )

    async def open(self) -> web.StreamResponse:
        """Accept the handshake, and return the response for the handler to return."""
        await self._response.prepare(self._request)
        self.is_open = True
        return self._response

    async def receive(self) -> str | bytes | None:
        """Return the next message; ``None`` if the WebSocket is closed."""
        self._is_receiving = True
        try:
            return await self._receive()
        finally:
            self._is_receiving = False

    async def send(self, message: str | bytes) -> None:
        """Send a message.

        Raises:
            ConnectionError: The WebSocket is closing or closed.
        """
        if not self.is_open:
            raise ConnectionResetError("the WebSocket is closed")
        if isinstance(message, str):
            await self._response.send_str(message)
        else:
            await self._response.send_bytes(message)

    async def close(self, code: int | None = _NORMAL_CLOSURE, reason: str = "") -> None:
        """Close, and wait for the client to do so; drop it if it does not in time.

        Args:
            code: The status; ``None`` for a close frame without one, which appears as 1005.
            reason: The reason; cut to the maximum length in a close frame.
        """
        if not self.is_open:
            return
        self.is_open = False
        payload = b"" if code is None else code.to_bytes(2) + _cut(reason)
        try:
            async with asyncio.timeout(_SEND_CLOSE_TIMEOUT):
                await self._response.send_frame(payload, WSMsgType.CLOSE)
        except TimeoutError:
            self.abort()
            return
        except ConnectionError:
            pass  # The client has closed or dropped the connection; the transport is closed below.
        await self._wait_for_client()
        self._close_transport()

    def abort(self) -> None:
        """Drop the TCP connection; pending reads and writes fail at once."""
        logger.warning("{}: the client is not reading; dropping the connection", self.id)
        self.is_open = False
        if self._request.transport is not None:
            self._request.transport.abort()

    async def _receive(self) -> str | bytes | None:
        while True:
            message = await self._response.receive()
            match message.type:
                case WSMsgType.TEXT | WSMsgType.BINARY:
                    return message.data
                case WSMsgType.PING:
                    await self._pong(message.data)
                case WSMsgType.PONG:
                    continue
                case WSMsgType.CLOSE:
                    await self._answer_close(message.data)
                    return None
                case _:
                    self.is_open = False
                    self._closed.set()
                    return None

    async def _pong(self, payload: bytes) -> None:
        if self._answers_pings and self.is_open:
            await self._response.pong(payload)

    async def _answer_close(self, code: int) -> None:
        self._closed.set()
        if self.is_open:
            self.is_open = False
            await self._response.close(code=code or _NORMAL_CLOSURE, drain=False)

    async def _wait_for_client(self) -> None:
        try:
            async with asyncio.timeout(CLOSE_TIMEOUT):
                if self._is_receiving:
                    await self._closed.wait()
                else:
                    while await self.receive() is not None:
                        continue
        except TimeoutError:
            logger.debug("{}: the client did not finish the closing handshake", self.id)

    def _close_transport(self) -> None:
        transport = self._request.transport
        if transport is None:
            return
        if transport.get_write_buffer_size():
            self.abort()
        else:
            transport.close()


def _cut(reason: str) -> bytes:
    return reason.encode()[:_LONGEST_REASON].decode(errors="ignore").encode()
