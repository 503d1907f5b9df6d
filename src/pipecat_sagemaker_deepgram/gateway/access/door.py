# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
"""Admits or refuses requests, by their credentials, their origin and the limits."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from ipaddress import IPv4Network, IPv6Network, ip_address, ip_network
from urllib.parse import urlsplit

from aiohttp import web
from loguru import logger

from pipecat_sagemaker_deepgram.exceptions import ConfigurationError
from pipecat_sagemaker_deepgram.gateway.access.credentials import read_credential
from pipecat_sagemaker_deepgram.gateway.access.keys import KeyFile
from pipecat_sagemaker_deepgram.gateway.access.options import AccessOptions
from pipecat_sagemaker_deepgram.gateway.access.places import Places
from pipecat_sagemaker_deepgram.gateway.access.request_limits import RequestLimits
from pipecat_sagemaker_deepgram.gateway.access.tokens import grant_token, key_of_token
from pipecat_sagemaker_deepgram.gateway.refusals import forbidden, invalid_credentials, unavailable

type Network = IPv4Network | IPv6Network

ANONYMOUS = "anonymous"


@dataclass(frozen=True)
class Caller:
    """The sender of a request.

    Attributes:
        key_id: Id of the key; ``anonymous`` if no key is required.
        has_key: Whether the request had the key itself, rather than a token granted to it.
    """

    key_id: str
    has_key: bool


_CALLER = web.RequestKey("caller", Caller)


class Door:
    """Admits or refuses requests.

    Args:
        options: Access rights and limits.

    Raises:
        ConfigurationError: The proxy is not an address, or the storage of the limits cannot be
            used.

    Attributes:
        is_closed: Whether all further requests are refused.
        places: The requests in progress.
    """

    def __init__(self, options: AccessOptions) -> None:
        self._options = options
        self._keys = None if options.key_file is None else KeyFile(options.key_file)
        self._proxy = None if options.proxy is None else _network(options.proxy)
        self._limits = RequestLimits(options)
        self.places = Places(options)
        self.is_closed = False

    async def close(self) -> None:
        """Close the connections to a shared storage of the limits."""
        await self._limits.close()

    @property
    def needs_keys(self) -> bool:
        """Whether a request needs a key or a token."""
        return self._keys is not None and bool(self._keys.keys)

    @asynccontextmanager
    async def admit(self, request: web.BaseRequest) -> AsyncIterator[Caller]:
        """Admit a request, and hold its place while the context is open.

        Raises:
            RequestError: The request is refused.
        """
        if self.is_closed:
            raise unavailable("Service unavailable: the gateway is stopping")
        try:
            caller = self.identify(request)
        except ConfigurationError as error:
            logger.error("All requests are refused: {}", error)
            raise unavailable("Service unavailable: the gateway cannot read its keys") from error
        request[_CALLER] = caller
        await self._limits.take(caller.key_id)
        with self.places.take(caller.key_id):
            yield caller

    def identify(self, request: web.BaseRequest) -> Caller:
        """Identify the sender of a request.

        Raises:
            RequestError: The sender is unknown or not permitted.
        """
        if self._proxy is not None and not _is_in(request.remote, self._proxy):
            raise forbidden("requests are accepted from the proxy only")
        if self._keys is None or not self.needs_keys:
            self._require_origin(request)
            return Caller(ANONYMOUS, has_key=True)
        shown = read_credential(request.headers)
        if shown is None:
            raise invalid_credentials()
        if shown.scheme == "token":
            key = self._keys.find(shown.value)
        else:
            key = self._keys.find_id(key_of_token(shown.value, self._keys.secret) or "")
        if key is None:
            raise invalid_credentials()
        return Caller(key.id, has_key=shown.scheme == "token")

    def grant(self, caller: Caller, ttl: int) -> str:
        """Make a short-lived token for a caller.

        Raises:
            RequestError: The request has a token instead of a key, or the gateway has no keys.
        """
        if not caller.has_key:
            raise forbidden("a token cannot be used to obtain a token: use a key")
        if self._keys is None or not self.needs_keys:
            raise forbidden(
                "this gateway has no keys, and a token needs a key: create one with `keys add`"
            )
        return grant_token(caller.key_id, self._keys.secret, ttl=ttl)

    def _require_origin(self, request: web.BaseRequest) -> None:
        """Refuse other origins' web pages if there are no keys to protect the gateway."""
        origin = request.headers.get("Origin")
        if origin is None or is_allowed(origin, self._options.origins):
            return
        if urlsplit(origin).netloc != request.host:
            raise forbidden(f"web pages of {origin} may not use this gateway without a key")


def caller_of(request: web.BaseRequest) -> Caller:
    """The sender of a request that was admitted."""
    return request[_CALLER]


def key_id_of(request: web.BaseRequest) -> str:
    """Id of the key of a request; empty if its sender was not identified."""
    return request[_CALLER].key_id if _CALLER in request else ""


def _network(text: str) -> Network:
    try:
        return ip_network(text, strict=False)
    except ValueError as error:
        raise ConfigurationError(
            f"The proxy {text} is not an address",
            advice="Give an address such as 10.0.0.1, or a network such as 10.0.0.0/24.",
        ) from error


def _is_in(address: str | None, network: Network) -> bool:
    try:
        return ip_address(address or "") in network
    except ValueError:
        return False


def is_allowed(origin: str, allowed: tuple[str, ...]) -> bool:
    """Whether pages of an origin may use the gateway."""
    return "*" in allowed or origin in allowed
