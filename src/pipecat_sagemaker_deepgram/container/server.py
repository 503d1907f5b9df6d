# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
"""The web server of a model container: ``/ping`` and one WebSocket route per Deepgram API.

The contract is SageMaker's (AWS Developer Guide, "Bidirectional streaming"): the container is
healthy when ``GET /ping`` says 200, and each stream comes as one WebSocket whose path and query
are the invocation's.
"""

import asyncio
import json
import signal
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from functools import partial
from http import HTTPStatus
from typing import Self

from loguru import logger
from websockets.asyncio.server import Server, ServerConnection, serve
from websockets.http11 import Request, Response

from pipecat_sagemaker_deepgram.container.connection import Connection, IdleRule
from pipecat_sagemaker_deepgram.container.dialogue import Dialogue
from pipecat_sagemaker_deepgram.container.query_checks import QueryError
from pipecat_sagemaker_deepgram.container.recognizers.recognizer import (
    Recognizer,
    RecognizerUnavailableError,
)
from pipecat_sagemaker_deepgram.container.shutdown import CLOSE_TIMEOUT, close_server
from pipecat_sagemaker_deepgram.container.v1.listen import ListenV1
from pipecat_sagemaker_deepgram.container.v2.bundle import FluxOptions
from pipecat_sagemaker_deepgram.container.v2.listen import ListenV2

V1_LISTEN = "/v1/listen"
V2_LISTEN = "/v2/listen"

_MAX_MESSAGE_BYTES = 16 * 2**20


