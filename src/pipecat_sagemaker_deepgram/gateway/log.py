# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
"""One log line for each request, with its facts as fields; never a transcript or a key."""

import time
from http import HTTPStatus
from typing import Any

from aiohttp import web
from loguru import logger

from pipecat_sagemaker_deepgram.gateway.access.door import key_id_of
from pipecat_sagemaker_deepgram.web.front import Handler, refusal_reason, request_id

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
    fields = _fields(request, status, seconds)
    reason = fields["reason"]
    logger.bind(**fields).log(
        _level(fields["route"], status),
        "{}: {} {} {} after {:.3f} s, key {}{}",
        fields["request_id"],
        request.method,
        fields["path"],
        "connection lost" if status is None else status,
        seconds,
        fields["key_id"] or "unknown",
        f": {reason}" if reason else "",
    )


def _fields(request: web.Request, status: int | None, seconds: float) -> dict[str, Any]:
    resource = request.match_info.route.resource
    return {
        "request_id": request_id(request),
        "key_id": key_id_of(request),
        "method": request.method,
        "path": request.rel_url.raw_path,
        "route": "" if resource is None else resource.canonical,
        "model": request.query.get("model", ""),
        "status": status,
        "reason": _one_line(refusal_reason(request)),
        "seconds": round(seconds, 3),
    }


def _level(route: str, status: int | None) -> str:
    if status is not None and status >= HTTPStatus.BAD_REQUEST:
        return "WARNING"
    return "DEBUG" if route in _MONITORING and status is not None else "INFO"


def _one_line(text: str) -> str:
    """A reason without control characters: it may quote what the client sent."""
    return "".join(each if each.isprintable() else " " for each in text)
