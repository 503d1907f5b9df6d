# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause

"""The HTTP/2 server in memory: an h2 client on the other side, no socket and no clock."""

from collections.abc import Iterable

import pytest
from h2 import events
from h2.config import H2Configuration
from h2.connection import H2Connection
from h2.errors import ErrorCodes
from h2.exceptions import ProtocolError
from h2.settings import SettingCodes

from pipecat_sagemaker_deepgram.emulator.http.http2 import Http2Server
from pipecat_sagemaker_deepgram.emulator.http.http2_stream import ServerStream
from pipecat_sagemaker_deepgram.emulator.http.sigv4 import SignedRequest

HEADERS = [(":method", "POST"), (":scheme", "https"), (":authority", "host:1"), (":path", "/p?")]


class Recorder:
    """An exchange that notes what it is told."""

    def __init__(self, stream: ServerStream, request: SignedRequest) -> None:
        self.stream = stream
        self.request = request
        self.data = b""
        self.reported: list[object] = []

    def data_received(self, data: bytes) -> None:
        self.data += data

    def input_ended(self) -> None:
        self.reported.append("input ended")

    def stream_lost(self, reason: str) -> None:
        self.reported.append(reason)

    def output_paused(self, paused: bool) -> None:
        self.reported.append(paused)


class Pair:
    """A server and a client, joined in memory."""

    def __init__(self, *, window: int = 65_535, output_buffer: int = 1000) -> None:
        self.exchanges: list[Recorder] = []
        self.server = Http2Server(
            self._accept,
            max_concurrent_streams=7,
            initial_window_size=window,
            max_output_buffer=output_buffer,
        )
        self.client = H2Connection(H2Configuration(client_side=True, header_encoding="utf-8"))
        self.client.initiate_connection()
        self.server.start()
        self.exchange()

    def _accept(self, stream: ServerStream, request: SignedRequest) -> Recorder:
        self.exchanges.append(Recorder(stream, request))
        return self.exchanges[-1]

    def exchange(self) -> list[events.Event]:
        """Carries bytes both ways until there are none; returns the client's events."""
        found: list[events.Event] = []
        while True:
            upwards, downwards = self.client.data_to_send(), self.server.data_to_send()
            if not upwards and not downwards:
                return found
            self.server.receive_data(upwards)
            found += self.client.receive_data(downwards)

    def open(self, headers: Iterable[tuple[str, str]] = ()) -> Recorder:
        stream_id = self.client.get_next_available_stream_id()
        self.client.send_headers(stream_id, [*HEADERS, *headers])
        self.exchange()
        return self.exchanges[-1]


def received(found: list[events.Event]) -> bytes:
    return b"".join(event.data for event in found if isinstance(event, events.DataReceived))


def test_settings_are_announced():
    pair = Pair(window=1_000_000)
    settings = pair.client.remote_settings
    assert settings.max_concurrent_streams == 7
    assert settings.initial_window_size == 1_000_000


def test_a_request_arrives_with_its_parts():
    request = Pair().open([("x-a", "1"), ("x-a", "2")]).request
    assert (request.method, request.path, request.authority) == ("POST", "/p?", "host:1")
    assert request.values("x-a") == ["1", "2"]
    assert request.values("host") == ["host:1"]


def test_body_and_end_arrive():
    pair = Pair()
    exchange = pair.open()
    pair.client.send_data(1, b"body", end_stream=True)
    pair.exchange()
    assert exchange.data == b"body"
    assert exchange.reported == ["input ended"]


def test_a_reset_of_the_client_is_reported_once():
    pair = Pair()
    exchange = pair.open()
    pair.client.reset_stream(1, ErrorCodes.CANCEL)
    pair.exchange()
    pair.server.lose("connection lost")
    assert exchange.reported == ["reset by the client: CANCEL"]


def test_a_lost_connection_is_told_to_every_stream():
    pair = Pair()
    first, second = pair.open(), pair.open()
    pair.server.lose("connection lost")
    assert first.reported == second.reported == ["connection lost"]


def test_nothing_is_written_while_the_socket_is_full():
    pair = Pair()
    stream = pair.open().stream
    pair.server.set_writable(False)
    stream.respond(200, [])
    stream.write(b"data")
    assert received(pair.exchange()) == b""
    pair.server.set_writable(True)
    assert received(pair.exchange()) == b"data"


def test_goaway_leaves_the_streams_it_names_alone():
    pair = Pair()
    stream = pair.open().stream
    stream.respond(200, [])
    stream.write(b"before")
    pair.server.go_away(1, ErrorCodes.NO_ERROR)
    data = pair.server.data_to_send()
    found = pair.client.receive_data(data)
    goaway = found[-1]
    assert isinstance(goaway, events.ConnectionTerminated)
    assert (goaway.last_stream_id, goaway.error_code) == (1, ErrorCodes.NO_ERROR)
    assert received(found) == b"before"
    stream.write(b"after")
    assert b"after" in pair.server.data_to_send()


def test_a_larger_window_of_the_client_lets_waiting_output_go():
    pair = Pair()
    pair.client.update_settings({SettingCodes.INITIAL_WINDOW_SIZE: 10})
    pair.exchange()
    stream = pair.open().stream
    stream.respond(200, [])
    stream.write(b"x" * 100)
    assert len(received(pair.exchange())) == 10
    pair.client.update_settings({SettingCodes.INITIAL_WINDOW_SIZE: 1000})
    assert len(received(pair.exchange())) == 90


def test_a_client_that_breaks_http2_is_an_error():
    with pytest.raises(ProtocolError):
        Pair().server.receive_data(b"\x00\x00\x01\x00\x00\x00\x00\x00\x63x")
