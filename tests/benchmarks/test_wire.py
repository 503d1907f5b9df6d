# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
import pytest
from benchmarks.server import http2_frames as frames
from benchmarks.server.http2_frames import Frame, FrameReader, FrameType
from benchmarks.server.parts import PartReader, text_part
from h2.config import H2Configuration
from h2.connection import H2Connection
from h2.events import DataReceived, WindowUpdated

from pipecat_sagemaker_deepgram.emulator.stream.eventstream import (
    Timestamp,
    decode_message,
    encode_message,
)

REQUEST = [(":method", "POST"), (":scheme", "https"), (":authority", "x"), (":path", "/")]


def _client_bytes() -> bytes:
    client = H2Connection(H2Configuration(client_side=True))
    client.initiate_connection()
    client.send_headers(1, REQUEST)
    client.send_data(1, b"audio", end_stream=True, pad_length=7)
    return client.data_to_send()


def _signed(payload: bytes, data_type: str) -> bytes:
    inner = encode_message({":event-type": "PayloadPart", "DataType": data_type}, payload)
    return encode_message({":date": Timestamp(0), ":chunk-signature": bytes(32)}, inner)


@pytest.mark.parametrize("size", [1, 7, 24, 100, 10_000])
def test_frames_of_a_client_are_read_however_they_are_cut(size):
    sent = _client_bytes()
    reader = FrameReader()
    read = [f for at in range(0, len(sent), size) for f in reader.feed(sent[at : at + size])]
    assert [frame.type for frame in read] == [
        FrameType.SETTINGS,
        FrameType.HEADERS,
        FrameType.DATA,
    ]
    assert read[-1] == Frame(FrameType.DATA, frames.END_STREAM | frames.PADDED, 1, b"audio")


def test_a_client_takes_what_the_server_opens_with_and_its_data():
    client = H2Connection(H2Configuration(client_side=True))
    client.initiate_connection()
    client.send_headers(1, REQUEST)
    opened = client.receive_data(frames.opening(max_concurrent_streams=9))
    assert client.remote_settings.max_concurrent_streams == 9
    assert any(isinstance(event, WindowUpdated) for event in opened)
    assert client.local_flow_control_window(1) == frames.LARGEST_WINDOW
    events = client.receive_data(
        frames.pack(FrameType.HEADERS, frames.END_HEADERS, 1, b"\x88")
        + frames.pack(FrameType.DATA, 0, 1, b"result")
    )
    assert [event.data for event in events if isinstance(event, DataReceived)] == [b"result"]


@pytest.mark.parametrize("size", [1, 50, 10_000])
def test_parts_are_read_however_they_are_cut(size):
    end = encode_message({":date": Timestamp(0), ":chunk-signature": bytes(32)})
    sent = _signed(b"audio" * 99, "BINARY") + _signed(b"{}", "UTF8") + end
    reader = PartReader()
    read = [part for at in range(0, len(sent), size) for part in reader.feed(sent[at : at + size])]
    assert read == [(False, b"audio" * 99), (True, b"{}"), (False, b"")]


def test_every_whole_event_is_handed_to_the_verification():
    events = [_signed(b"a", "BINARY"), _signed(b"b", "BINARY")]
    seen: list[bytes] = []
    list(PartReader(seen.append).feed(b"".join(events)))
    assert seen == events


def test_a_text_part_is_an_event_stream_message():
    message = decode_message(text_part(b'{"type":"Results"}'))
    assert message.payload == b'{"type":"Results"}'
    assert message.headers["DataType"] == "UTF8"
    assert message.headers[":event-type"] == "PayloadPart"
