# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
"""DATA frames written and read without ``h2``, against ``h2`` on the other side. No socket."""

import struct

import pytest
from h2.config import H2Configuration
from h2.connection import H2Connection
from h2.events import DataReceived
from h2.exceptions import FlowControlError
from h2.settings import SettingCodes
from hypothesis import given
from hypothesis import strategies as st

from pipecat_sagemaker_deepgram.transport.http2_data import IncomingFrames, OutgoingData

REQUEST = ((":method", "POST"), (":scheme", "https"), (":authority", "localhost"), (":path", "/x"))
RESPONSE = ((":status", "200"),)
MAX_FRAME = 16_384
STREAM = 1


def pair(*, window: int = 65_535) -> tuple[H2Connection, H2Connection]:
    """A client that has sent a request, and a server with this window for it."""
    client = H2Connection(H2Configuration(client_side=True))
    server = H2Connection(H2Configuration(client_side=False))
    client.initiate_connection()
    server.initiate_connection()
    server.update_settings({SettingCodes.INITIAL_WINDOW_SIZE: window})
    client.receive_data(server.data_to_send())
    client.send_headers(STREAM, REQUEST)
    server.receive_data(client.data_to_send())
    client.receive_data(server.data_to_send())
    return client, server


def answer(server: H2Connection, *sizes: int) -> bytes:
    for size in sizes:
        server.send_data(STREAM, bytes(size))
    return server.data_to_send()


def frames(*, window: int = 1000, takes_data: bool = True) -> IncomingFrames:
    reader = IncomingFrames(max_frame_size=MAX_FRAME, window=window)
    reader.takes_data = takes_data
    return reader


# Outgoing


@given(st.lists(st.binary(min_size=1, max_size=40_000), min_size=1, max_size=4))
def test_the_peer_reads_what_was_written_within_both_windows(chunks: list[bytes]) -> None:
    client, server = pair(window=100_000)
    outgoing = OutgoingData(client, STREAM)
    heard = b""
    for chunk in chunks:
        if len(chunk) > outgoing.room:
            with pytest.raises(FlowControlError):
                outgoing.frames(chunk)
            continue
        events = server.receive_data(outgoing.frames(chunk))
        heard_now = b"".join(e.data or b"" for e in events if isinstance(e, DataReceived))
        assert heard_now == chunk
        heard += chunk
        assert outgoing.room == client.local_flow_control_window(STREAM) == 65_535 - len(heard)


def test_what_the_peer_gives_back_is_room_again() -> None:
    client, server = pair(window=2000)
    outgoing = OutgoingData(client, STREAM)
    server.receive_data(outgoing.frames(bytes(2000)))
    assert outgoing.room == 0
    server.acknowledge_received_data(2000, STREAM)
    client.receive_data(server.data_to_send())
    assert outgoing.room == 2000


def window_update(stream_id: int, increment: int) -> bytes:
    return struct.pack("!HBBBII", 0, 4, 8, 0, stream_id, increment)


@given(st.lists(st.tuples(st.sampled_from([0, STREAM]), st.integers(1, 2**20)), max_size=6))
def test_windows_are_widened_as_h2_does(updates: list[tuple[int, int]]) -> None:
    client, _ = pair(window=2000)
    other, _ = pair(window=2000)
    reader = frames()
    reader.outgoing = OutgoingData(client, STREAM)
    sent = b"".join(window_update(*each) for each in updates)
    assert list(reader.feed(sent, STREAM)) == []
    other.receive_data(sent)
    assert reader.outgoing.room == client.local_flow_control_window(STREAM)
    assert reader.outgoing.room == other.local_flow_control_window(STREAM)


