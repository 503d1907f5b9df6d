# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
"""One HTTP/2 stream on real sockets, against a bare ``h2`` peer."""

import asyncio
import socket
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager

import pytest
from h2.errors import ErrorCodes
from h2.settings import SettingCodes

from pipecat_sagemaker_deepgram.exceptions import (
    ClosedError,
    SageMakerDeepgramError,
    StreamError,
    StreamLostError,
    StreamResetError,
    StreamStalledError,
)
from pipecat_sagemaker_deepgram.transport.dialing import dial
from pipecat_sagemaker_deepgram.transport.endpoint import Address
from pipecat_sagemaker_deepgram.transport.http2 import Http2Stream
from pipecat_sagemaker_deepgram.transport.http2_frames import RECEIVE_WINDOW
from pipecat_sagemaker_deepgram.transport.liveness import Liveness

from .bare_peer import BarePeer, BareServer
from .conftest import Authority, BareStart

REQUEST = (
    (":method", "POST"),
    (":scheme", "https"),
    (":authority", "localhost"),
    (":path", "/x"),
)


@asynccontextmanager
async def connected(
    server: BareServer,
    authority: Authority,
    *,
    send_timeout: float = 3.0,
    liveness: Liveness | None = None,
) -> AsyncIterator[Http2Stream]:
    """A stream on a connection to the bare server; closed in the end."""
    stream = await dial(
        lambda: Http2Stream(send_timeout=send_timeout, liveness=liveness),
        Address("127.0.0.1", server.port),
        context=authority.client_context(),
        timeout=5,
    )
    try:
        yield stream
    finally:
        await stream.close(timeout=1)


async def until(condition: Callable[[], bool]) -> None:
    """Wait for a state of the stream that nobody is told of."""
    async with asyncio.timeout(5):
        while not condition():
            await asyncio.sleep(0)


async def read_all(stream: Http2Stream, into: list[bytes]) -> None:
    while data := await stream.read():
        into.append(data)


async def accept(peer: BarePeer) -> None:
    await peer.request()
    peer.respond()


class Written(asyncio.Transport):
    """A transport that keeps each write."""

    def __init__(self) -> None:
        super().__init__()
        self.writes: list[bytes] = []

    def write(self, data: bytes | bytearray | memoryview) -> None:
        self.writes.append(bytes(data))

    def is_closing(self) -> bool:
        return False


async def test_a_request_goes_out_together_with_the_start_of_the_connection() -> None:
    transport = Written()
    stream = Http2Stream(send_timeout=1)
    stream.connection_made(transport)
    stream.send_request(REQUEST)
    await asyncio.sleep(0)
    [written] = transport.writes
    assert written.startswith(b"PRI * HTTP/2.0")
    assert b"localhost" in written


async def test_a_connection_starts_without_a_request() -> None:
    transport = Written()
    Http2Stream(send_timeout=1).connection_made(transport)
    await asyncio.sleep(0)
    assert transport.writes[0].startswith(b"PRI * HTTP/2.0")


async def test_what_is_written_and_read_arrives_in_order(
    bare_server: BareStart, authority: Authority
) -> None:
    async def script(peer: BarePeer) -> None:
        await accept(peer)
        await peer.received(5)
        peer.send(b"one")
        await peer.until(lambda: peer.input_ended)
        peer.send(b"two")
        peer.end()

    async with bare_server(script) as server, connected(server, authority) as stream:
        stream.send_request(REQUEST)
        status, headers = await stream.response()
        assert status == 200
        assert ("x-amzn-requestid", "request-1") in headers
        await stream.write(b"hel")
        await stream.write(b"lo")
        assert await stream.read() == b"one"
        assert not stream.remote_ended
        stream.end_input()
        assert await stream.read() == b"two"
        assert await stream.read() == b""
        assert await stream.read() == b""
        assert stream.remote_ended
        assert server.peers[0].body == b"hello"
        assert server.peers[0].reset_code is None


async def test_an_empty_data_frame_and_padding_are_no_end(
    bare_server: BareStart, authority: Authority
) -> None:
    async def script(peer: BarePeer) -> None:
        await accept(peer)
        peer.send(b"")
        peer.send(b"", padding=200)
        peer.send(b"x", padding=10)

    async with bare_server(script) as server, connected(server, authority) as stream:
        stream.send_request(REQUEST)
        assert await stream.read() == b"x"


