# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause

"""The ``application/vnd.amazon.eventstream`` framing, both directions. Pure.

A message is `total length, headers length, CRC-32 of those two, headers, payload, CRC-32 of all
before it`, every number an unsigned 32-bit big-endian one (AWS, "Amazon Event Stream
specification", Smithy 2.0). The limits are those of AWS's own encoders.
"""

import struct
import uuid
import zlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from types import MappingProxyType

MAX_HEADERS_LENGTH = 128 * 1024
"""Maximum bytes of headers in one message."""

MAX_PAYLOAD_LENGTH = 16 * 1024 * 1024
"""Maximum bytes of payload in one message."""

_PRELUDE = struct.Struct("!III")
_CRC = struct.Struct("!I")
_OVERHEAD = _PRELUDE.size + _CRC.size


class MalformedEventError(ValueError):
    """Bytes that are not an event-stream message: a wrong checksum, length or header."""


@dataclass(frozen=True, slots=True)
class Timestamp:
    """A header value of the timestamp type.

    Attributes:
        milliseconds: Milliseconds since 1970-01-01T00:00:00Z.
    """

    milliseconds: int


type HeaderValue = bool | int | bytes | str | Timestamp | uuid.UUID


@dataclass(frozen=True, slots=True)
class EventStreamMessage:
    """One event-stream message.

    Attributes:
        headers: Header values by name.
        payload: The bytes after the headers.
    """

    headers: Mapping[str, HeaderValue]
    payload: bytes


class MessageDecoder:
    """Cuts a byte stream into messages; bytes of an unfinished one are kept for the next call."""

    def __init__(self) -> None:
        self._buffer = bytearray()

    @property
    def pending(self) -> int:
        """Bytes buffered of an incomplete message."""
        return len(self._buffer)

    def feed(self, data: bytes) -> Iterator[EventStreamMessage]:
        """Adds bytes, and yields the messages that they complete.

        Args:
            data: The next bytes of the stream, cut anywhere.

        Yields:
            Complete messages, in order.

        Raises:
            MalformedEventError: A checksum, a length or a header is wrong; the rest cannot
                be read.
        """
        self._buffer += data
        while (length := self._complete_length()) is not None:
            raw = bytes(self._buffer[:length])
            del self._buffer[:length]
            yield decode_message(raw)

    def _complete_length(self) -> int | None:
        if len(self._buffer) < _PRELUDE.size:
            return None
        length = _checked_length(self._buffer)
        return length if len(self._buffer) >= length else None


def _checked_length(buffer: bytearray | bytes) -> int:
    total, headers_length, crc = _PRELUDE.unpack_from(buffer)
    if zlib.crc32(memoryview(buffer)[:8]) != crc:
        raise MalformedEventError("the prelude checksum of an event does not match")
    payload_length = total - headers_length - _OVERHEAD
    if headers_length > MAX_HEADERS_LENGTH or not 0 <= payload_length <= MAX_PAYLOAD_LENGTH:
        raise MalformedEventError(f"an event of {total} bytes with {headers_length} header bytes")
    return total


def decode_message(raw: bytes) -> EventStreamMessage:
    """Decodes exactly one message.

    Args:
        raw: The whole message.

    Raises:
        MalformedEventError: It is cut short, too long, or a checksum or header is wrong.
    """
    if len(raw) < _OVERHEAD or _checked_length(raw) != len(raw):
        raise MalformedEventError(f"{len(raw)} bytes are not one whole event")
    (crc,) = _CRC.unpack_from(raw, len(raw) - _CRC.size)
    if zlib.crc32(memoryview(raw)[: -_CRC.size]) != crc:
        raise MalformedEventError("the message checksum of an event does not match")
    headers_length = _CRC.unpack_from(raw, 4)[0]
    headers_end = _PRELUDE.size + headers_length
    headers = decode_headers(raw[_PRELUDE.size : headers_end])
    return EventStreamMessage(headers, raw[headers_end : -_CRC.size])


