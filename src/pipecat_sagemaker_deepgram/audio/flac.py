# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
"""FLAC as it arrives, frame by frame (RFC 9639).

FFmpeg's reader waits for ten frames, over a second of audio, before it accepts the first. Here a
frame starts wherever a header has a valid checksum and the expected frame number.
"""

import av
import numpy as np
from av.error import FFmpegError

from pipecat_sagemaker_deepgram.audio.errors import AudioError
from pipecat_sagemaker_deepgram.audio.opus import interleaved, joined
from pipecat_sagemaker_deepgram.audio.pcm import Samples

_MAGIC, _BLOCK_HEAD, _STREAMINFO = 4, 4, 34
_LONGEST_METADATA = 2**24
_SYNC = b"\xff"
_LONGEST_HEADER = 16


def _crc8_table() -> bytes:
    table = []
    for value in range(256):
        for _ in range(8):
            value = (value << 1) ^ (0x107 if value & 0x80 else 0)
        table.append(value & 0xFF)
    return bytes(table)


_CRC8 = _crc8_table()


class FlacDecoder:
    """Decodes a FLAC file fed in pieces."""

    def __init__(self) -> None:
        self._data = b""
        self._codec: av.AudioCodecContext | None = None
        self._next = 0
        self._searched = 0
        self.sample_rate = 0
        self.channels = 0

    def feed(self, data: bytes) -> Samples:
        """Read bytes, split anywhere; return the samples of the frames that are complete.

        Raises:
            AudioError: The bytes are not valid FLAC.
        """
        self._data += data
        if self._codec is None and not self._read_metadata():
            return np.empty((0, 0), np.int16)
        pieces = []
        while (end := self._frame_end()) is not None:
            pieces.append(self._decode(self._data[:end]))
            self._data = self._data[end:]
        return joined(pieces, self.channels)

    def end(self) -> Samples:
        """Return the samples of the last frame.

        Raises:
            AudioError: The frame is truncated, or there was none.
        """
        if self._codec is None:
            raise AudioError("the FLAC file ends within its header")
        if not self._data:
            return joined([], self.channels)
        data, self._data = self._data, b""
        return self._decode(data)

    def close(self) -> None:
        """Discard the bytes not decoded yet."""
        self._data = b""

    def _read_metadata(self) -> bool:
        """Read the blocks before the first frame; return False until all have arrived."""
        at, is_last = _MAGIC, False
        while not is_last:
            if len(self._data) < at + _BLOCK_HEAD:
                return False
            is_last = bool(self._data[at] & 0x80)
            at += _BLOCK_HEAD + int.from_bytes(self._data[at + 1 : at + 4])
            if at > _LONGEST_METADATA:
                raise AudioError("the FLAC file has no audio near its start")
        if len(self._data) < at:
            return False
        self._open(self._data[_MAGIC + _BLOCK_HEAD : _MAGIC + _BLOCK_HEAD + _STREAMINFO])
        self._data = self._data[at:]
        return True

    def _open(self, streaminfo: bytes) -> None:
        if len(streaminfo) < _STREAMINFO:
            raise AudioError("the FLAC file's STREAMINFO block is truncated")
        packed = int.from_bytes(streaminfo[10:14])
        self.sample_rate = packed >> 12
        self.channels = (packed >> 9 & 7) + 1
        if not self.sample_rate:
            raise AudioError("the FLAC file does not declare a sample rate")
        self._codec = av.AudioCodecContext.create("flac", "r")
        self._codec.extradata = streaminfo

    def _frame_end(self) -> int | None:
        """The end of the first frame, where the next header starts; None until that arrives."""
        at = max(self._searched, 1)
        while (at := self._data.find(_SYNC, at)) >= 0:
            if at + _LONGEST_HEADER > len(self._data):
                break
            if self._is_next_header(at):
                self._searched = 0
                return at
            at += 1
        self._searched = max(0, len(self._data) - _LONGEST_HEADER)
        return None

    def _is_next_header(self, at: int) -> bool:
        begin, other = _number(self._data, 0), _number(self._data, at)
        if begin is None or other is None or self._data[1] != self._data[at + 1]:
            return False
        is_variable = bool(self._data[1] & 1)
        return other > begin if is_variable else other == begin + 1

    def _decode(self, frame: bytes) -> Samples:
        assert self._codec is not None
        try:
            frames = self._codec.decode(av.Packet(frame))
        except FFmpegError as error:
            raise AudioError(f"the FLAC file is damaged ({error.strerror})") from error
        return joined([interleaved(frame) for frame in frames], self.channels)


def _number(data: bytes, at: int) -> int | None:
    """The number in a frame header; None if there is no valid header here."""
    if data[at] != 0xFF or data[at + 1] & 0xFE != 0xF8 or data[at + 3] & 1:
        return None
    first = data[at + 4]
    more = 0 if first < 0x80 else (8 - (first ^ 0xFF).bit_length()) - 1
    if more < 0 or more > 6 or 0x80 <= first < 0xC0:
        return None
    value = first if not more else first & (0x3F >> more)
    for byte in data[at + 5 : at + 5 + more]:
        value = value << 6 | byte & 0x3F
    end = at + 5 + more + {6: 1, 7: 2}.get(data[at + 2] >> 4, 0)
    end += {12: 1, 13: 2, 14: 2}.get(data[at + 2] & 15, 0)
    return value if end < len(data) and _crc8(data[at:end]) == data[end] else None


def _crc8(data: bytes) -> int:
    value = 0
    for byte in data:
        value = _CRC8[value ^ byte]
    return value
