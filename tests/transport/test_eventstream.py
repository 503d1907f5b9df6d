# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
"""Events on the wire: what is encoded decodes, what is broken is named."""

import json
import struct
from pathlib import Path
from random import Random
from typing import Any
from zlib import crc32

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipecat_sagemaker_deepgram.exceptions import EventStreamError, ModelStreamError
from pipecat_sagemaker_deepgram.transport.eventstream import (
    MAX_HEADERS_LENGTH,
    EventMessage,
    EventStreamDecoder,
    encode_bytes_header,
    encode_message,
    encode_string_header,
    encode_timestamp_header,
)
from pipecat_sagemaker_deepgram.transport.parts import PartJoiner, encode_part

VECTORS: dict[str, Any] = json.loads(
    (Path(__file__).parent.parent / "data" / "signed_events.json").read_text()
)
RESPONSES = VECTORS["responses"]


def decode(data: bytes) -> list[EventMessage]:
    decoder = EventStreamDecoder()
    messages = list(decoder.feed(data))
    decoder.feed_eof()
    return messages


def header(name: str, value_type: int, value: bytes) -> bytes:
    return bytes((len(name),)) + name.encode() + bytes((value_type,)) + value


@pytest.mark.parametrize("vector", RESPONSES, ids=lambda each: each["name"])
def test_what_the_sdk_encoded_decodes_to_what_was_meant(vector: dict[str, Any]) -> None:
    (message,) = decode(bytes.fromhex(vector["encoded"]))
    assert message.headers == vector["headers"]
    assert message.payload == bytes.fromhex(vector["payload"])


def test_every_header_type_is_read() -> None:
    headers = b"".join(
        (
            header("yes", 0, b""),
            header("no", 1, b""),
            header("byte", 2, struct.pack("!b", -5)),
            header("short", 3, struct.pack("!h", -500)),
            header("int", 4, struct.pack("!i", -70_000)),
            header("long", 5, struct.pack("!q", -(2**40))),
            encode_bytes_header("bytes", b"\x00\xff"),
            encode_string_header("text", "grüezi"),
            encode_timestamp_header("time", 1_700_000_000_123),
            header("uuid", 9, bytes(range(16))),
        )
    )
    (message,) = decode(encode_message(headers, b"payload"))
    assert message.headers == {
        "yes": True,
        "no": False,
        "byte": -5,
        "short": -500,
        "int": -70_000,
        "long": -(2**40),
        "bytes": b"\x00\xff",
        "text": "grüezi",
        "time": 1_700_000_000_123,
        "uuid": bytes(range(16)),
    }


@given(
    payloads=st.lists(st.binary(max_size=200), max_size=5),
    cuts=st.lists(st.integers(min_value=1, max_value=60), min_size=1, max_size=20),
)
def test_events_survive_however_they_are_chopped(payloads: list[bytes], cuts: list[int]) -> None:
    data = b"".join(encode_part(payload, "BINARY") for payload in payloads)
    decoder = EventStreamDecoder()
    decoded: list[bytes] = []
    position = turn = 0
    while position < len(data):
        size = cuts[turn % len(cuts)]
        decoded += [each.payload for each in decoder.feed(data[position : position + size])]
        position, turn = position + size, turn + 1
    decoder.feed_eof()
    assert decoded == payloads


def with_prelude(total: int, headers_length: int, rest: bytes = b"") -> bytes:
    lengths = struct.pack("!II", total, headers_length)
    return lengths + struct.pack("!I", crc32(lengths)) + rest


EVENT = encode_part(b"payload", "BINARY")


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        (EVENT[:8] + b"\x00\x00\x00\x00" + EVENT[12:], "prelude"),
        (EVENT[:-4] + b"\x00\x00\x00\x00", "does not match its checksum"),
        (EVENT[:-5] + b"X" + EVENT[-4:], "does not match its checksum"),
        (with_prelude(15, 0), "claims 0 bytes of headers in 15"),
        (with_prelude(100, 90), "claims 90 bytes of headers in 100"),
        (with_prelude(MAX_HEADERS_LENGTH * 2, MAX_HEADERS_LENGTH + 1), "bytes of headers"),
        (with_prelude(17 * 1024 * 1024, 0), "larger than"),
        (encode_message(header("a", 42, b""), b""), "unknown type 42"),
        (encode_message(header("a", 7, b"\x00\x09abc"), b""), "longer than its headers"),
        (encode_message(header("a", 7, b"\x00"), b""), "cannot be read"),
        (encode_message(header("a", 7, b"\x00\x01\xff"), b""), "cannot be read"),
        (encode_message(header("a", 4, b"\x00"), b""), "cannot be read"),
        (encode_message(b"\x09abc", b""), "cannot be read"),
        (EVENT[:-1], "ended inside an event"),
        (EVENT[:5], "ended inside an event"),
    ],
)
def test_a_broken_event_is_named(data: bytes, sentence: str) -> None:
    with pytest.raises(EventStreamError, match=sentence):
        decode(data)


def test_messages_before_a_broken_one_are_given_and_the_break_stays() -> None:
    decoder = EventStreamDecoder()
    events = decoder.feed(EVENT + EVENT[:-1] + b"\x00" + EVENT)
    assert next(events).payload == b"payload"
    with pytest.raises(EventStreamError):
        next(events)
    with pytest.raises(EventStreamError):
        list(decoder.feed(EVENT))
    with pytest.raises(EventStreamError):
        decoder.feed_eof()


def consume(data: bytes) -> str:
    """Decode and join; return how it ended."""
    decoder, joiner = EventStreamDecoder(), PartJoiner(max_message_length=4096)
    try:
        for event in decoder.feed(data):
            message = joiner.join(event)
            assert message is None or isinstance(message, str | bytes)
        decoder.feed_eof()
    except (EventStreamError, ModelStreamError) as error:
        return type(error).__name__
    return "ended"


VALID = [bytes.fromhex(each["encoded"]) for each in RESPONSES] + [EVENT]


def mutated(event: bytes, source: Random) -> bytes:
    """Change, cut and append bytes; with mended checksums the change reaches what is inside."""
    data = bytearray(event)
    for _ in range(source.randrange(5)):
        data[source.randrange(len(data))] = source.randrange(256)
    data = data[: source.randrange(16, len(data) + 1)] + source.randbytes(source.randrange(8))
    if source.random() < 0.7:
        data[0:4] = struct.pack("!I", len(data))
        data[8:12] = struct.pack("!I", crc32(data[:8]))
        data[-4:] = struct.pack("!I", crc32(data[:-4]))
    return bytes(data)


@settings(max_examples=500, deadline=None)
@given(st.binary(max_size=300))
def test_any_bytes_end_in_events_or_a_named_error(data: bytes) -> None:
    consume(data)


def test_ten_thousand_random_byte_strings_end_in_events_or_a_named_error() -> None:
    source = Random(20_260_101)
    outcomes = {consume(source.randbytes(source.randrange(300))) for _ in range(10_000)}
    assert outcomes <= {"ended", "EventStreamError"}


def test_ten_thousand_mutated_events_end_in_events_or_a_named_error() -> None:
    source = Random(20_260_102)
    outcomes = {consume(mutated(source.choice(VALID), source)) for _ in range(10_000)}
    assert outcomes == {"ended", "EventStreamError", "ModelStreamError"}
