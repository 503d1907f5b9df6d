# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
"""Reads the body of a request as long as data arrives."""

import asyncio
from http import HTTPStatus

from aiohttp import web

from pipecat_sagemaker_deepgram.web.errors import RequestError

UPLOAD_IDLE = 20.0
"""Maximum seconds between two pieces of a body."""


async def read_body(request: web.Request, *, idle_timeout: float = UPLOAD_IDLE) -> bytes:
    """Read a body. A client that stops in the middle is refused after a time limit.

    Args:
        request: The request.
        idle_timeout: Maximum seconds between two pieces.

    Raises:
        RequestError: The client stopped in the middle.
        HTTPRequestEntityTooLarge: It is larger than the server accepts.
    """
    reading = asyncio.ensure_future(request.read())
    came = -1
    try:
        while not (await asyncio.wait({reading}, timeout=idle_timeout))[0]:
            if request.content.total_bytes == came:
                raise RequestError(
                    HTTPStatus.REQUEST_TIMEOUT,
                    "Request Timeout",
                    f"Request Timeout: no data of the body arrived for {idle_timeout:g} s",
                )
            came = request.content.total_bytes
        return reading.result()
    finally:
        reading.cancel()
        await asyncio.gather(reading, return_exceptions=True)