class ModelContainer:
    """A running model container; an async context manager.

    Args:
        recognizer: What recognises; loaded in a thread on entering, closed on leaving.
        host: Address to listen on.
        port: Port to listen on; 0 for any free one. SageMaker expects 8080.
        idle_timeout: Seconds without input before a connection to v1/listen is closed
            (Deepgram: 10).
        send_timeout: Seconds that a client may leave a message untaken before it is dropped.
        max_streams: Connections at a time; more are refused with 503. None for no limit.
        flux: How v2/listen is served; by default as Deepgram's public API does.

    Raises:
        OSError: On entering, when the address cannot be had.
    """

    def __init__(
        self,
        recognizer: Recognizer,
        *,
        host: str = "127.0.0.1",
        port: int = 0,
        idle_timeout: float = 10.0,
        send_timeout: float = 10.0,
        max_streams: int | None = None,
        flux: FluxOptions | None = None,
    ) -> None:
        self._recognizer = recognizer
        self._host = host
        self._port = port
        self._idle_timeout = idle_timeout
        self._send_timeout = send_timeout
        self._max_streams = max_streams
        self._flux = flux or FluxOptions()
        self._failure: Exception | None = None
        self._server: Server | None = None
        self._loading: asyncio.Task[None] | None = None
        self._handled: set[ServerConnection] = set()

    @property
    def url(self) -> str:
        """``ws://host:port`` of the running container, without a path."""
        return f"ws://{self._host}:{self._port}"

    @property
    def streams(self) -> int:
        """Connections that are open."""
        return len(self._server.connections) if self._server else 0

    async def __aenter__(self) -> Self:
        self._executor = ThreadPoolExecutor(
            max(1, self._recognizer.workers), thread_name_prefix="recognizer"
        )
        self._server = await serve(
            self._handle,
            self._host,
            self._port,
            process_request=self._route,
            process_response=_label,
            compression=None,
            ping_interval=None,
            close_timeout=CLOSE_TIMEOUT,
            max_size=_MAX_MESSAGE_BYTES,
        )
        self._port = self._server.sockets[0].getsockname()[1]
        self._loading = asyncio.create_task(self._load())
        return self

    async def __aexit__(self, *exc: object) -> None:
        assert self._server is not None
        assert self._loading is not None
        try:
            await close_server(self._server, self._handled)
            await self._loading
        finally:
            self._executor.shutdown()
            self._recognizer.close()

    async def wait_until_ready(self, timeout: float = 30.0) -> None:
        """Wait until the model is loaded and ``/ping`` says 200.

        Args:
            timeout: Seconds to wait.

        Raises:
            RecognizerUnavailableError: The model cannot be loaded.
            TimeoutError: It takes longer than ``timeout``.
        """
        assert self._loading is not None, "enter the container first"
        async with asyncio.timeout(timeout):
            await asyncio.shield(self._loading)
        if self._failure is not None:
            raise RecognizerUnavailableError(str(self._failure)) from self._failure

    async def serve_until_terminated(self) -> None:
        """Serve until SIGTERM or SIGINT, as ``docker stop`` and a terminal send them."""
        terminated = asyncio.Event()
        loop = asyncio.get_running_loop()
        numbers = (signal.SIGTERM, signal.SIGINT)
        for number in numbers:
            loop.add_signal_handler(number, terminated.set)
        try:
            await terminated.wait()
        finally:
            for number in numbers:
                loop.remove_signal_handler(number)

    async def _load(self) -> None:
        try:
            await asyncio.get_running_loop().run_in_executor(self._executor, self._recognizer.load)
        except Exception as error:
            self._failure = error
            logger.error("the model cannot be loaded: {}", error)

    def _unready(self) -> str | None:
        """Why no stream can be served; None when it can."""
        if self._failure is not None:
            return f"the model cannot be loaded: {self._failure}"
        if self._loading is None or not self._loading.done():
            return "the model is loading"
        return None

    def _route(self, connection: ServerConnection, request: Request) -> Response | None:
        path = request.path.partition("?")[0]
        unready = self._unready()
        if path == "/ping":
            status = HTTPStatus.SERVICE_UNAVAILABLE if unready else HTTPStatus.OK
            return connection.respond(status, f"{unready or 'ready'}\n")
        if path.removesuffix("/") not in (V1_LISTEN, V2_LISTEN):
            return _refuse(connection, HTTPStatus.NOT_FOUND, "NOT_FOUND", f"no route {path}")
        if unready or self._is_full():
            reason = unready or f"all {self._max_streams} streams are taken"
            return _refuse(
                connection, HTTPStatus.SERVICE_UNAVAILABLE, "SERVICE_UNAVAILABLE", reason
            )
        try:
            self._check(request)
        except QueryError as error:
            return _refuse(connection, HTTPStatus.BAD_REQUEST, error.code, error.description)
        return None

    def _check(self, request: Request) -> tuple[Callable[..., Dialogue], IdleRule]:
        """Check a query; return what opens its dialogue, given a request id, and when it is idle.

        Raises:
            QueryError: The query is wrong.
        """
        path, _, query = request.path.partition("?")
        now = asyncio.get_running_loop().time()
        if path.removesuffix("/") == V2_LISTEN:
            flux = ListenV2.check(query, self._recognizer, self._flux)
            return (
                partial(ListenV2, flux, self._recognizer, options=self._flux),
                IdleRule(self._flux.idle_timeout, now, audio_only=True),
            )
        nova = ListenV1.check(query, self._recognizer)
        created = datetime.now(UTC).isoformat(timespec="milliseconds")
        return (
            partial(ListenV1, nova, self._recognizer, created=created),
            IdleRule(self._idle_timeout, now),
        )

    def _is_full(self) -> bool:
        return self._max_streams is not None and self.streams >= self._max_streams

    async def _handle(self, websocket: ServerConnection) -> None:
        self._handled.add(websocket)
        try:
            await self._converse(websocket)
        finally:
            self._handled.discard(websocket)

    async def _converse(self, websocket: ServerConnection) -> None:
        assert websocket.request is not None
        open_dialogue, idle = self._check(websocket.request)
        await Connection(
            websocket,
            open_dialogue(request_id=str(websocket.id)),
            executor=self._executor if self._recognizer.workers else None,
            idle=idle,
            max_speed=self._recognizer.max_speed,
            send_timeout=self._send_timeout,
        ).run()


def _refuse(connection: ServerConnection, status: HTTPStatus, code: str, reason: str) -> Response:
    """Refuse the upgrade with Deepgram's error body (Deepgram docs, "Errors")."""
    logger.warning("{}: rejecting request: {}", connection.id, reason)
    body = {"err_code": code, "err_msg": reason, "request_id": str(connection.id)}
    response = connection.respond(status, json.dumps(body))
    del response.headers["Content-Type"]
    response.headers["Content-Type"] = "application/json"
    return response


def _label(connection: ServerConnection, request: Request, response: Response) -> None:
    """Name the request in every answer, refusals included (Deepgram docs, "Errors")."""
    response.headers["dg-request-id"] = str(connection.id)
