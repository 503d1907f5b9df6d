# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
"""Reading a request's body for as long as it comes."""

import asyncio
from http import HTTPStatus

from aiohttp import web

from pipecat_sagemaker_deepgram.web.errors import RequestError

UPLOAD_IDLE = 20.0
"""Seconds in which something more of a body has to come."""


async def read_body(request: web.Request, *, idle_timeout: float = UPLOAD_IDLE) -> bytes:
    """Read a body; a client that stops in the middle holds its place no longer than this.

    Args:
        request: The request.
        idle_timeout: Most seconds in which nothing more of it comes.

    Raises:
        RequestError: Nothing more came.
        HTTPRequestEntityTooLarge: It is larger than the server takes.
    """
    reading = asyncio.ensure_future(request.read())
    came = -1
    try:
        while not (await asyncio.wait({reading}, timeout=idle_timeout))[0]:
            if request.content.total_bytes == came:
                raise RequestError(
                    HTTPStatus.REQUEST_TIMEOUT,
                    "Request Timeout",
                    f"Request Timeout: nothing more of the body came for {idle_timeout:g} s",
                )
            came = request.content.total_bytes
        return reading.result()
    finally:
        reading.cancel()
        await asyncio.gather(reading, return_exceptions=True)
