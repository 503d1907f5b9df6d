# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
"""Trying the network path to the endpoint: host name, TCP, TLS, in this order."""

import asyncio
import socket
import ssl
import time
from collections.abc import Sequence
from typing import Any

from aiohappyeyeballs import AddrInfoType

from pipecat_sagemaker_deepgram.doctor.facts import (
    Names,
    Secured,
    TcpConnected,
)
from pipecat_sagemaker_deepgram.doctor.failures import (
    CheckFailure,
    Failure,
    failure_of,
)
from pipecat_sagemaker_deepgram.doctor.threads import in_thread
from pipecat_sagemaker_deepgram.exceptions import ConnectError
from pipecat_sagemaker_deepgram.transport.addresses import connect_first
from pipecat_sagemaker_deepgram.transport.dialing import dial
from pipecat_sagemaker_deepgram.transport.endpoint import Address
from pipecat_sagemaker_deepgram.transport.proxy import Proxy

_MOST_SHOWN = 3


class Route:
    """The network path to an endpoint.

    Args:
        address: The endpoint.
        proxy: The HTTP proxy in between.
        context: The TLS context that streams will use.
    """

    def __init__(self, address: Address, *, proxy: Proxy | None, context: ssl.SSLContext) -> None:
        self._address = address
        self._proxy = proxy
        self._context = context
        self._found: Sequence[AddrInfoType] = []

    @property
    def _hop(self) -> Address:
        return self._proxy.address if self._proxy else self._address

    async def resolve(self, *, timeout: float) -> Names | Failure:
        """Resolve the name of the first hop.

        Args:
            timeout: Timeout in seconds.
        """
        hop = self._hop

        def look_up() -> Sequence[AddrInfoType]:
            return socket.getaddrinfo(hop.host, hop.port, type=socket.SOCK_STREAM)

        try:
            self._found = await in_thread(look_up, timeout=timeout)
        except TimeoutError:
            message = f"no name server resolved {hop.host} within {timeout:g} s"
            return Failure(kind=CheckFailure.TIMEOUT, message=message)
        except (OSError, UnicodeError) as error:
            reason = error.strerror if isinstance(error, OSError) else error
            message = f"the host name {hop.host} cannot be resolved: {reason}"
            return Failure(kind=CheckFailure.NAME, message=message)
        return Names(addresses=tuple(str(info[4][0]) for info in self._found[:_MOST_SHOWN]))

    async def connect(self, *, timeout: float) -> TcpConnected | Failure:
        """Open a TCP connection to the first hop, whose name has been resolved, and close it.

        Args:
            timeout: Timeout in seconds.
        """
        began = time.monotonic()
        try:
            async with asyncio.timeout(timeout):
                connection = await connect_first(self._found)
        except TimeoutError:
            message = f"no response within {timeout:g} s"
            return Failure(kind=CheckFailure.TIMEOUT, message=message)
        except ConnectionRefusedError:
            return Failure(kind=CheckFailure.REFUSED, message="the connection was refused")
        except OSError as error:
            return Failure(kind=CheckFailure.UNREACHABLE, message=error.strerror or str(error))
        seconds = time.monotonic() - began
        with connection:
            return TcpConnected(peer=_peer(connection) or str(self._hop), seconds=seconds)

    async def secure(self, *, timeout: float) -> Secured | Failure:
        """Connect with TLS and HTTP/2, and close the connection.

        Args:
            timeout: Timeout in seconds.
        """
        began = time.monotonic()
        try:
            visit = await dial(
                _Visit, self._address, context=self._context, timeout=timeout, proxy=self._proxy
            )
        except ConnectError as error:
            return failure_of(error)
        seconds = time.monotonic() - began
        version, issuer = visit.facts()
        await visit.leave()
        return Secured(version=version, issuer=issuer, seconds=seconds)


def _peer(connection: socket.socket) -> str:
    """The peer's address; empty if the connection has been reset."""
    try:
        return str(Address(*connection.getpeername()[:2]))
    except OSError:
        return ""


class _Visit(asyncio.Protocol):
    """A connection on which nothing is sent."""

    def __init__(self) -> None:
        self._transport: Any = None
        self._lost = asyncio.get_running_loop().create_future()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Store the transport."""
        self._transport = transport

    def connection_lost(self, exc: Exception | None) -> None:
        """Record the end."""
        if not self._lost.done():
            self._lost.set_result(None)

    def facts(self) -> tuple[str, str]:
        """The TLS version and the issuer of the certificate."""
        tls: ssl.SSLObject = self._transport.get_extra_info("ssl_object")
        certificate: dict[str, Any] = tls.getpeercert() or {}
        issuer = {key: value for part in certificate.get("issuer", ()) for key, value in part}
        return tls.version() or "TLS", issuer.get("organizationName", "")

    async def leave(self) -> None:
        """Close the connection."""
        self._transport.abort()
        await self._lost