@lru_cache(maxsize=512)
def decode_headers(raw: bytes) -> Mapping[str, HeaderValue]:
    """Decodes a header block.

    Args:
        raw: The encoded headers. Results are cached, as most events have the same headers.

    Raises:
        MalformedEventError: A header is cut short, of an unknown type, or named twice.
    """
    headers: dict[str, HeaderValue] = {}
    position = 0
    try:
        while position < len(raw):
            name, value, position = _decode_header(raw, position)
            if name in headers:
                raise MalformedEventError(f"the event header {name!r} occurs twice")
            headers[name] = value
    except (struct.error, IndexError, UnicodeDecodeError) as error:
        raise MalformedEventError("an event header is cut short or is not UTF-8") from error
    return MappingProxyType(headers)


def _decode_header(raw: bytes, position: int) -> tuple[str, HeaderValue, int]:
    name_end = position + 1 + raw[position]
    name = raw[position + 1 : name_end].decode()
    kind = raw[name_end]
    value, end = _decode_value(kind, raw, name_end + 1)
    if end > len(raw):
        raise MalformedEventError(f"the event header {name!r} is cut short")
    return name, value, end


def _decode_value(kind: int, raw: bytes, at: int) -> tuple[HeaderValue, int]:
    match kind:
        case 0 | 1:
            return kind == 0, at
        case 2:
            return struct.unpack_from("!b", raw, at)[0], at + 1
        case 3:
            return struct.unpack_from("!h", raw, at)[0], at + 2
        case 4:
            return struct.unpack_from("!i", raw, at)[0], at + 4
        case 5:
            return struct.unpack_from("!q", raw, at)[0], at + 8
        case 6 | 7:
            end = at + 2 + struct.unpack_from("!H", raw, at)[0]
            value = raw[at + 2 : end]
            return (value if kind == 6 else value.decode()), end
        case 8:
            return Timestamp(struct.unpack_from("!q", raw, at)[0]), at + 8
        case 9:
            return uuid.UUID(bytes=raw[at : at + 16].ljust(16, b"\0")), at + 16
    raise MalformedEventError(f"an event header has the unknown type {kind}")


def encode_headers(headers: Mapping[str, HeaderValue]) -> bytes:
    """Encodes a header block, in the order of the mapping.

    Args:
        headers: Values by name. Whole numbers are encoded in 32 bits where they fit, else in 64.
    """
    return b"".join(_encode_header(name.encode(), value) for name, value in headers.items())


def _encode_header(name: bytes, value: HeaderValue) -> bytes:
    return bytes((len(name),)) + name + _encode_value(value)


def _encode_value(value: HeaderValue) -> bytes:
    match value:
        case bool():
            return b"\x00" if value else b"\x01"
        case int() if -(2**31) <= value < 2**31:
            return struct.pack("!Bi", 4, value)
        case int():
            return struct.pack("!Bq", 5, value)
        case bytes():
            return struct.pack("!BH", 6, len(value)) + value
        case str():
            encoded = value.encode()
            return struct.pack("!BH", 7, len(encoded)) + encoded
        case Timestamp(milliseconds):
            return struct.pack("!Bq", 8, milliseconds)
        case uuid.UUID():
            return b"\x09" + value.bytes


def encode_message(headers: Mapping[str, HeaderValue], payload: bytes = b"") -> bytes:
    """Encodes one message.

    Args:
        headers: Values by name, encoded in this order.
        payload: The bytes after the headers.
    """
    return frame_message(encode_headers(headers), payload)


def frame_message(headers: bytes, payload: bytes) -> bytes:
    """Puts lengths and checksums around headers that are already encoded.

    Args:
        headers: The encoded header block.
        payload: The bytes after the headers.
    """
    lengths = struct.pack("!II", len(headers) + len(payload) + _OVERHEAD, len(headers))
    body = b"".join((lengths, _CRC.pack(zlib.crc32(lengths)), headers, payload))
    return body + _CRC.pack(zlib.crc32(body))
