# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
"""TLS straight on a socket: what it hands on, holds back and lets go of, and that it ends."""

import asyncio
import socket
import ssl
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager

import pytest
import uvloop

from pipecat_sagemaker_deepgram.transport.tls_transport import (
    HIGH_WATER,
    LOW_WATER,
    TlsTransport,
    can_watch_sockets,
    shake_hands,
)

from .conftest import Authority

DEADLINE = 20.0


class Heard(asyncio.Protocol):
    """Keeps what a transport says."""

    def __init__(self) -> None:
        self.received = b""
        self.pauses: list[bool] = []
        self.lost: asyncio.Future[Exception | None] = asyncio.get_running_loop().create_future()
        self.news = asyncio.Event()
        self.on_data: Callable[[], None] = lambda: None

    def data_received(self, data: bytes) -> None:
        self.received += data
        self.news.set()
        self.on_data()

    def pause_writing(self) -> None:
        self.pauses.append(True)
        self.news.set()

    def resume_writing(self) -> None:
        self.pauses.append(False)
        self.news.set()

    def connection_lost(self, exc: Exception | None) -> None:
        self.lost.set_result(exc)

    async def until(self, condition: Callable[[], bool]) -> None:
        async with asyncio.timeout(DEADLINE):
            while not condition():
                self.news.clear()
                await self.news.wait()

    async def end(self) -> Exception | None:
        async with asyncio.timeout(DEADLINE):
            return await asyncio.shield(self.lost)


class Peer:
    """The server's end, which reads and writes only when it is told to."""

    def __init__(self, connection: socket.socket, context: ssl.SSLContext) -> None:
        self.connection = connection
        self._inbox, self._outbox = ssl.MemoryBIO(), ssl.MemoryBIO()
        self._tls = context.wrap_bio(self._inbox, self._outbox, server_side=True)

    async def _do[**P, T](self, action: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
        loop = asyncio.get_running_loop()
        async with asyncio.timeout(DEADLINE):
            while True:
                try:
                    done = action(*args, **kwargs)
                except ssl.SSLWantReadError:
                    await self._flush()
                    data = await loop.sock_recv(self.connection, 65_536)
                    self._inbox.write(data) if data else self._inbox.write_eof()
                else:
                    await self._flush()
                    return done

    async def _flush(self) -> None:
        if data := self._outbox.read():
            await asyncio.get_running_loop().sock_sendall(self.connection, data)

    async def shake_hands(self) -> None:
        await self._do(self._tls.do_handshake)

    async def read(self) -> bytes:
        return await self._do(self._tls.read, 65_536)

    async def read_exactly(self, length: int) -> bytes:
        data = b""
        while len(data) < length:
            data += await self.read()
        return data

    async def write(self, data: bytes) -> None:
        await self._do(self._tls.write, data)

    async def answer_close(self) -> None:
        await self._do(self._tls.unwrap)

    async def say_close(self) -> None:
        with pytest.raises(ssl.SSLWantReadError):
            self._tls.unwrap()
        await self._flush()


@asynccontextmanager
async def connected(
    authority: Authority, *, version: ssl.TLSVersion = ssl.TLSVersion.TLSv1_3
) -> AsyncIterator[tuple[TlsTransport, Heard, Peer]]:
    ours, theirs = socket.socketpair()
    with ours, theirs:
        for each in (ours, theirs):
            each.setblocking(False)
            each.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, 4096)
        context = authority.client_context()
        context.maximum_version = version
        tls = context.wrap_socket(ours, server_hostname="127.0.0.1", do_handshake_on_connect=False)
        peer = Peer(theirs, authority.server_context)
        await asyncio.gather(shake_hands(tls), peer.shake_hands())
        heard = Heard()
        transport = TlsTransport(tls, heard)
        try:
            yield transport, heard, peer
        finally:
            transport.abort()
            await heard.end()
        assert tls.fileno() == -1


VERSIONS = [ssl.TLSVersion.TLSv1_2, ssl.TLSVersion.TLSv1_3]


@pytest.mark.parametrize("version", VERSIONS)
async def test_bytes_pass_in_both_directions(authority: Authority, version: ssl.TLSVersion) -> None:
    async with connected(authority, version=version) as (transport, heard, peer):
        transport.write(b"to the peer")
        assert await peer.read() == b"to the peer"
        await peer.write(b"from the peer")
        await heard.until(lambda: heard.received == b"from the peer")


async def test_a_peer_that_does_not_read_pauses_the_writer_and_loses_nothing(
    authority: Authority,
) -> None:
    sent = b"".join(number.to_bytes(4, "big") for number in range(100_000))
    async with connected(authority) as (transport, heard, peer):
        for start in range(0, len(sent), 1000):
            transport.write(sent[start : start + 1000])
        assert heard.pauses == [True]
        assert transport.get_write_buffer_size() > HIGH_WATER
        assert await peer.read_exactly(len(sent)) == sent
        await heard.until(lambda: heard.pauses == [True, False])
        assert transport.get_write_buffer_size() <= LOW_WATER


async def test_many_records_that_come_at_once_are_all_handed_on(authority: Authority) -> None:
    async with connected(authority) as (_, heard, peer):
        for number in range(200):
            await peer.write(number.to_bytes(2, "big") * 500)
        await heard.until(lambda: len(heard.received) == 200_000)
        assert heard.received == b"".join(n.to_bytes(2, "big") * 500 for n in range(200))


