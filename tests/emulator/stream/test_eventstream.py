# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause

"""Framing, judged by bytes of the AWS SDK and by round trips."""

import struct
import uuid
import zlib
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipecat_sagemaker_deepgram.emulator.stream.eventstream import (
    EventStreamMessage,
    MalformedEventError,
    MessageDecoder,
    Timestamp,
    decode_headers,
    decode_message,
    encode_headers,
    encode_message,
    frame_message,
)

NAMES = st.text(min_size=1, max_size=20).filter(lambda name: len(name.encode()) < 256)
INT64 = st.integers(-(2**63), 2**63 - 1)
VALUES = st.one_of(
    st.booleans(),
    INT64,
    st.binary(max_size=40),
    st.text(max_size=40),
    INT64.map(Timestamp),
    st.uuids(),
)
HEADERS = st.dictionaries(NAMES, VALUES, max_size=6)


def test_response_events_are_encoded_as_the_sdk_encodes_them(vectors: dict[str, Any]):
    for each in vectors["responses"]:
        encoded = encode_message(each["headers"], bytes.fromhex(each["payload"]))
        assert encoded.hex() == each["encoded"], each["name"]


def test_signed_events_of_the_sdk_are_decoded(vectors: dict[str, Any]):
    for each in vectors["events"]:
        outer = decode_message(bytes.fromhex(each["encoded"]))
        assert outer.headers[":chunk-signature"] == bytes.fromhex(each["signature"])
        assert outer.payload.hex() == each["inner"]


@given(HEADERS, st.binary(max_size=300))
def test_what_is_encoded_is_decoded(headers: dict[str, Any], payload: bytes):
    assert decode_message(encode_message(headers, payload)) == EventStreamMessage(headers, payload)


@given(st.lists(st.tuples(HEADERS, st.binary(max_size=60)), max_size=4), st.integers(1, 50))
def test_a_stream_can_be_cut_anywhere(messages: list[tuple[dict[str, Any], bytes]], size: int):
    stream = b"".join(encode_message(*message) for message in messages)
    decoder = MessageDecoder()
    found = [
        message
        for start in range(0, len(stream), size)
        for message in decoder.feed(stream[start : start + size])
    ]
    assert found == [EventStreamMessage(*message) for message in messages]
    assert decoder.pending == 0


@given(st.binary(min_size=1, max_size=60), st.data())
def test_no_changed_byte_goes_unnoticed(payload: bytes, data: st.DataObject):
    encoded = bytearray(encode_message({"a": "b"}, payload))
    encoded[data.draw(st.integers(0, len(encoded) - 1))] ^= data.draw(st.integers(1, 255))
    with pytest.raises(MalformedEventError):
        decode_message(bytes(encoded))


def test_a_decoder_keeps_an_unfinished_message():
    encoded = encode_message({"a": "b"}, b"payload")
    decoder = MessageDecoder()
    assert list(decoder.feed(encoded[:-1])) == []
    assert decoder.pending == len(encoded) - 1
    assert list(decoder.feed(encoded[-1:])) == [EventStreamMessage({"a": "b"}, b"payload")]


def test_an_endless_length_is_refused_at_once():
    """A peer cannot make the decoder wait for gigabytes."""
    lengths = struct.pack("!II", 2**31, 0)
    prelude = lengths + struct.pack("!I", zlib.crc32(lengths))
    with pytest.raises(MalformedEventError, match="2147483648 bytes"):
        list(MessageDecoder().feed(prelude))


def test_headers_longer_than_the_message_are_refused():
    lengths = struct.pack("!II", 20, 10)
    body = lengths + struct.pack("!I", zlib.crc32(lengths)) + b"\0\0\0\0"
    with pytest.raises(MalformedEventError):
        decode_message(body + struct.pack("!I", zlib.crc32(body)))


@pytest.mark.parametrize("cut", range(1, 14))
def test_a_header_cut_short_is_refused(cut: int):
    headers = encode_headers({"name": "value!"})
    with pytest.raises(MalformedEventError):
        decode_message(frame_message(headers[:-cut], b""))


def test_a_uuid_cut_short_is_refused():
    headers = encode_headers({"id": uuid.UUID(int=7)})
    with pytest.raises(MalformedEventError):
        decode_headers(headers[:-1])


def test_a_header_that_occurs_twice_is_refused():
    with pytest.raises(MalformedEventError, match="twice"):
        decode_headers(encode_headers({"a": "b"}) * 2)


def test_an_unknown_header_type_is_refused():
    with pytest.raises(MalformedEventError, match="unknown type 10"):
        decode_headers(b"\x01a\x0a")


def test_small_integers_of_other_encoders_are_decoded():
    assert decode_headers(b"\x01a\x02\xff\x01b\x03\x01\x00") == {"a": -1, "b": 256}


def test_text_that_is_not_utf8_is_refused():
    with pytest.raises(MalformedEventError):
        decode_headers(b"\x01a\x07\x00\x01\xff")
