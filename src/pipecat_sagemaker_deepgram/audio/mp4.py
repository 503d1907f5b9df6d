# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
"""Decodes MP4 and M4A: as they arrive if the index comes first, otherwise as a whole."""

import struct

import numpy as np

from pipecat_sagemaker_deepgram.audio.demuxed import DemuxingDecoder, decode_whole
from pipecat_sagemaker_deepgram.audio.errors import AudioError
from pipecat_sagemaker_deepgram.audio.pcm import Samples

_FORMAT = "mov"
_INDEX_LAST = (
    "the MP4 file has its index at the end, so it cannot be decoded as a stream; "
    "send it as a recording, or write it with the index in front"
)


class Mp4Decoder:
    """Decodes an MP4 file fed in pieces; its index must come before its audio."""

    def __init__(self) -> None:
        self._head = b""
        self._decoder: DemuxingDecoder | None = None

    @property
    def sample_rate(self) -> int:
        """Hz; 0 until it is known."""
        return self._decoder.sample_rate if self._decoder else 0

    @property
    def channels(self) -> int:
        """Channels; 0 until they are known."""
        return self._decoder.channels if self._decoder else 0

    def feed(self, data: bytes) -> Samples:
        """Read bytes, split anywhere; return the samples that are complete.

        Raises:
            AudioError: The index comes after the audio, or the file is damaged.
        """
        if self._decoder is None:
            self._head += data
            is_first = has_index_first(self._head)
            if is_first is None:
                return np.empty((0, 0), np.int16)
            if not is_first:
                raise AudioError(_INDEX_LAST)
            self._decoder = DemuxingDecoder(_FORMAT)
            data, self._head = self._head, b""
        return self._decoder.feed(data)

    def end(self) -> Samples:
        """Return the remaining samples.

        Raises:
            AudioError: The file is truncated.
        """
        if self._decoder is None:
            raise AudioError("the MP4 file ends within its header")
        return self._decoder.end()

    def close(self) -> None:
        """Release the decoder's resources."""
        if self._decoder is not None:
            self._decoder.close()


def is_mp4(data: bytes) -> bool:
    """Whether a file starts like an MP4."""
    return data[4:8] == b"ftyp"


def has_index_first(head: bytes) -> bool | None:
    """Whether the index of an MP4 comes before its audio; None until either has arrived."""
    at = 0
    while len(head) >= at + 16:
        length, name, longer = struct.unpack_from(">I4sQ", head, at)
        if name in (b"moov", b"mdat"):
            return name == b"moov"
        length = longer if length == 1 else length
        if length < 8:
            raise AudioError("the MP4 file is damaged")
        at += length
    return None


def read_mp4(data: bytes) -> tuple[Samples, int]:
    """Decode a whole MP4, wherever its index is; return its samples and their rate in Hz.

    Raises:
        AudioError: The file is damaged.
    """
    return decode_whole(data, _FORMAT)