async def test_a_close_sends_what_waits_and_waits_for_the_peers_own(authority: Authority) -> None:
    sent = b"x" * 300_000
    async with connected(authority) as (transport, heard, peer):
        transport.write(sent)
        transport.close()
        transport.write(b"too late")
        assert transport.is_closing()
        assert await peer.read_exactly(len(sent)) == sent
        assert await peer.read() == b""
        assert not heard.lost.done()
        await peer.write(b"unheard")
        await peer.answer_close()
        assert await heard.end() is None
        assert heard.received == b""


async def test_a_peer_that_closes_tls_ends_the_connection(authority: Authority) -> None:
    async with connected(authority) as (_, heard, peer):
        await peer.write(b"last words")
        await peer.say_close()
        assert await heard.end() is None
        assert heard.received == b"last words"


async def test_an_end_without_a_word_ends_the_connection(authority: Authority) -> None:
    async with connected(authority) as (_, heard, peer):
        peer.connection.shutdown(socket.SHUT_WR)
        assert await heard.end() is None


async def test_what_is_no_tls_is_an_error(authority: Authority) -> None:
    async with connected(authority) as (_, heard, peer):
        await asyncio.get_running_loop().sock_sendall(peer.connection, b"HTTP/1.1 400\r\n\r\n")
        assert isinstance(await heard.end(), ssl.SSLError)


async def test_a_write_to_a_peer_that_is_gone_is_an_error(authority: Authority) -> None:
    async with connected(authority) as (transport, heard, peer):
        peer.connection.close()
        transport.write(b"x")
        error = await heard.end()
        assert error is None or isinstance(error, OSError)
        transport.write(b"y")
        transport.close()
        assert transport.is_closing()


async def test_a_protocol_may_drop_the_connection_while_it_is_given_bytes(
    authority: Authority,
) -> None:
    async with connected(authority) as (transport, heard, peer):
        heard.on_data = transport.abort
        await peer.write(b"a" * 1000)
        assert await heard.end() is None


async def test_a_protocol_that_fails_loses_the_connection_with_its_error(
    authority: Authority,
) -> None:
    failure = RuntimeError("broken")
    reported: list[object] = []

    def fail() -> None:
        raise failure

    loop = asyncio.get_running_loop()
    loop.set_exception_handler(lambda _, context: reported.append(context["exception"]))
    async with connected(authority) as (_, heard, peer):
        heard.on_data = fail
        await peer.write(b"a")
        assert await heard.end() is failure
    assert reported == [failure]


async def test_a_handshake_can_be_cancelled(authority: Authority) -> None:
    ours, theirs = socket.socketpair()
    with ours, theirs:
        ours.setblocking(False)
        tls = authority.client_context().wrap_socket(
            ours, server_hostname="127.0.0.1", do_handshake_on_connect=False
        )
        with tls:
            task = asyncio.create_task(shake_hands(tls))
            theirs.setblocking(False)
            async with asyncio.timeout(DEADLINE):
                assert await asyncio.get_running_loop().sock_recv(theirs, 100)
            task.cancel()
            with pytest.raises(asyncio.CancelledError):
                await task
            assert not asyncio.get_running_loop().remove_reader(tls)


class Reluctant:
    """A TLS socket that has to read before it can write, and to write before it can read.

    OpenSSL has to when the peer wants other keys in the middle of a stream.
    """

    def __init__(self, connection: socket.socket) -> None:
        self.connection = connection
        self.reads: list[Exception | bytes] = [ssl.SSLWantWriteError(), b"data", b""]
        self.writes: list[Exception | int] = [ssl.SSLWantReadError(), 2, 1]
        self.written: list[bytes] = []

    def fileno(self) -> int:
        return self.connection.fileno()

    def send(self, data: bytes) -> int:
        self.written.append(bytes(data))
        outcome = self.writes.pop(0)
        if isinstance(outcome, Exception):
            raise outcome
        return outcome

    def recv(self, length: int) -> bytes:
        outcome = self.reads.pop(0)
        if isinstance(outcome, Exception):
            raise outcome
        return outcome

    def pending(self) -> int:
        return 0

    def close(self) -> None:
        self.connection.close()


async def test_what_could_not_be_written_before_reading_is_offered_again_as_it_was() -> None:
    ours, theirs = socket.socketpair()
    with ours, theirs:
        ours.setblocking(False)
        tls, heard = Reluctant(ours), Heard()
        transport = TlsTransport(tls, heard)  # type: ignore[arg-type]
        transport.write(b"abc")
        assert transport.get_write_buffer_size() == 3
        theirs.send(b"more to read")
        assert await heard.end() is None
        assert heard.received == b"data"
        assert tls.written == [b"abc", b"abc", b"c"]


def test_an_event_loop_that_cannot_watch_sockets_is_known_as_such() -> None:
    class Blind(asyncio.SelectorEventLoop):
        add_reader = asyncio.AbstractEventLoop.add_reader

    for new_loop, can_watch in (
        (asyncio.SelectorEventLoop, True),
        (uvloop.new_event_loop, True),
        (Blind, False),
    ):
        loop = new_loop()
        assert can_watch_sockets(loop) is can_watch
        loop.close()
