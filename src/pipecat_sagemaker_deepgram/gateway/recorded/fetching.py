# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
"""Fetches URLs, except those that only this machine's network can reach.

Every address that a name resolves to is checked, and the connection is made to the address that
was checked, so that a name cannot answer differently the second time. Redirects are followed
one by one, and each is checked likewise.
"""

import asyncio
import socket
from collections.abc import Callable
from dataclasses import dataclass
from http import HTTPStatus
from ipaddress import ip_address
from typing import Any

import aiohttp
from aiohttp.abc import AbstractResolver, ResolveResult
from yarl import URL

from pipecat_sagemaker_deepgram.gateway.recorded.addresses import Address, FetchOptions
from pipecat_sagemaker_deepgram.web.errors import RequestError

_REDIRECTS = (301, 302, 303, 307, 308)
_MOST_REDIRECTS = 5
_PIECE = 64 * 1024


@dataclass(frozen=True)
class Fetched:
    """The content of a URL.

    Attributes:
        body: The content.
        content_type: Its declared type.
    """

    body: bytes
    content_type: str


async def fetch(url: str, options: FetchOptions) -> Fetched:
    """Fetch a URL.

    Args:
        url: An http or https URL.
        options: The limits.

    Raises:
        RequestError: It cannot or must not be fetched; the message says why.
    """
    connector = aiohttp.TCPConnector(resolver=CheckedResolver(options.is_allowed))
    timeout = aiohttp.ClientTimeout(total=None, sock_connect=10.0)
    try:
        async with asyncio.timeout(options.timeout):
            async with aiohttp.ClientSession(
                connector=connector, timeout=timeout, trust_env=False, auto_decompress=False
            ) as session:
                return await _follow(session, _read_url(url), options)
    except TimeoutError as error:
        raise remote_error(f"The URL was not fetched within {options.timeout:g} s.") from error
    except (aiohttp.ClientError, OSError, ValueError) as error:
        if isinstance(cause := _forbidden_in(error), _ForbiddenAddressError):
            raise remote_error(str(cause)) from error
        raise remote_error("The server of the URL cannot be reached.") from error


def remote_error(description: str) -> RequestError:
    """The refusal of a URL."""
    return RequestError(HTTPStatus.BAD_REQUEST, "REMOTE_CONTENT_ERROR", description)


async def _follow(session: aiohttp.ClientSession, url: URL, options: FetchOptions) -> Fetched:
    for _ in range(_MOST_REDIRECTS + 1):
        check_literal(url, options.is_allowed)
        headers = {"Accept-Encoding": "identity"}
        async with session.get(url, allow_redirects=False, headers=headers) as response:
            if response.status not in _REDIRECTS:
                return await _read(response, options)
            url = _read_url(str(url.join(URL(response.headers.get("Location", "")))))
    raise remote_error("The URL redirects too often.")


async def _read(response: aiohttp.ClientResponse, options: FetchOptions) -> Fetched:
    if response.status != HTTPStatus.OK:
        raise remote_error(f"The server of the URL responded with HTTP {response.status}.")
    if (response.content_length or 0) > options.max_bytes:
        raise _too_large(options)
    body = bytearray()
    async for piece in response.content.iter_chunked(_PIECE):
        body += piece
        if len(body) > options.max_bytes:
            raise _too_large(options)
    return Fetched(bytes(body), response.content_type)


def _too_large(options: FetchOptions) -> RequestError:
    return remote_error(f"The content of the URL is larger than {options.max_bytes} bytes.")


def _read_url(text: str) -> URL:
    try:
        url = URL(text)
    except ValueError:
        url = URL()
    has_place = url.scheme in ("http", "https") and bool(url.host)
    if not has_place or url.user is not None or url.password is not None:
        raise remote_error("The URL must have the form https://HOST/PATH, without a user name.")
    return url


def check_literal(url: URL, is_allowed: Callable[[Address], bool]) -> None:
    """Check a host that is an IP address, for which no resolver is called.

    Args:
        url: The URL.
        is_allowed: Returns whether connecting to an address is permitted.

    Raises:
        RequestError: Connecting to it is not permitted.
    """
    try:
        address = ip_address(url.host or "")
    except ValueError:
        return
    if not is_allowed(address):
        raise remote_error(str(_ForbiddenAddressError(url.host or "")))


class _ForbiddenAddressError(OSError):
    """A host name resolves to an address that is not permitted."""

    def __init__(self, host: str) -> None:
        super().__init__(f"The URL's host {host} is not a public address.")


class CheckedResolver(AbstractResolver):
    """Resolves host names to permitted addresses.

    Args:
        is_allowed: Returns whether connecting to an address is permitted.
    """

    def __init__(self, is_allowed: Callable[[Address], bool]) -> None:
        self._is_allowed = is_allowed

    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_INET
    ) -> list[ResolveResult]:
        """Resolve a name.

        Raises:
            OSError: It cannot be resolved, or resolves to an address that is not permitted.
        """
        loop = asyncio.get_running_loop()
        found = await loop.getaddrinfo(host, port, type=socket.SOCK_STREAM, family=family)
        addresses = list(dict.fromkeys(place[0] for *_, place in found))
        if not all(self._is_allowed(ip_address(str(each).partition("%")[0])) for each in addresses):
            raise _ForbiddenAddressError(host)
        return [
            ResolveResult(
                hostname=host,
                host=str(address),
                port=port,
                family=socket.AF_INET6 if ":" in str(address) else socket.AF_INET,
                proto=0,
                flags=socket.AI_NUMERICHOST,
            )
            for address in addresses
        ]

    async def close(self) -> None:
        """Do nothing: there is nothing to close."""


def _forbidden_in(error: BaseException | None) -> Any:
    """The address that caused an error, if there was one."""
    while error is not None and not isinstance(error, _ForbiddenAddressError):
        error = error.__cause__ or getattr(error, "os_error", None)
    return error
