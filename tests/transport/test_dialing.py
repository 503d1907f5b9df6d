# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
"""Opening the connection: each way it can fail has its name, and none takes longer than allowed."""

import asyncio
import socket
import ssl
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import pytest
import trustme
from aiohappyeyeballs import AddrInfoType

from pipecat_sagemaker_deepgram.exceptions import (
    CertificateError,
    ConnectError,
    ConnectTimeoutError,
    ProxyError,
)
from pipecat_sagemaker_deepgram.transport import dialing
from pipecat_sagemaker_deepgram.transport.dialing import dial
from pipecat_sagemaker_deepgram.transport.endpoint import Address
from pipecat_sagemaker_deepgram.transport.proxy import Proxy, parse_proxy
from pipecat_sagemaker_deepgram.transport.tls import client_context
from pipecat_sagemaker_deepgram.transport.tls_transport import TlsTransport

from .bare_peer import BarePeer
from .conftest import Authority, BareStart
from .connect_proxy import proxy
from .tcp_peers import hanging


class Connected(asyncio.Protocol):
    """Knows its connection and when it is over."""

    def __init__(self) -> None:
        self.transport: Any = None
        self.lost = asyncio.get_running_loop().create_future()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.transport = transport

    def connection_lost(self, exc: Exception | None) -> None:
        self.lost.set_result(exc)

    async def close(self) -> None:
        self.transport.abort()
        await self.lost


async def dial_to(
    address: Address, context: ssl.SSLContext, *, timeout: float = 5, via: Proxy | None = None
) -> Connected:
    return await dial(Connected, address, context=context, timeout=timeout, proxy=via)


async def do_nothing(peer: BarePeer) -> None:
    await peer.until(lambda: peer.is_lost)


@asynccontextmanager
async def plain_server(answer: bytes | None) -> AsyncIterator[Address]:
    """A TCP server without TLS: says something and closes, or says nothing for ever."""

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        if answer is not None:
            await reader.read(1)
            writer.write(answer)
        else:
            await reader.read()
        writer.close()

    async with await asyncio.start_server(serve, "127.0.0.1", 0) as server:
        yield Address(*server.sockets[0].getsockname()[:2])


async def test_tcp_keepalive_is_on_and_patient_but_not_for_hours(
    bare_server: BareStart, authority: Authority
) -> None:
    async with bare_server(do_nothing) as server:
        connected = await dial_to(Address("127.0.0.1", server.port), authority.client_context())
        connection = connected.transport.get_extra_info("socket")
        assert connection.getsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE)
        assert connection.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY)
        if hasattr(socket, "TCP_KEEPIDLE"):
            options = (socket.TCP_KEEPIDLE, socket.TCP_KEEPINTVL, socket.TCP_KEEPCNT)
            values = [connection.getsockopt(socket.IPPROTO_TCP, option) for option in options]
            assert values == [30, 10, 3]
        await connected.close()


async def test_a_closed_port_refuses(authority: Authority) -> None:
    with socket.socket() as reserved:
        reserved.bind(("127.0.0.1", 0))
        address = Address("127.0.0.1", reserved.getsockname()[1])
        with pytest.raises(ConnectError, match=f"{address} refuses the connection"):
            await dial_to(address, authority.client_context())