async def test_more_than_the_windows_flows_both_ways(
    bare_server: BareStart, authority: Authority
) -> None:
    """Four windows each way: stream and connection windows are opened again as data is read."""
    size = 4 * RECEIVE_WINDOW
    finish = asyncio.Event()

    async def script(peer: BarePeer) -> None:
        await accept(peer)
        sent = 0
        while sent < size:
            await peer.until(lambda: peer.h2.local_flow_control_window(peer.stream_id) > 0)
            room = min(peer.h2.local_flow_control_window(peer.stream_id), 16_384, size - sent)
            peer.send(bytes(room))
            sent += room
        await peer.received(size)
        await finish.wait()
        peer.end()

    async with bare_server(script) as server, connected(server, authority) as stream:
        stream.send_request(REQUEST)
        received: list[bytes] = []
        reading = asyncio.create_task(read_all(stream, received))
        for _ in range(4):
            await stream.write(bytes(RECEIVE_WINDOW))
        finish.set()
        await reading
        assert sum(len(data) for data in received) == size


async def test_an_unread_peer_is_held_at_the_window(
    bare_server: BareStart, authority: Authority
) -> None:
    async def script(peer: BarePeer) -> None:
        await accept(peer)
        while room := min(16_384, peer.h2.local_flow_control_window(peer.stream_id)):
            peer.send(bytes(room))

    async with bare_server(script) as server, connected(server, authority) as stream:
        stream.send_request(REQUEST)
        await stream.response()
        peer = server.peers[0]
        count = len(await stream.read())
        assert peer.h2.local_flow_control_window(peer.stream_id) == 0
        while count < RECEIVE_WINDOW:
            count += len(await stream.read())
        await peer.until(lambda: peer.h2.local_flow_control_window(peer.stream_id) > 0)


async def test_a_smaller_window_of_the_peer_cuts_a_write_to_pieces(
    bare_server: BareStart, authority: Authority
) -> None:
    async def script(peer: BarePeer) -> None:
        peer.h2.update_settings({SettingCodes.INITIAL_WINDOW_SIZE: 10})
        peer.flush()
        await accept(peer)
        await peer.received(105)

    async with bare_server(script) as server, connected(server, authority) as stream:
        stream.send_request(REQUEST)
        await stream.response()
        await stream.write(b"x" * 105)
        await server.peers[0].received(105)
        assert server.peers[0].body == b"x" * 105


async def test_a_peer_that_opens_no_window_stalls_the_write(
    bare_server: BareStart, authority: Authority
) -> None:
    async def script(peer: BarePeer) -> None:
        peer.is_acknowledging = False
        await accept(peer)

    async with (
        bare_server(script) as server,
        connected(server, authority, send_timeout=0.1) as stream,
    ):
        stream.send_request(REQUEST)
        await stream.response()
        await stream.write(bytes(65_535))
        started = time.monotonic()
        with pytest.raises(StreamStalledError, match=r"accepted no data for 0\.1 s"):
            await stream.write(b"x")
        assert 0.09 <= time.monotonic() - started < 5
        with pytest.raises(StreamStalledError):
            await stream.read()


async def test_a_peer_that_reads_no_socket_stalls_the_write(
    bare_server: BareStart, authority: Authority
) -> None:
    """The windows are wide open; the kernel's buffers fill."""

    async def script(peer: BarePeer) -> None:
        peer.h2.increment_flow_control_window(2**30)
        peer.h2.update_settings({SettingCodes.INITIAL_WINDOW_SIZE: 2**30})
        peer.flush()
        await accept(peer)
        peer.transport.pause_reading()

    async def write_on(stream: Http2Stream) -> None:
        while True:
            await stream.write(bytes(1_000_000))

    async with (
        bare_server(script) as server,
        connected(server, authority, send_timeout=0.2) as stream,
    ):
        stream.send_request(REQUEST)
        await stream.response()
        with pytest.raises(StreamStalledError):
            await asyncio.wait_for(write_on(stream), 10)
        server.peers[0].transport.resume_reading()


async def test_a_stalled_write_goes_on_when_the_window_opens(
    bare_server: BareStart, authority: Authority
) -> None:
    async def script(peer: BarePeer) -> None:
        peer.is_acknowledging = False
        await accept(peer)
        await peer.received(65_535)
        peer.h2.acknowledge_received_data(65_535, peer.stream_id)
        peer.flush()
        await peer.received(65_536)

    async with bare_server(script) as server, connected(server, authority) as stream:
        stream.send_request(REQUEST)
        await stream.response()
        await stream.write(bytes(65_536))
        await server.peers[0].received(65_536)


