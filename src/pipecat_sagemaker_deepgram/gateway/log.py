# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
"""One log line for each request, with its facts as fields; never a transcript."""

import time

from aiohttp import web
from loguru import logger

from pipecat_sagemaker_deepgram.gateway.access.door import key_id_of
from pipecat_sagemaker_deepgram.web.front import Handler, request_id

_MONITORING = frozenset(
    (
        *("/", "/page/{name}", "/metrics", "/monitor.json"),
        *("/health", "/health/live", "/health/ready"),
    )
)
"""Routes that are polled; their successes are logged at DEBUG."""


@web.middleware
async def log_requests(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Log a request once it has been answered or refused, or its connection was lost."""
    began = time.monotonic()
    status = None
    try:
        response = await handler(request)
        status = response.status
        return response
    finally:
        _log(request, status, time.monotonic() - began)


def _log(request: web.Request, status: int | None, seconds: float) -> None:
    resource = request.match_info.route.resource
    route = "" if resource is None else resource.canonical
    fields = {
        "request_id": request_id(request),
        "key_id": key_id_of(request),
        "method": request.method,
        "path": request.rel_url.raw_path,
        "route": route,
        "model": request.query.get("model", ""),
        "status": status,
        "seconds": round(seconds, 3),
    }
    is_quiet = route in _MONITORING and status is not None and status < 400
    logger.bind(**fields).log(
        "DEBUG" if is_quiet else "INFO",
        "{}: {} {} {} after {:.3f} s, key {}",
        fields["request_id"],
        request.method,
        fields["path"],
        "connection lost" if status is None else status,
        seconds,
        fields["key_id"] or "unknown",
    )
