# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
"""The smallest container that SageMaker can stream to: it sends every message back."""

from typing import Self

from aiohttp import web

from pipecat_sagemaker_deepgram.web.front import Front, log_refusals
from pipecat_sagemaker_deepgram.web.websocket import WebSocket

DEFAULT_PATH = "/invocations-bidirectional-stream"
"""The path of a stream that names none (AWS Developer Guide, "Bidirectional streaming")."""


class EchoContainer:
    """A running echo container; an async context manager.

    Args:
        host: Address to listen on.
        port: Port to listen on; 0 for any free one.
    """

    def __init__(self, *, host: str = "127.0.0.1", port: int = 0) -> None:
        routes = [web.get("/ping", _ping), web.get(DEFAULT_PATH, self._stream)]
        self._front = Front(routes, host=host, port=port, outer=[log_refusals])

    @property
    def url(self) -> str:
        """``ws://host:port`` of the running container, without a path."""
        return self._front.url

    async def __aenter__(self) -> Self:
        await self._front.__aenter__()
        return self

    async def __aexit__(self, *exc: object) -> None:
        await self._front.__aexit__(*exc)

    async def wait_until_ready(self, timeout: float = 30.0) -> None:
        """Return at once: there is nothing to load."""

    async def _stream(self, request: web.Request) -> web.StreamResponse:
        return await self._front.serve(request, _echo)


async def _ping(request: web.Request) -> web.Response:
    return web.Response(text="ready\n")


async def _echo(websocket: WebSocket) -> None:
    """Send text back as text and bytes as bytes, until the client closes."""
    while (message := await websocket.receive()) is not None:
        try:
            await websocket.send(message)
        except ConnectionError:
            return
