# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
"""One TLS connection with its HTTP/2 streams."""

import asyncio
from collections import deque
from typing import cast

from hpack import Decoder, Encoder

from benchmarks.server import http2_frames as h2
from benchmarks.server.endpoint import Endpoint
from benchmarks.server.http2_frames import Frame, FrameType
from benchmarks.server.invocation import Invocation
from benchmarks.server.parts import PartReader
from benchmarks.server.verification import InvalidSignatureError, Verification

_CANCEL = 0x8


class Connection(asyncio.Protocol):
    """One TLS connection.

    Args:
        endpoint: The state that it shares with the others.
    """

    def __init__(self, endpoint: Endpoint) -> None:
        self.endpoint = endpoint
        self.initial_window = h2.DEFAULT_WINDOW
        self.window = h2.DEFAULT_WINDOW
        self.encoder = Encoder()
        self._decoder = Decoder()
        self._frames = h2.FrameReader()
        self._streams: dict[int, Stream] = {}
        self._header_block = b""
        self._header_flags = 0
        self._transport: asyncio.Transport | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.endpoint.seen.connections += 1
        self._transport = cast(asyncio.Transport, transport)  # uvloop's do not derive from it
        self.write(h2.opening(max_concurrent_streams=1000))

    def connection_lost(self, exc: Exception | None) -> None:
        self._transport = None
        for stream in tuple(self._streams.values()):
            stream.invocation.lose()
        self._streams.clear()

    def write(self, data: bytes) -> None:
        """Write bytes, unless the connection is gone."""
        if self._transport is not None:
            self._transport.write(data)

    def abort(self) -> None:
        """Drop the connection without notice."""
        if self._transport is not None:
            self._transport.abort()

    def forget(self, number: int) -> None:
        """Discard the state of a stream."""
        self._streams.pop(number, None)

    def data_received(self, data: bytes) -> None:
        for frame in self._frames.feed(data):
            self._take(frame)

    def _take(self, frame: Frame) -> None:
        match frame.type:
            case FrameType.DATA:
                if (stream := self._streams.get(frame.stream)) is not None:
                    stream.take(frame)
            case FrameType.HEADERS:
                self._header_flags = frame.flags
                self._take_headers(frame)
            case FrameType.CONTINUATION:
                self._take_headers(frame)
            case FrameType.WINDOW_UPDATE:
                self._opened(frame.stream, h2.increment_in(frame.payload))
            case FrameType.SETTINGS if not frame.flags & h2.ACK:
                self._set(frame.payload)
            case FrameType.PING if not frame.flags & h2.ACK:
                self.write(h2.pack(FrameType.PING, h2.ACK, 0, frame.payload))
            case FrameType.RST_STREAM:
                if (stream := self._streams.pop(frame.stream, None)) is not None:
                    stream.invocation.lose()

    def _take_headers(self, frame: Frame) -> None:
        self._header_block += frame.payload
        if not frame.flags & h2.END_HEADERS:
            return
        block, self._header_block = self._header_block, b""
        headers = [(str(name), str(value)) for name, value in self._decoder.decode(block)]
        stream = self._streams[frame.stream] = Stream(self, frame.stream, headers)
        stream.start()

    def _set(self, payload: bytes) -> None:
        size = h2.initial_window_in(payload)
        if size is not None:
            for stream in self._streams.values():
                stream.window += size - self.initial_window
            self.initial_window = size
        self.write(h2.pack(FrameType.SETTINGS, h2.ACK, 0))
        self._pump()

    def _opened(self, number: int, increment: int) -> None:
        if number == 0:
            self.window += increment
        elif (stream := self._streams.get(number)) is not None:
            stream.window += increment
        self._pump()

    def _pump(self) -> None:
        for stream in tuple(self._streams.values()):
            stream.pump()


class Stream:
    """One stream of a connection.

    Args:
        connection: The connection.
        number: The stream's number.
        headers: The request's headers.
    """

    def __init__(self, connection: Connection, number: int, headers: list[tuple[str, str]]) -> None:
        self.window = connection.initial_window
        self._connection = connection
        self._number = number
        self._waiting: deque[tuple[bytes, bool]] = deque()
        self._refusal = ""
        self.invocation = Invocation(connection.endpoint, self, self._part_reader(headers))

    def _part_reader(self, headers: list[tuple[str, str]]) -> PartReader:
        endpoint = self._connection.endpoint
        if not endpoint.behaviour.verify:
            return PartReader()
        try:
            return PartReader(Verification(headers, endpoint.seen).event)
        except InvalidSignatureError as error:
            self._refusal = str(error)
            return PartReader()

    def start(self) -> None:
        """Start the response."""
        if self._refusal:
            self.invocation.refuse("403", "InvalidSignatureException", self._refusal.encode())
        else:
            self.invocation.start()

    def take(self, frame: Frame) -> None:
        """Take a DATA frame."""
        if frame.payload:
            self.invocation.take(frame.payload)
        if frame.flags & h2.END_STREAM:
            self.invocation.input_ended()

    def send_headers(self, headers: tuple[tuple[str, str], ...]) -> None:
        """Send response headers."""
        block = self._connection.encoder.encode(headers)
        self._connection.write(h2.pack(FrameType.HEADERS, h2.END_HEADERS, self._number, block))

    def send(self, data: bytes, *, end: bool = False) -> None:
        """Send body bytes, as far as the client's windows are open."""
        self._waiting.append((data, end))
        self.pump()

    def pump(self) -> None:
        """Send the waiting bytes that fit into the windows."""
        while self._waiting:
            data, end = self._waiting[0]
            size = min(len(data), self.window, self._connection.window, h2.MAX_FRAME)
            if data and size <= 0:
                return
            is_all = size == len(data)
            flags = h2.END_STREAM if end and is_all else 0
            self._connection.write(h2.pack(FrameType.DATA, flags, self._number, data[:size]))
            self.window -= size
            self._connection.window -= size
            if is_all:
                self._waiting.popleft()
            else:
                self._waiting[0] = (data[size:], end)

    def cut(self, kind: str) -> None:
        """Cut the stream."""
        match kind:
            case "drop":
                self._connection.abort()
            case "reset":
                self._connection.write(h2.reset(self._number, _CANCEL))
            case "goaway":
                self._connection.write(h2.go_away(self._number))
                self._connection.abort()
            case "end":
                self.send(b"", end=True)
        self._connection.forget(self._number)
