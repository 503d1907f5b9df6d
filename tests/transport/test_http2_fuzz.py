# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
"""Whatever a peer sends, a stream answers with errors of its own. No socket."""

import asyncio
from random import Random

from h2.config import H2Configuration
from h2.connection import H2Connection
from h2.events import RequestReceived

from pipecat_sagemaker_deepgram.exceptions import StreamError
from pipecat_sagemaker_deepgram.transport.http2 import Http2Stream

REQUEST = (
    (":method", "POST"),
    (":scheme", "https"),
    (":authority", "localhost"),
    (":path", "/x"),
)


class RecordingTransport(asyncio.Transport):
    """Keeps what is written; tells the protocol when it is dropped."""

    def __init__(self, protocol: asyncio.Protocol) -> None:
        super().__init__()
        self._protocol = protocol
        self.written = bytearray()
        self.is_aborted = False

    def write(self, data: bytes | bytearray | memoryview) -> None:
        self.written += data

    def is_closing(self) -> bool:
        return self.is_aborted

    def abort(self) -> None:
        if not self.is_aborted:
            self.is_aborted = True
            self._protocol.connection_lost(None)


def requested() -> tuple[Http2Stream, RecordingTransport]:
    stream = Http2Stream(send_timeout=1)
    transport = RecordingTransport(stream)
    stream.connection_made(transport)
    stream.send_request(REQUEST)
    return stream, transport


def answer(to: bytes) -> bytes:
    """All that an orderly server sends for a request: settings, headers, data, the end."""
    server = H2Connection(H2Configuration(client_side=False))
    server.initiate_connection()
    for event in server.receive_data(to):
        if isinstance(event, RequestReceived):
            stream_id = event.stream_id or 0
            server.send_headers(stream_id, [(":status", "200"), ("x-amzn-requestid", "r")])
            for size in (1, 100, 1000):
                server.send_data(stream_id, bytes(size))
            server.ping(b"12345678")
            server.end_stream(stream_id)
    return server.data_to_send()


async def outcome(stream: Http2Stream) -> str:
    """How reading ends; a stream that waits for more is fine too."""
    try:
        while True:
            reading = asyncio.ensure_future(stream.read())
            await asyncio.sleep(0)
            if not reading.done():
                reading.cancel()
                return "waits"
            if not await reading:
                return "ended"
    except StreamError as error:
        return type(error).__name__


async def feed(data: bytes, source: Random) -> str:
    stream, _ = requested()
    position = 0
    while position < len(data):
        size = source.randrange(1, len(data) + 1)
        stream.data_received(data[position : position + size])
        position += size
    result = await outcome(stream)
    stream.abort()
    return result


async def test_an_orderly_answer_ends() -> None:
    _, transport = requested()
    assert await feed(answer(bytes(transport.written)), Random(1)) == "ended"


async def test_random_bytes_end_in_a_named_error_or_a_wait() -> None:
    source = Random(20_260_103)
    outcomes = {await feed(source.randbytes(source.randrange(1, 200)), source) for _ in range(2000)}
    assert outcomes <= {"StreamLostError", "StreamResetError", "waits"}


async def test_mutated_frames_end_in_a_named_error_or_a_wait_or_the_end() -> None:
    source = Random(20_260_104)
    _, transport = requested()
    orderly = answer(bytes(transport.written))
    outcomes: set[str] = set()
    for _ in range(3000):
        data = bytearray(orderly)
        for _ in range(source.randrange(1, 6)):
            data[source.randrange(min(len(data), 120))] = source.randrange(256)
        outcomes.add(await feed(bytes(data), source))
    assert {"StreamLostError", "waits", "ended"} <= outcomes
    assert outcomes <= {"StreamLostError", "StreamResetError", "waits", "ended"}


async def test_headers_that_are_not_utf8_keep_their_place() -> None:
    stream, transport = requested()
    server = H2Connection(H2Configuration(client_side=False))
    server.initiate_connection()
    server.receive_data(bytes(transport.written))
    server.send_headers(1, [(b":status", b"200"), (b"x-odd", b"\xff\xfe")])
    stream.data_received(server.data_to_send())
    status, headers = await stream.response()
    assert status == 200
    assert ("x-odd", "\ufffd\ufffd") in headers
    stream.abort()