DATA_ON_STREAM_0 = b"\x00\x00\x01\x00\x00\x00\x00\x00\x00x"
ENDINGS = {
    "reset": (lambda peer: peer.reset(), StreamResetError),
    "goaway": (lambda peer: peer.go_away(ErrorCodes.INTERNAL_ERROR), StreamResetError),
    "goaway before this stream": (lambda peer: peer.go_away(last=0), StreamResetError),
    "dropped": (lambda peer: peer.drop(), StreamLostError),
    "closed": (lambda peer: peer.transport.close(), StreamLostError),
    "broken": (lambda peer: peer.transport.write(DATA_ON_STREAM_0), StreamLostError),
}


@pytest.mark.parametrize("how", ENDINGS)
async def test_a_failure_reaches_the_reader_after_what_arrived_and_the_writer_at_once(
    how: str, bare_server: BareStart, authority: Authority
) -> None:
    fail, kind = ENDINGS[how]
    told = asyncio.Event()

    async def script(peer: BarePeer) -> None:
        await accept(peer)
        peer.send(b"first")
        peer.send(b"second")
        await told.wait()
        fail(peer)

    async with bare_server(script) as server, connected(server, authority) as stream:
        stream.send_request(REQUEST)
        await stream.response()
        await until(lambda: len(stream._response.chunks) == 2)
        told.set()
        started = time.monotonic()
        await until(lambda: stream._failure is not None)
        assert time.monotonic() - started < 5
        with pytest.raises(kind):
            await stream.write(b"x")
        received: list[bytes] = []
        with pytest.raises(kind):
            await read_all(stream, received)
        assert received == [b"first", b"second"]
        for _ in range(2):
            with pytest.raises(kind):
                await stream.read()


@pytest.mark.parametrize("how", ENDINGS)
async def test_a_waiting_reader_and_a_waiting_writer_learn_of_a_failure(
    how: str, bare_server: BareStart, authority: Authority
) -> None:
    fail, kind = ENDINGS[how]

    async def script(peer: BarePeer) -> None:
        peer.is_acknowledging = False
        await accept(peer)
        await peer.received(65_535)
        fail(peer)

    async with bare_server(script) as server, connected(server, authority) as stream:
        stream.send_request(REQUEST)
        await stream.response()
        reading = asyncio.create_task(stream.read())
        writing = asyncio.create_task(stream.write(bytes(70_000)))
        async with asyncio.timeout(10):
            outcomes = await asyncio.gather(reading, writing, return_exceptions=True)
        assert [type(each) for each in outcomes] == [kind, kind]


@pytest.mark.parametrize("how", ENDINGS)
async def test_a_failure_before_the_response_headers_is_the_answer(
    how: str, bare_server: BareStart, authority: Authority
) -> None:
    fail, kind = ENDINGS[how]

    async def script(peer: BarePeer) -> None:
        await peer.request()
        fail(peer)

    async with bare_server(script) as server, connected(server, authority) as stream:
        stream.send_request(REQUEST)
        async with asyncio.timeout(10):
            with pytest.raises(kind):
                await stream.response()


async def test_a_goaway_before_the_request_refuses_it(
    bare_server: BareStart, authority: Authority
) -> None:
    async def script(peer: BarePeer) -> None:
        peer.go_away()

    async with bare_server(script) as server, connected(server, authority) as stream:
        await until(lambda: stream._failure is not None)
        with pytest.raises(StreamResetError, match="GOAWAY") as caught:
            stream.send_request(REQUEST)
        assert caught.value.error_code == ErrorCodes.NO_ERROR
        with pytest.raises(StreamResetError):
            await stream.response()


async def test_a_reset_keeps_its_code(bare_server: BareStart, authority: Authority) -> None:
    async def script(peer: BarePeer) -> None:
        await peer.request()
        peer.reset(ErrorCodes.REFUSED_STREAM)

    async with bare_server(script) as server, connected(server, authority) as stream:
        stream.send_request(REQUEST)
        with pytest.raises(StreamResetError, match="REFUSED_STREAM") as caught:
            await stream.response()
        assert caught.value.error_code == ErrorCodes.REFUSED_STREAM


