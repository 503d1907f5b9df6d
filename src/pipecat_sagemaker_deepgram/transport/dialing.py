# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
"""Opening the connection: name resolution, TCP, a proxy's tunnel and TLS, each failure named."""

import asyncio
import os
import socket
import ssl
from collections.abc import Awaitable, Callable, Sequence
from contextlib import ExitStack
from typing import Any

from aiohappyeyeballs import AddrInfoType

from pipecat_sagemaker_deepgram.exceptions import (
    CertificateError,
    ConnectError,
    ConnectTimeoutError,
    ProxyError,
)
from pipecat_sagemaker_deepgram.transport.addresses import connect_first, look_up
from pipecat_sagemaker_deepgram.transport.endpoint import Address
from pipecat_sagemaker_deepgram.transport.proxy import (
    MAX_ANSWER,
    Proxy,
    check_answer,
    connect_request,
)
from pipecat_sagemaker_deepgram.transport.tls_transport import (
    TlsTransport,
    can_watch_sockets,
    shake_hands,
)

KEEPALIVE_IDLE = 30
"""Seconds of silence before TCP probes the peer."""

KEEPALIVE_INTERVAL = 10
"""Seconds between TCP probes."""

KEEPALIVE_COUNT = 3
"""Unanswered TCP probes after which the connection is dropped."""

# Longer than any deadline of ``dial``, which covers the handshake too.
_HANDSHAKE_TIMEOUT = 24 * 3600.0


async def dial[P: asyncio.Protocol](
    protocol_factory: Callable[[], P],
    address: Address,
    *,
    context: ssl.SSLContext,
    timeout: float,
    proxy: Proxy | None = None,
) -> P:
    """Open a TLS connection that speaks HTTP/2.

    Args:
        protocol_factory: Makes the protocol that receives the connection.
        address: Where to connect to.
        context: A TLS context that offers ``h2``.
        timeout: Seconds that name resolution, TCP, the proxy and TLS may take together.
        proxy: The HTTP proxy to go through; ``None`` (the default) connects directly.

    Returns:
        The connected protocol.

    Raises:
        CertificateError: The server's certificate is not trusted.
        ConnectTimeoutError: It took longer than ``timeout``.
        ProxyError: The proxy did not open a tunnel.
        ConnectError: Anything else failed.
    """
    hop = address if proxy is None else proxy.address
    try:
        async with asyncio.timeout(timeout):
            connection = await _connect(hop)
            _set_options(connection)
            if proxy is not None:
                await _open_tunnel(connection, proxy, address)
            start_tls = _starter_of_tls(asyncio.get_running_loop())
            return await start_tls(connection, protocol_factory, context, address)
    except TimeoutError as error:
        raise ConnectTimeoutError(
            f"Connecting to {hop} took longer than {timeout:g} s",
            advice="Check that nothing on the way blocks the port (security group, proxy).",
        ) from error
    except ConnectError:
        raise
    except (OSError, UnicodeError) as error:
        raise _connect_error(address, error) from error


def _starter_of_tls(loop: asyncio.AbstractEventLoop) -> Callable[..., Awaitable[Any]]:
    return _start_tls if can_watch_sockets(loop) else _start_tls_by_the_loop


async def _start_tls_by_the_loop[P: asyncio.Protocol](
    connection: socket.socket,
    protocol_factory: Callable[[], P],
    context: ssl.SSLContext,
    address: Address,
) -> P:
    transport, protocol = await asyncio.get_running_loop().create_connection(
        protocol_factory,
        sock=connection,
        ssl=context,
        server_hostname=address.host,
        ssl_handshake_timeout=_HANDSHAKE_TIMEOUT,
    )
    try:
        _check_http2(transport.get_extra_info("ssl_object"), address)
    except ConnectError:
        transport.abort()
        raise
    return protocol


async def _start_tls[P: asyncio.Protocol](
    connection: socket.socket,
    protocol_factory: Callable[[], P],
    context: ssl.SSLContext,
    address: Address,
) -> P:
    with ExitStack() as owned:
        owned.callback(connection.close)
        _check_connected(connection)
        tls = context.wrap_socket(
            connection, server_hostname=address.host, do_handshake_on_connect=False
        )
        owned.callback(tls.close)
        await shake_hands(tls)
        _check_http2(tls, address)
        protocol = protocol_factory()
        owned.pop_all()
        TlsTransport(tls, protocol)
    return protocol


