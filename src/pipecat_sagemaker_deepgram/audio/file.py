# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
"""Decodes a file as it arrives; its first bytes show its format (Deepgram docs, "Encoding")."""

from collections.abc import Callable
from typing import Any

import numpy as np

from pipecat_sagemaker_deepgram.audio.demuxed import DemuxingDecoder
from pipecat_sagemaker_deepgram.audio.errors import AudioError
from pipecat_sagemaker_deepgram.audio.flac import FlacDecoder
from pipecat_sagemaker_deepgram.audio.mp4 import Mp4Decoder
from pipecat_sagemaker_deepgram.audio.pcm import Samples
from pipecat_sagemaker_deepgram.audio.wav import WavDecoder

_NEEDED = 12

_UNKNOWN = (
    "the audio is not a WAV, FLAC, Ogg, WebM, MP3, AAC or MP4 file; "
    "for raw audio, set encoding and sample_rate"
)
_MADE_FOR = {"flac": b"fLaC", "ogg-opus": b"OggS"}


class FileDecoder:
    """Detects the format of a file and decodes it.

    Args:
        encoding: The encoding named in the query, None if it named none.
    """

    def __init__(self, encoding: str | None = None) -> None:
        self._magic = _MADE_FOR.get(encoding or "")
        self._encoding = encoding
        self._head = b""
        self._decoder: Any = None

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
            AudioError: The bytes are not a supported file.
        """
        if self._decoder is None:
            self._head += data
            if len(self._head) < _NEEDED:
                return np.empty((0, 0), np.int16)
            self._decoder = self._choose()
            data, self._head = self._head, b""
        return self._decoder.feed(data)

    def end(self) -> Samples:
        """Return the remaining samples.

        Raises:
            AudioError: The file is truncated.
        """
        if self._decoder is not None:
            return self._decoder.end()
        if self._head:
            raise AudioError(_UNKNOWN)
        return np.empty((0, 0), np.int16)

    def close(self) -> None:
        """Release the decoder's resources."""
        if self._decoder is not None:
            self._decoder.close()

    def _choose(self) -> Any:
        if self._magic is not None and not self._head.startswith(self._magic):
            raise AudioError(f"the audio does not start like encoding={self._encoding}")
        make = _decoder_of(self._head)
        if make is None:
            raise AudioError(_UNKNOWN)
        return make()


def _decoder_of(head: bytes) -> Callable[[], Any] | None:
    if head[:4] in (b"RIFF", b"RF64") and head[8:12] == b"WAVE":
        return WavDecoder
    if head.startswith(b"fLaC"):
        return FlacDecoder
    if head[4:8] == b"ftyp":
        return Mp4Decoder
    name = _format_of(head)
    return None if name is None else lambda: DemuxingDecoder(name)


def _format_of(head: bytes) -> str | None:
    """FFmpeg's name for the format."""
    if head.startswith(b"OggS"):
        return "ogg"
    if head.startswith(b"\x1a\x45\xdf\xa3"):
        return "matroska"
    if head.startswith(b"ID3"):
        return "mp3"
    if head[0] == 0xFF and head[1] & 0xF6 == 0xF0:
        return "aac"
    return "mp3" if head[0] == 0xFF and head[1] & 0xE0 == 0xE0 else None
