# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause

"""Sends plain HTTP to the container, as SageMaker does: ``POST /invocations`` and ``GET /ping``."""

import asyncio
from collections.abc import Iterable
from io import BytesIO
from typing import NamedTuple

import aiohttp
from yarl import URL

LONGEST_REPLY = 25 * 1024 * 1024
"""Maximum bytes of a reply."""

_AUTOMATIC = ("Accept", "Accept-Encoding", "Content-Type", "User-Agent")


class ContainerReply(NamedTuple):
    """The container's answer; names of headers are in lower case."""

    status: int
    headers: dict[str, str]
    body: bytes


class ContainerHttpError(ConnectionError):
    """The container did not send a complete reply; the message says why."""


async def post_invocations(
    container_url: str, headers: Iterable[tuple[str, str]], body: bytes, *, timeout: float
) -> ContainerReply:
    """Sends a request to the container.

    Args:
        container_url: The container, such as ``ws://127.0.0.1:8080``.
        headers: The headers, except for the length.
        body: The whole body.
        timeout: Seconds within which the whole reply must arrive.

    Raises:
        TimeoutError: It did not arrive in time.
        ContainerHttpError: The connection was refused or broke, or the reply is too long.
    """
    return await _ask("POST", container_url, "/invocations", headers, body, timeout)


async def get_ping(container_url: str, *, timeout: float = 2.0) -> int:
    """Asks for the health of the container.

    Args:
        container_url: The container, such as ``ws://127.0.0.1:8080``.
        timeout: Seconds it may take. AWS Developer Guide, "Use your own inference code with
            hosting services": 2.

    Returns:
        The HTTP status; 200 means that the container is ready.

    Raises:
        TimeoutError: It did not answer in time.
        ContainerHttpError: The connection was refused, or broke.
    """
    return (await _ask("GET", container_url, "/ping", (), b"", timeout)).status


async def _ask(
    method: str,
    container_url: str,
    path: str,
    headers: Iterable[tuple[str, str]],
    body: bytes,
    timeout: float,
) -> ContainerReply:
    url = URL(container_url).with_scheme("http").with_path(path)
    try:
        async with (
            asyncio.timeout(timeout),
            aiohttp.ClientSession(
                auto_decompress=False,
                skip_auto_headers=_AUTOMATIC,
                timeout=aiohttp.ClientTimeout(total=None, sock_connect=None),
            ) as session,
            session.request(
                method,
                url,
                headers=tuple(headers),
                data=BytesIO(body) if body else None,
                allow_redirects=False,
            ) as response,
        ):
            names = {name.lower(): value for name, value in response.headers.items()}
            return ContainerReply(response.status, names, await _whole(response))
    except aiohttp.ClientError as error:
        raise ContainerHttpError(str(error) or type(error).__name__) from error


async def _whole(response: aiohttp.ClientResponse) -> bytes:
    body = bytearray()
    async for chunk in response.content.iter_any():
        body += chunk
        if len(body) > LONGEST_REPLY:
            raise ContainerHttpError(f"the reply is longer than {LONGEST_REPLY} bytes")
    return bytes(body)
