# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
"""``POST /v1/auth/grant``: a short-lived token for the holder of a key."""

from http import HTTPStatus

import msgspec
from aiohttp import web

from pipecat_sagemaker_deepgram.gateway.access.door import Door
from pipecat_sagemaker_deepgram.gateway.access.tokens import DEFAULT_TTL, LONGEST_TTL
from pipecat_sagemaker_deepgram.web.bodies import read_body
from pipecat_sagemaker_deepgram.web.errors import InvalidJsonError, RequestError
from pipecat_sagemaker_deepgram.web.front import json_response


class _Wish(msgspec.Struct):
    ttl_seconds: float | None = None


class Grants:
    """Grants tokens.

    Args:
        door: Identifies the caller.
    """

    def __init__(self, door: Door) -> None:
        self._door = door

    async def grant(self, request: web.Request) -> web.Response:
        """Serve the route.

        Raises:
            RequestError: The caller may not have one, or the request is invalid.
        """
        async with self._door.admit(request) as caller:
            ttl = _ttl(await read_body(request))
            token = self._door.grant(caller, ttl)
        return json_response({"access_token": token, "expires_in": ttl})


def _ttl(body: bytes) -> int:
    try:
        wish = msgspec.json.decode(body, type=_Wish) if body.strip() else _Wish()
    except msgspec.DecodeError as error:
        raise InvalidJsonError(str(error)) from error
    ttl = DEFAULT_TTL if wish.ttl_seconds is None else int(wish.ttl_seconds)
    if not 1 <= ttl <= LONGEST_TTL:
        raise RequestError(
            HTTPStatus.BAD_REQUEST,
            "Bad Request",
            f"Bad Request: ttl_seconds must be between 1 and {LONGEST_TTL}",
        )
    return ttl
