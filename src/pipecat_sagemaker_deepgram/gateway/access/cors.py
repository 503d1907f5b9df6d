# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
"""Permits web pages of other origins to make requests (Fetch standard, "CORS protocol")."""

from aiohttp import web
from aiohttp.typedefs import Middleware

from pipecat_sagemaker_deepgram.gateway.access.door import is_allowed
from pipecat_sagemaker_deepgram.web.front import Handler

_METHODS = "GET, POST, OPTIONS"
_EXPOSED = "dg-request-id, dg-error, Retry-After"
_KEPT_FOR = "600"


def cors(origins: tuple[str, ...]) -> Middleware:
    """Make the middleware that adds CORS headers to responses and answers preflight requests.

    Args:
        origins: The origins that are permitted; ``*`` for any.
    """

    @web.middleware
    async def answer(request: web.Request, handler: Handler) -> web.StreamResponse:
        origin = request.headers.get("Origin")
        if origin is None or not is_allowed(origin, origins):
            return await handler(request)
        response = _preflight(request) if _is_preflight(request) else await handler(request)
        if not response.prepared:
            response.headers["Access-Control-Allow-Origin"] = origin
            response.headers["Access-Control-Expose-Headers"] = _EXPOSED
            response.headers.add("Vary", "Origin")
        return response

    return answer


def _is_preflight(request: web.Request) -> bool:
    return request.method == "OPTIONS" and "Access-Control-Request-Method" in request.headers


def _preflight(request: web.Request) -> web.Response:
    headers = {
        "Access-Control-Allow-Methods": _METHODS,
        "Access-Control-Allow-Headers": request.headers.get("Access-Control-Request-Headers", ""),
        "Access-Control-Max-Age": _KEPT_FOR,
    }
    return web.Response(status=204, headers=headers)
