# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
"""The wire format of events: ``application/vnd.amazon.eventstream``. Pure.

A message is ``total length (u32) | headers length (u32) | CRC-32 of those 8 bytes | headers |
payload | CRC-32 of everything before``, big endian (Smithy specification, "Amazon Event Stream").
A signed request event is a message whose payload is another message (AWS Signature Version 4,
"Signing event stream messages").
"""

import struct
from collections.abc import Iterator, Mapping
from functools import cache, lru_cache
from types import MappingProxyType
from zlib import crc32

from msgspec import Struct

from pipecat_sagemaker_deepgram.exceptions import EventStreamError

type HeaderValue = bool | int | bytes | str

MAX_HEADERS_LENGTH = 128 * 1024
"""Most bytes of headers in one message."""

MAX_PAYLOAD_LENGTH = 16 * 1024 * 1024
"""Most bytes of payload in one message."""

_CACHED_HEADERS_LENGTH = 512

_PRELUDE = struct.Struct("!III")
_LENGTHS = struct.Struct("!II")
_CHECKSUM = struct.Struct("!I")
_OVERHEAD = _PRELUDE.size + _CHECKSUM.size

_TYPE_BYTES = 6
_TYPE_STRING = 7
_TYPE_TIMESTAMP = 8

_LENGTH = struct.Struct("!H")
_FIXED_SIZE = {
    2: struct.Struct("!b"),
    3: struct.Struct("!h"),
    4: struct.Struct("!i"),
    5: struct.Struct("!q"),
    _TYPE_TIMESTAMP: struct.Struct("!q"),
    9: struct.Struct("!16s"),
}


class EventMessage(Struct, frozen=True):
    """One message of an event stream.

    Attributes:
        headers: Header values by name. Timestamps are integers, milliseconds since the epoch;
            UUIDs are their 16 bytes.
        payload: The bytes after the headers.
    """

    headers: Mapping[str, HeaderValue]
    payload: bytes


def encode_message(headers: bytes, payload: bytes) -> bytes:
    """Frame encoded headers and a payload as one message."""
    prelude = _prelude(len(headers) + len(payload) + _OVERHEAD, len(headers))
    body = b"".join((prelude, headers, payload))
    return body + _CHECKSUM.pack(crc32(body))


@lru_cache(maxsize=256)
def _prelude(total: int, headers_length: int) -> bytes:
    lengths = _LENGTHS.pack(total, headers_length)
    return lengths + _CHECKSUM.pack(crc32(lengths))


def encode_string_header(name: str, value: str) -> bytes:
    """Encode a header of type string."""
    encoded = value.encode()
    return _encode_name(name, _TYPE_STRING) + _LENGTH.pack(len(encoded)) + encoded


def encode_bytes_header(name: str, value: bytes) -> bytes:
    """Encode a header of type byte array."""
    return _encode_name(name, _TYPE_BYTES) + _LENGTH.pack(len(value)) + value


def encode_timestamp_header(name: str, milliseconds: int) -> bytes:
    """Encode a header of type timestamp, in milliseconds since the epoch."""
    return _encode_name(name, _TYPE_TIMESTAMP) + struct.pack("!q", milliseconds)


@cache
def _encode_name(name: str, value_type: int) -> bytes:
    encoded = name.encode()
    return bytes((len(encoded),)) + encoded + bytes((value_type,))