@pytest.mark.parametrize(
    "frame",
    [
        window_update(STREAM, 0),
        window_update(0, 2**31 - 1),
        window_update(STREAM, 2**31 - 1),
        window_update(3, 1),
        struct.pack("!HBBBIIB", 0, 5, 8, 0, STREAM, 1, 0),
    ],
    ids=["by nothing", "too wide a connection", "too wide a stream", "another stream", "too long"],
)
def test_a_window_update_that_is_wrong_is_left_to_h2(frame: bytes) -> None:
    client, _ = pair()
    reader = frames()
    reader.outgoing = OutgoingData(client, STREAM)
    before = reader.outgoing.room
    assert list(reader.feed(frame, STREAM)) == [(False, frame)]
    assert reader.outgoing.room == before


def test_a_window_update_inside_a_header_block_is_left_to_h2() -> None:
    client, _ = pair()
    reader = frames()
    reader.outgoing = OutgoingData(client, STREAM)
    headers = struct.pack("!HBBBI", 0, 0, 1, 0, STREAM)
    update = window_update(STREAM, 1)
    assert list(reader.feed(headers + update, STREAM)) == [(False, headers), (False, update)]


def test_a_window_made_smaller_by_settings_is_no_room() -> None:
    client, server = pair(window=2000)
    outgoing = OutgoingData(client, STREAM)
    server.receive_data(outgoing.frames(bytes(1500)))
    server.update_settings({SettingCodes.INITIAL_WINDOW_SIZE: 1000})
    client.receive_data(server.data_to_send())
    assert outgoing.room == -500
    with pytest.raises(FlowControlError):
        outgoing.frames(b"x")


def test_h2_ends_the_stream_after_data_it_has_not_seen() -> None:
    client, server = pair()
    server.receive_data(OutgoingData(client, STREAM).frames(b"audio"))
    client.end_stream(STREAM)
    events = server.receive_data(client.data_to_send())
    assert "StreamEnded" in [type(event).__name__ for event in events]


# Incoming


@given(st.lists(st.integers(1, 300), max_size=5), st.data())
def test_plain_data_comes_out_however_it_was_cut_and_all_else_goes_to_h2(
    sizes: list[int], draw: st.DataObject
) -> None:
    client, server = pair()
    server.send_headers(STREAM, RESPONSE)
    before, data = server.data_to_send(), answer(server, *sizes)
    server.ping(b"12345678")
    server.end_stream(STREAM)
    whole = before + data + server.data_to_send()
    reader, taken, position = frames(window=10_000), list[int](), 0
    while position < len(whole):
        size = draw.draw(st.integers(1, len(whole)))
        for is_data, received in reader.feed(whole[position : position + size], STREAM):
            if is_data:
                taken.append(len(received))
            else:
                client.receive_data(received)
        position += size
    assert taken == sizes
    assert client.state_machine.state.name == "CLIENT_OPEN"


def plain(reader: IncomingFrames, data: bytes) -> list[bool]:
    return [is_data for is_data, _ in reader.feed(data, STREAM)]


def test_data_is_left_to_h2_until_it_is_taken() -> None:
    _, server = pair()
    server.send_headers(STREAM, RESPONSE)
    server.data_to_send()
    reader = frames(takes_data=False)
    assert plain(reader, answer(server, 10)) == [False]
    reader.takes_data = True
    assert plain(reader, answer(server, 10)) == [True]


@pytest.mark.parametrize(
    "frame",
    [
        b"\0\0\1\0\1\0\0\0\1x",
        b"\0\0\2\0\10\0\0\0\1\0x",
        b"\0\0\1\0\0\0\0\0\3x",
        b"\0\0\0\0\0\0\0\0\1",
    ],
    ids=["ends the stream", "padded", "of another stream", "empty"],
)
def test_data_that_is_not_plain_is_left_to_h2(frame: bytes) -> None:
    assert list(frames().feed(frame, STREAM)) == [(False, frame)]


def test_data_inside_headers_is_left_to_h2_which_refuses_it() -> None:
    unfinished_headers, data = b"\0\0\1\1\0\0\0\0\1x", b"\0\0\1\0\0\0\0\0\1x"
    reader = frames()
    assert plain(reader, unfinished_headers + data) == [False, False]
    continuation = b"\0\0\1\11\4\0\0\0\1x"
    assert plain(reader, continuation + data) == [False, True]