def _check_connected(connection: socket.socket) -> None:
    """Check, before OpenSSL gets the socket, that the peer has not dropped the connection yet.

    Python's ``wrap_socket`` would leave such a socket open.
    """
    if error := connection.getsockopt(socket.SOL_SOCKET, socket.SO_ERROR):
        raise OSError(error, os.strerror(error))
    connection.getpeername()


async def _connect(hop: Address) -> socket.socket:
    try:
        return await connect_first(await _look_up(hop))
    except TimeoutError:
        raise
    except ConnectionRefusedError as error:
        raise ConnectError(f"{hop} refuses the connection") from error
    except OSError as error:
        raise ConnectError(f"Connecting to {hop} failed: {error.strerror or error}") from error


async def _look_up(hop: Address) -> Sequence[AddrInfoType]:
    try:
        return await look_up(hop)
    except (socket.gaierror, UnicodeError) as error:
        reason = error.strerror if isinstance(error, OSError) else error
        raise ConnectError(
            f"The host name {hop.host} cannot be resolved: {reason}",
            advice="Check the region, the endpoint URL and this machine's DNS.",
        ) from error


async def _open_tunnel(connection: socket.socket, proxy: Proxy, address: Address) -> None:
    try:
        check_answer(await _ask_proxy(connection, proxy, address), proxy)
    except TimeoutError:
        connection.close()
        raise
    except OSError as error:
        connection.close()
        if isinstance(error, ConnectError):
            raise
        raise ProxyError(f"The proxy {proxy.address} failed: {error.strerror or error}") from error
    except BaseException:
        connection.close()
        raise


async def _ask_proxy(connection: socket.socket, proxy: Proxy, address: Address) -> bytes:
    loop = asyncio.get_running_loop()
    await loop.sock_sendall(connection, connect_request(address, proxy))
    answer = b""
    while b"\r\n\r\n" not in answer and len(answer) < MAX_ANSWER:
        received = await loop.sock_recv(connection, MAX_ANSWER)
        if not received:
            raise ProxyError(
                f"The proxy {proxy.address} closed the connection without opening a tunnel"
            )
        answer += received
    return answer


def _connect_error(address: Address, error: OSError | UnicodeError) -> ConnectError:
    match error:
        case ssl.SSLCertVerificationError():
            return CertificateError(
                f"The certificate of {address} is not trusted: {error.verify_message}",
                advice="Pass its authority's PEM file as ca_bundle, or set AWS_CA_BUNDLE to it.",
            )
        case ssl.SSLError() if error.reason == "TLSV1_ALERT_NO_APPLICATION_PROTOCOL":
            return _no_http2(address)
        case ssl.SSLError():
            return ConnectError(
                f"TLS with {address} failed: {error.reason or error}",
                advice="SageMaker's streaming endpoint speaks TLS on port 8443.",
            )
    return ConnectError(f"TLS with {address} failed: {error}")


def _check_http2(tls: ssl.SSLSocket | ssl.SSLObject, address: Address) -> None:
    if tls.selected_alpn_protocol() != "h2":
        raise _no_http2(address)


def _no_http2(address: Address) -> ConnectError:
    return ConnectError(
        f"{address} does not speak HTTP/2",
        advice="SageMaker's streaming endpoint listens on port 8443; check the endpoint URL.",
    )


def _set_options(connection: socket.socket) -> None:
    """Send small writes at once, and notice a peer that is gone."""
    connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE, 1)
    # macOS names the idle time TCP_KEEPALIVE; other platforms may lack some of them.
    for names, value in (
        (("TCP_KEEPIDLE", "TCP_KEEPALIVE"), KEEPALIVE_IDLE),
        (("TCP_KEEPINTVL",), KEEPALIVE_INTERVAL),
        (("TCP_KEEPCNT",), KEEPALIVE_COUNT),
    ):
        option = next((getattr(socket, name) for name in names if hasattr(socket, name)), None)
        if option is not None:
            connection.setsockopt(socket.IPPROTO_TCP, option, value)