@pytest.mark.parametrize("last", [None, 2**31 - 1], ids=["this stream", "any stream"])
@pytest.mark.parametrize("is_first", [True, False], ids=["before the answer", "in mid-stream"])
async def test_a_peer_that_drains_is_used_to_its_end_in_both_directions(
    is_first: bool, last: int | None, bare_server: BareStart, authority: Authority
) -> None:
    async def script(peer: BarePeer) -> None:
        await peer.request()
        if is_first:
            peer.go_away(last=last)
        peer.respond()
        await peer.received(3)
        peer.send(b"one")
        if not is_first:
            peer.go_away(last=last)
        await peer.until(lambda: peer.input_ended)
        for _ in range(40):
            peer.send(bytes(16_000))
        peer.send(b"two")
        peer.end()
        peer.transport.close()

    async with bare_server(script) as server, connected(server, authority) as stream:
        reported: list[bool] = []
        stream.send_request(REQUEST)
        await stream.response()
        stream.on_draining = lambda: reported.append(True)
        await stream.write(b"abc")
        assert await stream.read() == b"one"
        await until(lambda: stream._incoming.is_draining)
        await stream.write(bytes(30_000))
        stream.end_input()
        received: list[bytes] = []
        await read_all(stream, received)
        assert b"".join(received) == bytes(640_000) + b"two"
        assert len(server.peers[0].body) == 30_003
        assert reported == ([] if is_first else [True])


async def test_a_peer_that_has_drained_may_still_take_it_back(
    bare_server: BareStart, authority: Authority
) -> None:
    """A graceful shutdown names every stream first, and then the last that it serves."""

    async def script(peer: BarePeer) -> None:
        await accept(peer)
        peer.go_away(last=2**31 - 1)
        await peer.received(1)
        peer.go_away(last=0)

    async with bare_server(script) as server, connected(server, authority) as stream:
        stream.send_request(REQUEST)
        await stream.response()
        await until(lambda: stream._incoming.is_draining)
        await stream.write(b"x")
        with pytest.raises(StreamResetError, match="GOAWAY"):
            await stream.read()


@pytest.mark.parametrize("how", ["reset", "goaway", "dropped", "closed"])
async def test_what_follows_a_proper_end_is_no_failure_for_the_reader(
    how: str, bare_server: BareStart, authority: Authority
) -> None:
    async def script(peer: BarePeer) -> None:
        await accept(peer)
        peer.send(b"all")
        peer.end()
        await peer.received(1)
        ENDINGS[how][0](peer)

    async with bare_server(script) as server, connected(server, authority) as stream:
        stream.send_request(REQUEST)
        await stream.write(b"x")
        await until(lambda: stream._failure is not None)
        assert await stream.read() == b"all"
        assert await stream.read() == b""
        with pytest.raises(StreamError):
            await stream.write(b"late")


async def test_nothing_is_written_after_the_input_ended(
    bare_server: BareStart, authority: Authority
) -> None:
    async with bare_server(accept) as server, connected(server, authority) as stream:
        stream.send_request(REQUEST)
        await stream.response()
        stream.end_input()
        stream.end_input()
        with pytest.raises(ClosedError):
            await stream.write(b"x")
        await server.peers[0].until(lambda: server.peers[0].input_ended)


async def test_a_cancelled_read_loses_nothing(bare_server: BareStart, authority: Authority) -> None:
    go_on = asyncio.Event()

    async def script(peer: BarePeer) -> None:
        await accept(peer)
        await go_on.wait()
        peer.send(b"kept")

    async with bare_server(script) as server, connected(server, authority) as stream:
        stream.send_request(REQUEST)
        for _ in range(3):
            with pytest.raises(TimeoutError):
                async with asyncio.timeout(0.01):
                    await stream.read()
        reading = asyncio.create_task(stream.read())
        await asyncio.sleep(0)
        go_on.set()
        await until(lambda: bool(stream._response.chunks))
        reading.cancel()
        await asyncio.gather(reading, return_exceptions=True)
        assert await stream.read() == b"kept"


async def test_a_quiet_peer_that_answers_pings_is_kept(
    bare_server: BareStart, authority: Authority
) -> None:
    liveness = Liveness(now=asyncio.get_running_loop().time(), interval=0.02, timeout=0.5)
    async with (
        bare_server(accept) as server,
        connected(server, authority, liveness=liveness) as stream,
    ):
        stream.send_request(REQUEST)
        with pytest.raises(TimeoutError):
            async with asyncio.timeout(0.2):
                await stream.read()
        await stream.write(b"x")


