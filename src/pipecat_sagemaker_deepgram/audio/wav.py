# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
"""Decodes WAV as it arrives, from the first sample after the header on.

FFmpeg's reader waits for 64 KB of a WAV, two seconds of audio, before it returns anything.
"""

import struct

import numpy as np

from pipecat_sagemaker_deepgram.audio.errors import AudioError
from pipecat_sagemaker_deepgram.audio.pcm import AudioFormat, PcmDecoder, Samples

_RIFF_BYTES, _CHUNK_BYTES, _LONGEST_HEADER = 12, 8, 2**20
OPEN_ENDED = (0, 0x7FFFFFFF, 0xFFFFFFFF)
"""Lengths written by programs that do not know how long the recording will be."""

_EXTENSIBLE = 0xFFFE
_ENCODINGS = {
    (1, 8): "unsigned8",
    (1, 16): "linear16",
    (1, 24): "linear24",
    (1, 32): "integer32",
    (3, 32): "linear32",
    (3, 64): "float64",
    (6, 8): "alaw",
    (7, 8): "mulaw",
}


class WavDecoder:
    """Decodes a WAV file fed in pieces."""

    def __init__(self) -> None:
        self._head = b""
        self._format: AudioFormat | None = None
        self._pcm: PcmDecoder | None = None
        self._left: int | None = None

    @property
    def sample_rate(self) -> int:
        """Hz; 0 until the header has arrived."""
        return self._pcm.sample_rate if self._pcm else 0

    @property
    def channels(self) -> int:
        """Channels; 0 until the header has arrived."""
        return self._pcm.channels if self._pcm else 0

    def feed(self, data: bytes) -> Samples:
        """Read bytes, split anywhere; return the samples that are complete.

        Raises:
            AudioError: The header is not that of a supported WAV file.
        """
        if self._pcm is None:
            self._head += data
            data = self._read_header()
        if self._pcm is None:
            return np.empty((0, 0), np.int16)
        if self._left is not None:
            data = data[: self._left]
            self._left -= len(data)
        return self._pcm.feed(data)

    def end(self) -> Samples:
        """Return nothing.

        Raises:
            AudioError: There was no audio.
        """
        if self._pcm is None:
            raise AudioError("the WAV file ends within its header")
        return self._pcm.end()

    def close(self) -> None:
        """Discard the header."""
        self._head = b""

    def _read_header(self) -> bytes:
        """Read the chunks before the audio; return the audio that has arrived."""
        at = _RIFF_BYTES
        while len(self._head) >= at + _CHUNK_BYTES:
            name, length = struct.unpack_from("<4sI", self._head, at)
            body = at + _CHUNK_BYTES
            if name == b"data":
                return self._begin(length, body)
            if length > _LONGEST_HEADER:
                raise AudioError("the WAV file has no audio near its start")
            if name == b"fmt " and len(self._head) >= body + length:
                self._format = _read_format(self._head[body : body + length])
            at = body + length + length % 2
        return b""

    def _begin(self, length: int, at: int) -> bytes:
        if self._format is None:
            raise AudioError("the WAV file does not declare its audio format")
        self._pcm = PcmDecoder(self._format)
        self._left = None if length in OPEN_ENDED else length
        rest, self._head = self._head[at:], b""
        return rest


def _read_format(chunk: bytes) -> AudioFormat:
    if len(chunk) < 16:
        raise AudioError("the WAV file's format chunk is truncated")
    tag, channels, rate, _, _, bits = struct.unpack_from("<HHIIHH", chunk)
    if tag == _EXTENSIBLE and len(chunk) >= 26:
        (tag,) = struct.unpack_from("<H", chunk, 24)
    encoding = _ENCODINGS.get((tag, bits))
    if encoding is None or not channels or not 4000 <= rate <= 384000:
        raise AudioError(
            f"the WAV file has format {tag} with {bits} bits, {channels} channels at {rate} Hz, "
            "which is not supported"
        )
    return AudioFormat(encoding, rate, channels)
