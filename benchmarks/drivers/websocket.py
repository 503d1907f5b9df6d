# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
"""A client of Deepgram's own API: a bare WebSocket, as available in any language."""

from typing import Any

from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed

from benchmarks.access import QUERY, Access

OPEN_TIMEOUT = 30.0


class WebSocketDriver:
    """One stream."""

    def __init__(self, url: str) -> None:
        self._url = f"{url}/v1/listen?{QUERY}"
        self._connection: ClientConnection | None = None

    async def open(self) -> None:
        self._connection = await connect(self._url, compression=None, open_timeout=OPEN_TIMEOUT)

    async def send(self, audio: bytes) -> None:
        assert self._connection is not None
        await self._connection.send(audio)

    async def receive(self) -> str | None:
        assert self._connection is not None
        try:
            message = await self._connection.recv()
        except ConnectionClosed:
            return None
        return message.decode() if isinstance(message, bytes) else message

    async def close(self) -> None:
        assert self._connection is not None
        await self._connection.close()


def make(access: Access, options: dict[str, Any]) -> WebSocketDriver:
    """Make a driver; ``url`` is the address of the API."""
    return WebSocketDriver(options["url"])
