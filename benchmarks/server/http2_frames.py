# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
"""The few HTTP/2 frames that the server needs (RFC 9113). Pure."""

import struct
from collections.abc import Iterator
from dataclasses import dataclass
from enum import IntEnum

PREFACE = b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"
DEFAULT_WINDOW = 65_535
LARGEST_WINDOW = 2**31 - 1
MAX_FRAME = 16_384

END_STREAM = 0x1
ACK = 0x1
END_HEADERS = 0x4
PADDED = 0x8
PRIORITY_FLAG = 0x20

_HEAD = struct.Struct("!HBBBI")
_U32 = struct.Struct("!I")
_SETTING = struct.Struct("!HI")
_INITIAL_WINDOW_SIZE = 0x4
_MAX_CONCURRENT_STREAMS = 0x3


class FrameType(IntEnum):
    """Frame types."""

    DATA = 0x0
    HEADERS = 0x1
    RST_STREAM = 0x3
    SETTINGS = 0x4
    PING = 0x6
    GOAWAY = 0x7
    WINDOW_UPDATE = 0x8
    CONTINUATION = 0x9


@dataclass(frozen=True, slots=True)
class Frame:
    """One received frame.

    Attributes:
        type: Its type.
        flags: Its flags.
        stream: The stream it belongs to; 0 is the connection.
        payload: Its payload, without padding and priority.
    """

    type: int
    flags: int
    stream: int
    payload: bytes


class FrameReader:
    """Splits a client's bytes into frames."""

    def __init__(self) -> None:
        self._buffer = b""
        self._preface_left = len(PREFACE)

    def feed(self, data: bytes) -> Iterator[Frame]:
        """Add bytes and return the frames that they complete."""
        buffer = self._buffer + data if self._buffer else data
        at = min(self._preface_left, len(buffer))
        self._preface_left -= at
        while len(buffer) - at >= 9:
            high, low, kind, flags, stream = _HEAD.unpack_from(buffer, at)
            end = at + 9 + (high << 8 | low)
            if len(buffer) < end:
                break
            yield Frame(kind, flags, stream & LARGEST_WINDOW, _body(kind, flags, buffer, at, end))
            at = end
        self._buffer = buffer[at:]


def _body(kind: int, flags: int, buffer: bytes, at: int, end: int) -> bytes:
    start = at + 9
    if kind in (FrameType.DATA, FrameType.HEADERS) and flags & PADDED:
        end -= buffer[start]
        start += 1
    if kind == FrameType.HEADERS and flags & PRIORITY_FLAG:
        start += 5
    return buffer[start:end]


def pack(kind: FrameType, flags: int, stream: int, payload: bytes = b"") -> bytes:
    """Make one frame."""
    length = len(payload)
    return _HEAD.pack(length >> 8, length & 0xFF, kind, flags, stream) + payload


def opening(*, max_concurrent_streams: int) -> bytes:
    """SETTINGS with windows so large that they never need to be opened again."""
    settings = _SETTING.pack(_MAX_CONCURRENT_STREAMS, max_concurrent_streams)
    settings += _SETTING.pack(_INITIAL_WINDOW_SIZE, LARGEST_WINDOW)
    return pack(FrameType.SETTINGS, 0, 0, settings) + pack(
        FrameType.WINDOW_UPDATE, 0, 0, _U32.pack(LARGEST_WINDOW - DEFAULT_WINDOW)
    )


def reset(stream: int, code: int) -> bytes:
    """A RST_STREAM frame."""
    return pack(FrameType.RST_STREAM, 0, stream, _U32.pack(code))


def go_away(last_stream: int) -> bytes:
    """A GOAWAY frame without an error."""
    return pack(FrameType.GOAWAY, 0, 0, _U32.pack(last_stream) + _U32.pack(0))


def increment_in(payload: bytes) -> int:
    """The increment of a WINDOW_UPDATE frame."""
    return _U32.unpack(payload)[0] & LARGEST_WINDOW


def initial_window_in(payload: bytes) -> int | None:
    """The initial window of a SETTINGS frame, if it has one."""
    settings = dict(_SETTING.iter_unpack(payload))
    return settings.get(_INITIAL_WINDOW_SIZE)