async def test_a_name_that_does_not_resolve_is_named(
    authority: Authority, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def fail(*_: object, **__: object) -> None:
        raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")

    monkeypatch.setattr(asyncio.get_running_loop(), "getaddrinfo", fail)
    with pytest.raises(ConnectError, match=r"host name no\.invalid cannot be resolved: Name or"):
        await dial_to(Address("no.invalid", 8443), authority.client_context())


@pytest.mark.parametrize("host", ["a" * 64 + ".invalid", "a..b"])
async def test_a_name_that_no_dns_takes_is_named(host: str, authority: Authority) -> None:
    with pytest.raises(ConnectError, match="cannot be resolved"):
        await dial_to(Address(host, 8443), authority.client_context())


async def test_a_name_server_that_never_answers_is_given_up(
    authority: Authority, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def stall(*_: object, **__: object) -> None:
        await asyncio.Event().wait()

    monkeypatch.setattr(asyncio.get_running_loop(), "getaddrinfo", stall)
    with pytest.raises(ConnectTimeoutError, match=r"longer than 0\.1 s"):
        await dial_to(Address("slow.invalid", 8443), authority.client_context(), timeout=0.1)


async def test_addresses_that_never_answer_are_given_up_at_the_deadline(
    authority: Authority, monkeypatch: pytest.MonkeyPatch
) -> None:
    with hanging() as one, hanging() as two:

        async def resolve(*_: object, **__: object) -> list[AddrInfoType]:
            return [one, two]

        monkeypatch.setattr(asyncio.get_running_loop(), "getaddrinfo", resolve)
        started = time.monotonic()
        with pytest.raises(ConnectTimeoutError, match=r"silent\.invalid:8443 .* than 0\.4 s"):
            await dial_to(Address("silent.invalid", 8443), authority.client_context(), timeout=0.4)
        assert time.monotonic() - started < 1.5


async def test_a_tls_handshake_that_stalls_is_given_up(authority: Authority) -> None:
    async with plain_server(None) as address:
        started = time.monotonic()
        with pytest.raises(ConnectTimeoutError):
            await dial_to(address, authority.client_context(), timeout=0.2)
        assert time.monotonic() - started < 5


@pytest.mark.parametrize("answer", [b"HTTP/1.1 400 Bad Request\r\n\r\n", b""])
async def test_a_port_without_tls_is_named(answer: bytes, authority: Authority) -> None:
    async with plain_server(answer) as address:
        with pytest.raises(ConnectError, match=f"TLS with {address} failed"):
            await dial_to(address, authority.client_context())


async def test_an_untrusted_certificate_is_refused_at_once(bare_server: BareStart) -> None:
    async with bare_server(do_nothing) as server:
        started = time.monotonic()
        with pytest.raises(CertificateError, match="ca_bundle"):
            await dial_to(Address("127.0.0.1", server.port), client_context(None))
        assert time.monotonic() - started < 5


async def test_a_certificate_of_another_host_is_refused(
    authority: Authority, tmp_path: Any
) -> None:
    other = trustme.CA()
    other.cert_pem.write_to_path(str(tmp_path / "ca.pem"))
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    other.issue_cert("elsewhere.example").configure_cert(context)
    server = await asyncio.get_running_loop().create_server(
        asyncio.Protocol, "127.0.0.1", 0, ssl=context
    )
    async with server:
        address = Address(*server.sockets[0].getsockname()[:2])
        with pytest.raises(CertificateError, match="not trusted"):
            await dial_to(address, client_context(tmp_path / "ca.pem"))


@pytest.mark.parametrize("protocols", [["http/1.1"], []])
async def test_a_server_without_http2_is_named(
    protocols: list[str], authority: Authority, tmp_path: Any
) -> None:
    """One refuses the handshake, one takes it and means HTTP/1.1."""
    other = trustme.CA()
    other.cert_pem.write_to_path(str(tmp_path / "ca.pem"))
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    other.issue_cert("127.0.0.1").configure_cert(context)
    if protocols:
        context.set_alpn_protocols(protocols)
    server = await asyncio.get_running_loop().create_server(
        asyncio.Protocol, "127.0.0.1", 0, ssl=context
    )
    async with server:
        address = Address(*server.sockets[0].getsockname()[:2])
        with pytest.raises(ConnectError, match="does not speak HTTP/2"):
            await dial_to(address, client_context(tmp_path / "ca.pem"))


# Proxy


async def test_a_proxy_is_asked_for_the_endpoint_and_tls_runs_inside(
    bare_server: BareStart, authority: Authority
) -> None:
    async with bare_server(do_nothing) as server, proxy() as running:
        via = parse_proxy(f"http://me:word@127.0.0.1:{running.port}", "proxy")
        address = Address("127.0.0.1", server.port)
        connected = await dial_to(address, authority.client_context(), via=via)
        assert connected.transport.get_extra_info("ssl_object").selected_alpn_protocol() == "h2"
        assert running.requests[0].startswith(f"CONNECT {address} HTTP/1.1\r\n")
        assert "Proxy-Authorization: Basic bWU6d29yZA==" in running.requests[0]
        await connected.close()


async def test_the_certificate_is_the_endpoints_also_behind_a_proxy(
    bare_server: BareStart,
) -> None:
    async with bare_server(do_nothing) as server, proxy() as running:
        via = parse_proxy(running.url, "proxy")
        with pytest.raises(CertificateError):
            await dial_to(Address("127.0.0.1", server.port), client_context(None), via=via)


@pytest.mark.parametrize("status", [407, 403, 502])
async def test_a_proxy_that_refuses_is_named_with_its_status(
    status: int, authority: Authority
) -> None:
    async with proxy(f"HTTP/1.1 {status} No\r\nContent-Length: 0\r\n\r\n".encode()) as running:
        with pytest.raises(ProxyError, match=f"HTTP {status}") as caught:
            await dial_to(
                Address("127.0.0.1", 1),
                authority.client_context(),
                via=parse_proxy(f"http://me:word@127.0.0.1:{running.port}", "proxy"),
            )
        assert caught.value.status_code == status
        assert "word" not in repr(caught.value) + str(caught.value).replace("password", "")


@pytest.mark.parametrize(
    ("answer", "sentence"),
    [
        (b"", "closed the connection without opening a tunnel"),
        (b"HTTP/1.1 200 OK\r\n", "closed the connection without opening a tunnel"),
        (b"220 mail\r\n\r\n", "does not answer in HTTP"),
        (b"x" * 20_000, "does not answer in HTTP"),
    ],
)
async def test_a_proxy_that_is_none_is_named(
    answer: bytes, sentence: str, authority: Authority
) -> None:
    async with proxy(answer) as running:
        with pytest.raises(ProxyError, match=sentence):
            await dial_to(
                Address("127.0.0.1", 1),
                authority.client_context(),
                via=parse_proxy(running.url, "proxy"),
            )


async def test_a_proxy_that_never_answers_is_given_up(authority: Authority) -> None:
    async with proxy(silent=True) as running:
        started = time.monotonic()
        with pytest.raises(ConnectTimeoutError, match=f"127.0.0.1:{running.port}"):
            await dial_to(
                Address("127.0.0.1", 1),
                authority.client_context(),
                timeout=0.2,
                via=parse_proxy(running.url, "proxy"),
            )
        assert time.monotonic() - started < 5


async def test_a_proxy_that_is_not_there_is_named(authority: Authority) -> None:
    with socket.socket() as reserved:
        reserved.bind(("127.0.0.1", 0))
        via = parse_proxy(f"127.0.0.1:{reserved.getsockname()[1]}", "proxy")
        with pytest.raises(ConnectError, match=f"{via.address} refuses"):
            await dial_to(Address("no.invalid", 1), authority.client_context(), via=via)


async def test_an_event_loop_that_cannot_watch_sockets_has_asyncios_tls(
    bare_server: BareStart, authority: Authority, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(dialing, "can_watch_sockets", lambda loop: False)
    async with bare_server(do_nothing) as server:
        connected = await dial_to(Address("127.0.0.1", server.port), authority.client_context())
        assert not isinstance(connected.transport, TlsTransport)
        assert connected.transport.get_extra_info("ssl_object").selected_alpn_protocol() == "h2"
        connected.transport.abort()