async def test_a_peer_that_answers_no_ping_is_given_up(
    bare_server: BareStart, authority: Authority
) -> None:
    async def script(peer: BarePeer) -> None:
        await accept(peer)
        peer.transport.pause_reading()

    liveness = Liveness(now=asyncio.get_running_loop().time(), interval=0.05, timeout=0.05)
    async with (
        bare_server(script) as server,
        connected(server, authority, liveness=liveness) as stream,
    ):
        stream.send_request(REQUEST)
        async with asyncio.timeout(10):
            with pytest.raises(StreamStalledError, match="ping"):
                await stream.read()
        server.peers[0].transport.resume_reading()


async def test_closing_tells_the_peer_and_is_quick(
    bare_server: BareStart, authority: Authority
) -> None:
    async with bare_server(accept) as server, connected(server, authority) as stream:
        stream.send_request(REQUEST)
        await stream.response()
        reading = asyncio.create_task(stream.read())
        await asyncio.sleep(0)
        started = time.monotonic()
        await stream.close(timeout=60)
        assert time.monotonic() - started < 5
        with pytest.raises(ClosedError):
            await reading
        peer = server.peers[0]
        await peer.until(lambda: peer.is_lost)
        assert peer.reset_code == ErrorCodes.CANCEL
        with pytest.raises(ClosedError):
            await stream.write(b"x")
        await stream.close(timeout=60)


@pytest.mark.parametrize("is_full", [False, True])
async def test_closing_is_bounded_by_force(
    is_full: bool, bare_server: BareStart, authority: Authority
) -> None:
    """The peer reads nothing, not even the end of TLS."""

    async def script(peer: BarePeer) -> None:
        peer.h2.increment_flow_control_window(2**30)
        peer.h2.update_settings({SettingCodes.INITIAL_WINDOW_SIZE: 2**30})
        peer.flush()
        await accept(peer)
        peer.transport.pause_reading()

    async with bare_server(script) as server, connected(server, authority) as stream:
        stream.send_request(REQUEST)
        await stream.response()
        if is_full:
            while not stream._body.is_paused:
                await stream.write(bytes(500_000))
        started = time.monotonic()
        await stream.close(timeout=0.2)
        assert time.monotonic() - started < 5
        server.peers[0].transport.resume_reading()


async def test_a_cancelled_close_drops_the_connection(
    bare_server: BareStart, authority: Authority
) -> None:
    async def script(peer: BarePeer) -> None:
        await accept(peer)
        peer.transport.pause_reading()

    async with bare_server(script) as server, connected(server, authority) as stream:
        stream.send_request(REQUEST)
        await stream.response()
        closing = asyncio.create_task(stream.close(timeout=60))
        await asyncio.sleep(0)
        closing.cancel()
        await asyncio.gather(closing, return_exceptions=True)
        assert closing.cancelled()
        peer = server.peers[0]
        peer.transport.resume_reading()
        async with asyncio.timeout(10):
            await peer.until(lambda: peer.is_lost)


async def test_an_aborted_stream_says_so(bare_server: BareStart, authority: Authority) -> None:
    async with bare_server(accept) as server, connected(server, authority) as stream:
        stream.send_request(REQUEST)
        await stream.response()
        stream.abort()
        for attempt in (stream.read(), stream.write(b"x")):
            with pytest.raises(StreamLostError, match="aborted"):
                await attempt
        peer = server.peers[0]
        await peer.until(lambda: peer.is_lost)


async def test_a_stream_that_never_connected_closes_at_once() -> None:
    stream = Http2Stream(send_timeout=1)
    await stream.close(timeout=1)
    with pytest.raises(ClosedError):
        await stream.response()


async def test_a_connection_made_after_an_abort_is_dropped() -> None:
    """As when a dial completes while its caller has given up."""
    stream = Http2Stream(send_timeout=1)
    stream.abort()
    here, there = socket.socketpair()
    with there:
        transport, _ = await asyncio.get_running_loop().create_connection(lambda: stream, sock=here)
        assert transport.is_closing()
        with pytest.raises(SageMakerDeepgramError):
            await stream.read()
