# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
"""Lets requests in, or refuses them: by their credentials, their origin, and their number."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from ipaddress import IPv4Network, IPv6Network, ip_address, ip_network
from urllib.parse import urlsplit

from aiohttp import web

from pipecat_sagemaker_deepgram.exceptions import ConfigurationError
from pipecat_sagemaker_deepgram.gateway.access.credentials import read_credential
from pipecat_sagemaker_deepgram.gateway.access.keys import KeyFile
from pipecat_sagemaker_deepgram.gateway.access.limits import Places, RequestLimits
from pipecat_sagemaker_deepgram.gateway.access.options import AccessOptions
from pipecat_sagemaker_deepgram.gateway.access.tokens import grant_token, key_of_token
from pipecat_sagemaker_deepgram.gateway.refusals import forbidden, invalid_credentials, unavailable

type Network = IPv4Network | IPv6Network

ANONYMOUS = "anonymous"


@dataclass(frozen=True)
class Caller:
    """Who has sent a request.

    Attributes:
        key_id: Id of the key; ``anonymous`` where none is needed.
        has_key: Whether the key itself was shown, rather than a token granted to it.
    """

    key_id: str
    has_key: bool


_CALLER = web.RequestKey("caller", Caller)


class Door:
    """Lets requests in.

    Args:
        options: Who may come in, and how much.

    Raises:
        ConfigurationError: The proxy is not an address, or requests cannot be counted.

    Attributes:
        is_closed: Whether nobody is let in any more.
        places: What runs now.
    """

    def __init__(self, options: AccessOptions) -> None:
        self._options = options
        self._keys = None if options.key_file is None else KeyFile(options.key_file)
        self._proxy = None if options.proxy is None else _network(options.proxy)
        self._limits = RequestLimits(options)
        self.places = Places(options)
        self.is_closed = False

    @property
    def needs_keys(self) -> bool:
        """Whether a request has to show a key or a token."""
        return self._keys is not None and bool(self._keys.keys)

    @asynccontextmanager
    async def admit(self, request: web.BaseRequest) -> AsyncIterator[Caller]:
        """Let a request in, and hold its place while the context is open.

        Raises:
            RequestError: It is refused.
        """
        if self.is_closed:
            raise unavailable("Service unavailable: the gateway is stopping")
        caller = self.identify(request)
        request[_CALLER] = caller
        await self._limits.take(caller.key_id)
        with self.places.take(caller.key_id):
            yield caller

    def identify(self, request: web.BaseRequest) -> Caller:
        """Find out who has sent a request.

        Raises:
            RequestError: Nobody who may.
        """
        if self._proxy is not None and not _is_in(request.remote, self._proxy):
            raise forbidden("requests are taken from the proxy alone")
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
            RequestError: It came with a token itself, or no keys are in use.
        """
        if not caller.has_key:
            raise forbidden("a token cannot be granted to a token: use a key")
        if self._keys is None or not self.needs_keys:
            raise forbidden("there are no keys that a token could stand for")
        return grant_token(caller.key_id, self._keys.secret, ttl=ttl)

    def _require_origin(self, request: web.BaseRequest) -> None:
        """Keep other people's web pages out where there are no keys that do."""
        origin = request.headers.get("Origin")
        if origin is None or is_allowed(origin, self._options.origins):
            return
        if urlsplit(origin).netloc != request.host:
            raise forbidden(f"web pages of {origin} may not use this gateway without a key")


def caller_of(request: web.BaseRequest) -> Caller:
    """Who has sent a request that was let in."""
    return request[_CALLER]


def _network(text: str) -> Network:
    try:
        return ip_network(text, strict=False)
    except ValueError as error:
        raise ConfigurationError(
            f"The proxy {text} is not an address", advice="Write it as 10.0.0.1 or 10.0.0.0/24."
        ) from error


def _is_in(address: str | None, network: Network) -> bool:
    try:
        return ip_address(address or "") in network
    except ValueError:
        return False


def is_allowed(origin: str, allowed: tuple[str, ...]) -> bool:
    """Whether pages of an origin may use the gateway."""
    return "*" in allowed or origin in allowed