def test_a_frame_that_is_too_long_goes_to_h2_before_it_is_whole() -> None:
    head = b"\0\x40\1\0\0\0\0\0\1"
    assert list(frames().feed(head, STREAM)) == [(False, head)]


def test_more_than_the_window_is_refused() -> None:
    _, server = pair()
    server.send_headers(STREAM, RESPONSE)
    server.data_to_send()
    reader = frames(window=1000)
    assert plain(reader, answer(server, 600, 400)) == [True, True]
    with pytest.raises(FlowControlError):
        plain(reader, answer(server, 1))


def test_what_was_read_is_given_back_in_halves_of_the_window_and_may_come_again() -> None:
    _, server = pair()
    server.send_headers(STREAM, RESPONSE)
    server.data_to_send()
    reader = frames(window=1000)
    assert plain(reader, answer(server, 900)) == [True]
    room = server.local_flow_control_window(STREAM)
    assert reader.give_back(400, STREAM) == b""
    server.receive_data(reader.give_back(200, STREAM))
    assert server.local_flow_control_window(STREAM) == room + 600
    assert plain(reader, answer(server, 700)) == [True]
    with pytest.raises(FlowControlError):
        plain(reader, answer(server, 1))


# GOAWAY


def goaway(last: int, error: int = 0, *, stream: int = 0, debug: bytes = b"") -> bytes:
    payload = struct.pack("!II", last, error) + debug
    return struct.pack("!BHBBI", 0, len(payload), 0x7, 0, stream) + payload


GRACEFUL = {
    "this stream": goaway(STREAM),
    "a later stream": goaway(STREAM + 2),
    "any stream": goaway(2**31 - 1),
    "the reserved bit set": goaway(STREAM | 1 << 31),
    "with a reason": goaway(STREAM, debug=b"max_age"),
}
ENDING = {
    "a stream before": goaway(STREAM - 1),
    "a stream before, the reserved bit set": goaway(1 << 31),
    "an error": goaway(STREAM, 2),
    "an error of any stream": goaway(2**31 - 1, 11),
    "on a stream": goaway(STREAM, stream=STREAM),
    "too short": b"\0\0\4\7\0\0\0\0\0\0\0\0\1",
}


@pytest.mark.parametrize("name", GRACEFUL)
@pytest.mark.parametrize("takes_data", [True, False])
def test_a_goaway_that_leaves_the_stream_is_kept_from_h2(name: str, takes_data: bool) -> None:
    reader = frames(takes_data=takes_data)
    ping = b"\0\0\x08\6\0\0\0\0\x0012345678"
    assert list(reader.feed(GRACEFUL[name] + ping, STREAM)) == [(False, ping)]
    assert reader.is_draining


@pytest.mark.parametrize("name", ENDING)
def test_a_goaway_that_ends_the_stream_is_left_to_h2(name: str) -> None:
    reader = frames()
    assert list(reader.feed(ENDING[name], STREAM)) == [(False, ENDING[name])]
    assert not reader.is_draining


def test_a_goaway_before_there_is_a_stream_is_left_to_h2() -> None:
    reader = frames()
    assert list(reader.feed(goaway(2**31 - 1), 0)) == [(False, goaway(2**31 - 1))]


def test_a_goaway_inside_headers_is_left_to_h2_which_refuses_it() -> None:
    unfinished_headers = b"\0\0\1\1\0\0\0\0\1x"
    reader = frames()
    assert plain(reader, unfinished_headers + goaway(STREAM)) == [False, False]


def test_a_goaway_in_pieces_is_one() -> None:
    reader = frames()
    pieces = [goaway(STREAM)[start : start + 3] for start in range(0, 17, 3)]
    assert [each for piece in pieces for each in reader.feed(piece, STREAM)] == []
    assert reader.is_draining
