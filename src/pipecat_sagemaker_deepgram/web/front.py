# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
"""A web server for plain requests and WebSockets on one port, which starts and stops within limits.

It is aiohttp's. Pipecat installs it already; it gives access to a WebSocket's transport, so that a
client that does not read can be disconnected; a refused upgrade is a plain response; a close frame
need not have a status; and it runs in another program's event loop without replacing its signal
handlers. Of the ASGI servers, Uvicorn gives an application neither the transport nor a close frame
without a status, and replaces the signal handlers; Hypercorn and Granian run an event loop or a
process of their own. ``websockets``' own server refuses every request that has a body.
"""

import asyncio
import json
import ssl
import uuid
from collections.abc import Awaitable, Callable, Sequence
from http import HTTPStatus
from typing import Any

from aiohttp import web
from aiohttp.typedefs import Middleware
from loguru import logger

from pipecat_sagemaker_deepgram.web.errors import RequestError
from pipecat_sagemaker_deepgram.web.websocket import CLOSE_TIMEOUT, WebSocket

GOING_AWAY = 1001

_REQUEST_ID = web.RequestKey("request_id", str)
_REASON = web.RequestKey("reason", str)
_SHUTDOWN_TIMEOUT = CLOSE_TIMEOUT + 1.0

type Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


class Front:
    """A running web server; an async context manager.

    Args:
        routes: The routes.
        host: Address to listen on.
        port: Port to listen on; 0 for any free one.
        max_body: Maximum bytes of the body of a request; larger ones are refused with 413.
        answers_pings: As for ``WebSocket``.
        outer: Middlewares around all responses, including errors.
        tls: Certificate and key; ``None`` for no TLS.

    Raises:
        OSError: On entering, if the address cannot be used.
    """

    def __init__(
        self,
        routes: list[web.RouteDef],
        *,
        host: str,
        port: int,
        max_body: int = 2**20,
        answers_pings: bool = True,
        outer: Sequence[Middleware] = (),
        tls: ssl.SSLContext | None = None,
    ) -> None:
        self._tls = tls
        self.host = host
        self.port = port
        self._answers_pings = answers_pings
        self._open: set[WebSocket] = set()
        application = web.Application(
            client_max_size=max_body, middlewares=[*outer, _answer_errors]
        )
        application.on_response_prepare.append(_label)
        application.add_routes(routes)
        self._runner = web.AppRunner(
            application,
            access_log=None,
            shutdown_timeout=_SHUTDOWN_TIMEOUT,
            handler_cancellation=False,
        )

    @property
    def url(self) -> str:
        """``ws://host:port`` or ``wss://host:port``, without a path."""
        return f"{'wss' if self._tls else 'ws'}://{self.host}:{self.port}"

    @property
    def open_websockets(self) -> int:
        """Number of WebSockets that neither side has begun to close."""
        return sum(websocket.is_open for websocket in self._open)

    async def __aenter__(self) -> "Front":
        await self._runner.setup()
        try:
            site = web.TCPSite(self._runner, self.host, self.port, ssl_context=self._tls)
            await site.start()
        except BaseException:
            await self._runner.cleanup()
            raise
        self._site = site
        self.port = self._runner.addresses[0][1]
        return self

    async def __aexit__(self, *exc: object) -> None:
        await self._site.stop()
        await asyncio.gather(*(websocket.close(GOING_AWAY) for websocket in list(self._open)))
        await self._runner.cleanup()

    async def serve(
        self, request: web.Request, talk: Callable[[WebSocket], Awaitable[None]]
    ) -> web.StreamResponse:
        """Accept a WebSocket, and close it when ``talk`` returns.

        Raises:
            RequestError: The request does not ask for a WebSocket.
        """
        require_upgrade(request)
        websocket = WebSocket(request, request_id(request), answers_pings=self._answers_pings)
        response = await websocket.open()
        self._open.add(websocket)
        try:
            await talk(websocket)
        finally:
            await websocket.close()
            self._open.discard(websocket)
        return response


def request_id(request: web.BaseRequest) -> str:
    """The id of a request in its response and in the log."""
    if _REQUEST_ID not in request:
        request[_REQUEST_ID] = str(uuid.uuid4())
    return request[_REQUEST_ID]


def refusal_reason(request: web.BaseRequest) -> str:
    """Why a request was refused; empty if it was not."""
    return request.get(_REASON, "")


@web.middleware
async def log_refusals(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Log refused requests, for a server that logs no others."""
    response = await handler(request)
    if reason := refusal_reason(request):
        logger.warning("{}: rejecting request: {}", request_id(request), reason)
    return response


def is_upgrade(request: web.BaseRequest) -> bool:
    """Whether a request asks for a WebSocket."""
    return request.headers.get("Upgrade", "").lower() == "websocket"


def require_upgrade(request: web.BaseRequest) -> None:
    """Check that a request asks for a WebSocket.

    Raises:
        RequestError: It does not.
    """
    if not is_upgrade(request):
        raise RequestError(
            HTTPStatus.UPGRADE_REQUIRED, "UPGRADE_REQUIRED", f"{request.path} is a WebSocket"
        )


def refusal(request: web.BaseRequest, error: RequestError) -> web.Response:
    """Write Deepgram's error, in the body and in the headers (Deepgram docs, "Errors")."""
    request[_REASON] = error.description
    headers = {"dg-error": json.dumps(error.description)[1:-1]}
    if error.retry_after is not None:
        headers["Retry-After"] = str(error.retry_after)
    return json_response(error.body(request_id(request)), status=error.status, headers=headers)


def json_response(
    body: Any, *, status: HTTPStatus = HTTPStatus.OK, headers: dict[str, str] | None = None
) -> web.Response:
    """Write JSON as Deepgram does: without a charset."""
    written = json.dumps(body).encode()
    return web.Response(
        body=written, status=status, headers=headers, content_type="application/json"
    )


@web.middleware
async def _answer_errors(request: web.Request, handler: Handler) -> web.StreamResponse:
    try:
        return await handler(request)
    except RequestError as error:
        return refusal(request, error)
    except web.HTTPRequestEntityTooLarge as error:
        return refusal(request, too_large(error.text or "the body is too large"))
    except web.HTTPException as error:
        return refusal(request, _from_http(request, error))
    except ConnectionError:
        raise
    except Exception as error:
        logger.opt(exception=error).error("{}: failed", request_id(request))
        return refusal(
            request,
            RequestError(
                HTTPStatus.INTERNAL_SERVER_ERROR, "INTERNAL_SERVER_ERROR", "Internal Server Error"
            ),
        )


def too_large(description: str) -> RequestError:
    """The error for a body that is too large."""
    return RequestError(HTTPStatus.REQUEST_ENTITY_TOO_LARGE, "PAYLOAD_TOO_LARGE", description)


def not_found(path: str) -> RequestError:
    """The error for a path that is not served."""
    return RequestError(HTTPStatus.NOT_FOUND, "NOT_FOUND", f"no route {path}")


def _from_http(request: web.BaseRequest, error: web.HTTPException) -> RequestError:
    status = HTTPStatus(error.status)
    if status is HTTPStatus.NOT_FOUND:
        return not_found(request.path)
    return RequestError(status, status.name, f"{request.method} {request.path}: {status.phrase}")


async def _label(request: web.BaseRequest, response: web.StreamResponse) -> None:
    """Add the request id to every response, including errors (Deepgram docs, "Errors")."""
    response.headers["dg-request-id"] = request_id(request)
