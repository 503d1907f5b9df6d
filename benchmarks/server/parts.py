# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
"""Reads signed event-stream messages, and writes plain ones. Pure.

The lengths and nesting are those of AWS's "Amazon Event Stream specification" and of SigV4 for
event streams: an outer message with date and signature holds the message that holds the part.
"""

import struct
import zlib
from collections.abc import Callable, Iterator

_PRELUDE = struct.Struct("!III")
_U32 = struct.Struct("!I")


class PartReader:
    """Cuts a request's body into parts.

    Args:
        verify: Called with every whole outer message.
    """

    def __init__(self, verify: Callable[[bytes], None] | None = None) -> None:
        self._buffer = b""
        self._verify = verify

    def feed(self, data: bytes) -> Iterator[tuple[bool, bytes]]:
        """Add bytes; return for each part that they complete whether it is text, and its bytes.

        The empty message that ends the input is a part of no bytes.
        """
        buffer = self._buffer + data if self._buffer else data
        at = 0
        while len(buffer) - at >= 12:
            total, headers, _ = _PRELUDE.unpack_from(buffer, at)
            if len(buffer) - at < total:
                break
            if self._verify is not None:
                self._verify(buffer[at : at + total])
            yield _inner(buffer, at + 12 + headers, at + total - 4)
            at += total
        self._buffer = buffer[at:]


def _inner(buffer: bytes, start: int, end: int) -> tuple[bool, bytes]:
    if start == end:
        return False, b""
    _, headers, _ = _PRELUDE.unpack_from(buffer, start)
    payload = start + 12 + headers
    return buffer.find(b"UTF8", start + 12, payload) >= 0, buffer[payload : end - 4]


def _header(name: str, value: str) -> bytes:
    return struct.pack("!B", len(name)) + name.encode() + _value(value.encode())


def _value(value: bytes) -> bytes:
    return struct.pack("!BH", 7, len(value)) + value


_TEXT_HEADERS = b"".join(
    _header(name, value)
    for name, value in (
        (":message-type", "event"),
        (":event-type", "PayloadPart"),
        (":content-type", "application/octet-stream"),
        ("DataType", "UTF8"),
        ("CompletionState", "COMPLETE"),
    )
)


def text_part(payload: bytes) -> bytes:
    """Encode one text message of the container."""
    lengths = struct.pack("!II", len(_TEXT_HEADERS) + len(payload) + 16, len(_TEXT_HEADERS))
    body = b"".join((lengths, _U32.pack(zlib.crc32(lengths)), _TEXT_HEADERS, payload))
    return body + _U32.pack(zlib.crc32(body))
