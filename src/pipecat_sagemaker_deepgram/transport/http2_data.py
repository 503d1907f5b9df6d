# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
"""Frames of the one stream that are written and read without ``h2``'s state machine. Pure.

Plain DATA and WINDOW_UPDATE are all that travels once a stream is open, many times a second.
``h2`` does everything else, and also handles those that are not plain: DATA that is padded or ends
the stream, a window that becomes too large, or frames that are out of place. Whatever ``h2`` checks
of a plain frame is checked here.

A GOAWAY after which the stream may continue is not passed to ``h2``, which treats every GOAWAY as
the end.
"""

import struct
from collections.abc import Iterator

from h2.connection import H2Connection
from h2.exceptions import FlowControlError

_HEAD = struct.Struct("!HBBBI")
_INCREMENT = struct.Struct("!I")
_GOAWAY_FIELDS = struct.Struct("!II")
_DATA = 0x0
_GOAWAY = 0x7
_WINDOW_UPDATE = 0x8
_WITH_HEADER_BLOCK = (0x1, 0x5, 0x9)
_END_HEADERS = 0x4
_STREAM_ID = 0x7FFF_FFFF
_LARGEST_WINDOW = 2**31 - 1


def _frame(kind: int, stream_id: int, payload: bytes) -> bytes:
    """Make a frame without flags (RFC 9113 section 4.1)."""
    length = len(payload)
    return _HEAD.pack(length >> 8, length & 0xFF, kind, 0, stream_id) + payload


class OutgoingData:
    """Makes a stream's DATA frames, within the windows that ``h2`` keeps.

    Args:
        connection: The connection, on which the stream is open.
        stream_id: The stream's number.
    """

    def __init__(self, connection: H2Connection, stream_id: int) -> None:
        self._connection = connection
        self._stream = connection.streams[stream_id]
        self._stream_id = stream_id

    @property
    def room(self) -> int:
        """Bytes that the peer accepts now."""
        of_all = self._connection.outbound_flow_control_window
        of_one = self._stream.outbound_flow_control_window
        return of_one if of_one < of_all else of_all

    def frames(self, data: bytes) -> bytes:
        """Make the frames that carry ``data``, and count it as sent.

        Raises:
            FlowControlError: It is more than there is room for.
        """
        length, limit = len(data), self._connection.max_outbound_frame_size
        if length > self.room:
            raise FlowControlError(f"{length} bytes are more than the {self.room} allowed")
        self._connection.outbound_flow_control_window -= length
        self._stream.outbound_flow_control_window -= length
        if length <= limit:
            return _frame(_DATA, self._stream_id, data)
        parts = (data[start : start + limit] for start in range(0, length, limit))
        return b"".join(_frame(_DATA, self._stream_id, part) for part in parts)

    def widen(self, stream_id: int, increment: int) -> bool:
        """Allow more to be sent, as the peer says (RFC 9113 section 6.9).

        Args:
            stream_id: The stream's number, or 0 for the connection.
            increment: The number of bytes to add.

        Returns:
            Whether that was possible; if not, nothing has changed, and ``h2`` reports the error.
        """
        if stream_id not in (0, self._stream_id):
            return False
        of = self._stream if stream_id else self._connection
        if not 0 < increment <= _LARGEST_WINDOW - of.outbound_flow_control_window:
            return False
        of.outbound_flow_control_window += increment
        return True


class IncomingFrames:
    """Cuts received bytes into frames, and takes plain DATA out of its frames.

    Attributes:
        takes_data: Whether plain DATA is read here now; otherwise it is left to ``h2``.
        is_draining: Whether the peer has announced that it accepts no further streams on this
            connection but serves this one until its end (RFC 9113 section 6.8).
        outgoing: What the peer's WINDOW_UPDATE frames widen; ``None`` leaves them to ``h2``.

    Args:
        max_frame_size: Most bytes of a frame's payload; longer frames are left to ``h2``, which
            refuses them.
        window: Bytes of plain DATA that may be waiting to be read.
    """

    def __init__(self, *, max_frame_size: int, window: int) -> None:
        self.takes_data = False
        self.is_draining = False
        self.outgoing: OutgoingData | None = None
        self._max_frame_size = max_frame_size
        self._window = window
        self._outstanding = 0
        self._read = 0
        self._rest = b""
        self._is_inside_headers = False

    def feed(self, data: bytes, stream_id: int) -> Iterator[tuple[bool, bytes]]:
        """Add received bytes and yield the frames that they complete.

        Returns:
            ``True`` and the payload of a plain DATA frame of the stream, or ``False`` and a
            whole frame for ``h2``.

        Raises:
            FlowControlError: The peer has sent more than it may.
        """
        buffer = self._rest + data if self._rest else data
        start, size = 0, len(buffer)
        while size - start >= _HEAD.size:
            high, low, kind, flags, stream = _HEAD.unpack_from(buffer, start)
            body = start + _HEAD.size
            end = body + (high << 8 | low)
            if end - body > self._max_frame_size:
                end = size
            elif end > size:
                break
            is_plain = kind == _DATA and not flags and stream == stream_id and end > body
            if is_plain and self.takes_data and not self._is_inside_headers:
                self._count(end - body)
                yield True, buffer[body:end]
            elif kind == _GOAWAY and not stream and self._drains(buffer[body:end], stream_id):
                self.is_draining = True
            elif kind == _WINDOW_UPDATE and self._widens(buffer[body:end], stream):
                pass
            else:
                if kind in _WITH_HEADER_BLOCK:
                    self._is_inside_headers = not flags & _END_HEADERS
                yield False, buffer[start:end]
            start = end
        self._rest = buffer[start:]

    def _drains(self, goaway: bytes, stream_id: int) -> bool:
        """Whether a GOAWAY leaves the stream alone, which has to be open already."""
        if self._is_inside_headers or len(goaway) < _GOAWAY_FIELDS.size:
            return False
        last, error = _GOAWAY_FIELDS.unpack_from(goaway)
        return not error and 0 < stream_id <= last & _STREAM_ID

    def _widens(self, increment: bytes, stream: int) -> bool:
        """Whether a WINDOW_UPDATE was plain, and has been applied."""
        if self.outgoing is None or self._is_inside_headers or len(increment) != _INCREMENT.size:
            return False
        return self.outgoing.widen(stream, *_INCREMENT.unpack(increment))

    def _count(self, length: int) -> None:
        self._outstanding += length
        if self._outstanding > self._window:
            raise FlowControlError("more data than the flow-control window allows")

    def give_back(self, length: int, stream_id: int) -> bytes:
        """Count plain DATA as read.

        Returns:
            Frames that allow the peer to send as much again, once half of the window has been
            read; until then nothing.
        """
        self._read += length
        if self._read < self._window // 2:
            return b""
        increment = _INCREMENT.pack(self._read)
        self._outstanding -= self._read
        self._read = 0
        return _frame(_WINDOW_UPDATE, 0, increment) + _frame(_WINDOW_UPDATE, stream_id, increment)
