# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
"""The smallest container that SageMaker can stream to: it sends every message back."""

from http import HTTPStatus
from typing import Self

from websockets.asyncio.server import ServerConnection, serve
from websockets.exceptions import ConnectionClosed
from websockets.http11 import Request, Response

from pipecat_sagemaker_deepgram.container.shutdown import CLOSE_TIMEOUT, close_server

DEFAULT_PATH = "/invocations-bidirectional-stream"
"""Where a stream arrives that names no path (AWS Developer Guide, "Bidirectional streaming")."""


class EchoContainer:
    """A running echo container; an async context manager.

    Args:
        host: Address to listen on.
        port: Port to listen on; 0 for any free one.
    """

    def __init__(self, *, host: str = "127.0.0.1", port: int = 0) -> None:
        self._host = host
        self._port = port
        self._handled: set[ServerConnection] = set()

    @property
    def url(self) -> str:
        """``ws://host:port`` of the running container, without a path."""
        return f"ws://{self._host}:{self._port}"

    async def __aenter__(self) -> Self:
        self._server = await serve(
            self._echo,
            self._host,
            self._port,
            process_request=_route,
            compression=None,
            ping_interval=None,
            close_timeout=CLOSE_TIMEOUT,
        )
        self._port = self._server.sockets[0].getsockname()[1]
        return self

    async def __aexit__(self, *exc: object) -> None:
        await close_server(self._server, self._handled)

    async def wait_until_ready(self, timeout: float = 30.0) -> None:
        """Return at once: there is nothing to load."""

    async def _echo(self, websocket: ServerConnection) -> None:
        """Send text back as text and bytes as bytes, until the client closes."""
        self._handled.add(websocket)
        try:
            async for message in websocket:
                await websocket.send(message)
        except ConnectionClosed:
            return
        finally:
            self._handled.discard(websocket)


def _route(connection: ServerConnection, request: Request) -> Response | None:
    path = request.path.partition("?")[0]
    if path == "/ping":
        return connection.respond(HTTPStatus.OK, "ready\n")
    if path != DEFAULT_PATH:
        return connection.respond(HTTPStatus.NOT_FOUND, f"no route {path}\n")
    return None