class EventStreamDecoder:
    """Cuts received bytes into messages, however they were split on the way.

    Example::

        decoder = EventStreamDecoder()
        for message in decoder.feed(data):
            ...
        decoder.feed_eof()

    Args:
        max_payload_length: Most bytes of payload in one message; 16 MiB by default.
    """

    def __init__(self, *, max_payload_length: int = MAX_PAYLOAD_LENGTH) -> None:
        self._max_payload_length = max_payload_length
        self._buffer = bytearray()
        self._failure: EventStreamError | None = None

    def feed(self, data: bytes) -> Iterator[EventMessage]:
        """Take received bytes and yield the messages that they complete.

        Raises:
            EventStreamError: A checksum, a length or a header is wrong. Nothing after it can be
                read; every further call raises the same error.
        """
        try:
            if (headers_length := self._headers_of_whole(data)) is not None:
                yield _decode_message(data, headers_length)
                return
            self._buffer += data
            while (message := self._next_message()) is not None:
                yield message
        except EventStreamError as error:
            self._failure = error
            raise

    def _headers_of_whole(self, data: bytes) -> int | None:
        """The length of the headers if the bytes are exactly one message, as they usually are."""
        if self._buffer or self._failure is not None or len(data) < _PRELUDE.size:
            return None
        total, headers_length = _checked_lengths(data, self._max_payload_length)
        return headers_length if total == len(data) else None

    def _next_message(self) -> EventMessage | None:
        if self._failure is not None:
            raise self._failure.with_traceback(None)
        if len(self._buffer) < _PRELUDE.size:
            return None
        total, headers_length = _checked_lengths(self._buffer, self._max_payload_length)
        if len(self._buffer) < total:
            return None
        message = bytes(self._buffer[:total])
        del self._buffer[:total]
        return _decode_message(message, headers_length)

    def feed_eof(self) -> None:
        """Report that nothing follows.

        Raises:
            EventStreamError: The bytes end inside a message, or reading them failed before.
        """
        if self._failure is not None:
            raise self._failure.with_traceback(None)
        if self._buffer:
            raise EventStreamError(
                f"The stream ended inside an event, {len(self._buffer)} bytes into it"
            )


def _checked_lengths(buffer: bytes | bytearray, max_payload_length: int) -> tuple[int, int]:
    """The lengths of the message that a buffer begins with, and of its headers, both checked."""
    total, headers_length, checksum = _PRELUDE.unpack_from(buffer)
    if crc32(buffer[: _LENGTHS.size]) != checksum:
        raise EventStreamError("An event's prelude does not match its checksum")
    payload_length = total - headers_length - _OVERHEAD
    if payload_length < 0 or headers_length > MAX_HEADERS_LENGTH:
        raise EventStreamError(
            f"An event claims {headers_length} bytes of headers in {total} bytes"
        )
    if payload_length > max_payload_length:
        raise EventStreamError(
            f"An event of {payload_length} bytes is larger than the "
            f"{max_payload_length} bytes allowed"
        )
    return total, headers_length


def _decode_message(message: bytes, headers_length: int) -> EventMessage:
    body, checksum = message[: -_CHECKSUM.size], message[-_CHECKSUM.size :]
    if crc32(body) != int.from_bytes(checksum):
        raise EventStreamError("An event does not match its checksum")
    headers_end = _PRELUDE.size + headers_length
    return EventMessage(_read_headers(body[_PRELUDE.size : headers_end]), body[headers_end:])


def _read_headers(data: bytes) -> Mapping[str, HeaderValue]:
    """Decode headers; most events have the same ones as the event before."""
    return _decode_headers(data) if len(data) > _CACHED_HEADERS_LENGTH else _cached_headers(data)


@lru_cache(maxsize=256)
def _cached_headers(data: bytes) -> Mapping[str, HeaderValue]:
    return MappingProxyType(_decode_headers(data))


def _decode_headers(data: bytes) -> dict[str, HeaderValue]:
    headers: dict[str, HeaderValue] = {}
    position = 0
    try:
        while position < len(data):
            name_end = position + 1 + data[position]
            name = data[position + 1 : name_end].decode()
            headers[name], position = _decode_value(data, data[name_end], name_end + 1)
    except (IndexError, struct.error, UnicodeDecodeError) as error:
        raise EventStreamError("An event's headers cannot be read") from error
    return headers


def _decode_value(data: bytes, value_type: int, position: int) -> tuple[HeaderValue, int]:
    if value_type in (0, 1):
        return value_type == 0, position
    if fixed := _FIXED_SIZE.get(value_type):
        return fixed.unpack_from(data, position)[0], position + fixed.size
    if value_type not in (_TYPE_BYTES, _TYPE_STRING):
        raise EventStreamError(f"An event has a header of unknown type {value_type}")
    (length,) = _LENGTH.unpack_from(data, position)
    position += _LENGTH.size
    value = data[position : position + length]
    if len(value) < length:
        raise EventStreamError("An event's header is longer than its headers")
    return (value if value_type == _TYPE_BYTES else value.decode()), position + length
