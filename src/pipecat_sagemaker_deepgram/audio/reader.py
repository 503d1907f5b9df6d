# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
"""Turns the bytes of a connection into the linear16 samples that recognizer sessions read.

Samples are resampled by FFmpeg's resampler, through PyAV: it delays 8 kHz audio by
2 ms, whereas soxr's delays it by 100 ms and returns it in pieces of that length.
"""

from collections.abc import Callable
from typing import Protocol

import av
import numpy as np
from numpy.typing import NDArray

from pipecat_sagemaker_deepgram.audio.file import FileDecoder
from pipecat_sagemaker_deepgram.audio.opus import OpusDecoder
from pipecat_sagemaker_deepgram.audio.pcm import AudioFormat, PcmDecoder, Samples


class Decoder(Protocol):
    """Decodes bytes to samples.

    Attributes:
        sample_rate: Hz; 0 until it is known.
        channels: Channels; 0 until they are known.
    """

    @property
    def sample_rate(self) -> int: ...  # noqa: D102

    @property
    def channels(self) -> int: ...  # noqa: D102

    def feed(self, data: bytes) -> Samples:
        """Read bytes, split anywhere; return the samples that are complete.

        Raises:
            AudioError: The bytes are not audio of this format.
        """
        ...

    def end(self) -> Samples:
        """Return the remaining samples; nothing can be fed afterwards.

        Raises:
            AudioError: The audio is truncated.
        """
        ...

    def close(self) -> None:
        """Release the decoder's resources."""
        ...


class AudioReader:
    """Decodes, separates and resamples the audio of one connection.

    Args:
        audio: The format of the bytes.
        multichannel: Keep the channels separate; otherwise they are mixed into one.
        wanted_rate: Returns the rate to deliver for the rate of the audio, both in Hz.

    Attributes:
        frames: Samples of every channel received.
    """

    def __init__(
        self, audio: AudioFormat, *, multichannel: bool, wanted_rate: Callable[[int], int]
    ) -> None:
        self._decoder = _decoder_for(audio)
        self._multichannel = multichannel
        self._wanted_rate = wanted_rate
        self._resamplers: list[_Resampler] = []
        self.frames = 0

    @property
    def seconds(self) -> float:
        """Seconds of audio received."""
        return self.frames / self._decoder.sample_rate if self.frames else 0.0

    @property
    def sample_rate(self) -> int:
        """The rate delivered, in Hz; valid once ``tracks`` is not 0."""
        return self._wanted_rate(self._decoder.sample_rate)

    @property
    def tracks(self) -> int:
        """Number of tracks delivered; 0 until it is known."""
        return self._decoder.channels if self._multichannel else min(1, self._decoder.channels)

    @property
    def channels(self) -> int:
        """Channels of the audio; 0 while they are not known."""
        return self._decoder.channels

    def read(self, data: bytes) -> list[bytes]:
        """Read bytes, split anywhere; return the linear16 of each track, [] until tracks are known.

        Raises:
            AudioError: The bytes cannot be decoded.
        """
        return self._deliver(self._decoder.feed(data))

    def flush(self) -> list[bytes]:
        """Return the samples that the resamplers have delayed."""
        if not self._resamplers:
            return [b""] * self.tracks
        return [resampler.flush() for resampler in self._resamplers]

    def end(self) -> list[bytes]:
        """Return the remaining linear16; nothing can be read afterwards.

        Raises:
            AudioError: The audio is truncated.
        """
        tracks = self._deliver(self._decoder.end())
        return [track + held for track, held in zip(tracks, self.flush(), strict=True)]

    def close(self) -> None:
        """Release the decoder's resources."""
        self._decoder.close()

    def _deliver(self, samples: Samples) -> list[bytes]:
        self.frames += len(samples)
        if not self._resamplers:
            rate = self._decoder.sample_rate
            self._resamplers = [_Resampler(rate, self.sample_rate) for _ in range(self.tracks)]
        tracks = self._tracks(samples) if self._resamplers else []
        return [
            resampler.feed(track) for resampler, track in zip(self._resamplers, tracks, strict=True)
        ]

    def _tracks(self, samples: Samples) -> list[NDArray[np.int16]]:
        if self._multichannel:
            return list(np.ascontiguousarray(samples.T))
        if samples.shape[1] == 1:
            return [samples[:, 0]]
        return [samples.mean(axis=1).astype(np.int16)]


class _Resampler:
    """Resamples one track to the wanted rate."""

    def __init__(self, given: int, wanted: int) -> None:
        self._given = given
        self._wanted = wanted
        self._resampler: av.AudioResampler | None = None

    def feed(self, samples: NDArray[np.int16]) -> bytes:
        if self._given == self._wanted or not len(samples):
            return samples.astype("<i2").tobytes()
        if self._resampler is None:
            self._resampler = av.AudioResampler(format="s16", layout="mono", rate=self._wanted)
        frame = av.AudioFrame.from_ndarray(
            np.ascontiguousarray(samples)[np.newaxis], format="s16", layout="mono"
        )
        frame.sample_rate = self._given
        return _bytes(self._resampler.resample(frame))

    def flush(self) -> bytes:
        resampler, self._resampler = self._resampler, None
        return _bytes(resampler.resample(None)) if resampler is not None else b""


def _bytes(frames: list[av.AudioFrame]) -> bytes:
    return b"".join(frame.to_ndarray().astype("<i2").tobytes() for frame in frames)


def _decoder_for(audio: AudioFormat) -> Decoder:
    if audio.is_raw:
        return PcmDecoder(audio)
    return OpusDecoder(audio.channels) if audio.comes_in_packets else FileDecoder(audio.encoding)
