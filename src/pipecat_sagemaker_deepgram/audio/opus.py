# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
"""Decodes Opus packets without a container format, one per message."""

from typing import Any

import av
import numpy as np
from av.error import FFmpegError
from numpy.typing import NDArray

from pipecat_sagemaker_deepgram.audio.errors import AudioError
from pipecat_sagemaker_deepgram.audio.pcm import Samples

_RATE = 48000
"""The output rate of the decoder, whatever rate the encoder was given (RFC 6716)."""


class OpusDecoder:
    """Decodes packets.

    Args:
        channels: Channels wanted, one or two.
    """

    sample_rate = _RATE

    def __init__(self, channels: int) -> None:
        self.channels = channels
        self._codec = av.AudioCodecContext.create("libopus", "r")
        self._codec.sample_rate = _RATE
        self._codec.layout = "mono" if channels == 1 else "stereo"

    def feed(self, data: bytes) -> Samples:
        """Decode one packet.

        Raises:
            AudioError: It is not an Opus packet.
        """
        try:
            frames = self._codec.decode(av.Packet(data))
        except FFmpegError as error:
            raise AudioError(f"a message is not an Opus packet ({error.strerror})") from error
        return joined([interleaved(frame) for frame in frames], self.channels)

    def end(self) -> Samples:
        """Return nothing: the decoder keeps no samples between packets."""
        return joined([], self.channels)

    def close(self) -> None:
        """Do nothing: the codec is freed with this object."""


def interleaved(frame: av.AudioFrame) -> Samples:
    """Return the samples of a decoded frame, one column per channel."""
    channels = len(frame.layout.channels)
    values: NDArray[Any] = frame.to_ndarray()
    shaped = values.T if frame.format.is_planar else values.reshape(-1, channels)
    if np.issubdtype(shaped.dtype, np.floating):
        return np.clip(np.rint(shaped * 32768), -32768, 32767).astype(np.int16)
    if shaped.dtype == np.uint8:
        return (shaped.astype(np.int16) - 128) << 8
    return np.right_shift(shaped, 8 * (shaped.itemsize - 2)).astype(np.int16)


def joined(pieces: list[Samples], channels: int) -> Samples:
    """Concatenate samples."""
    return np.concatenate(pieces) if pieces else np.empty((0, channels), np.int16)
