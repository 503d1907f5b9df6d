# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
"""From the bytes of a connection to the linear16 samples that recogniser sessions read."""

from dataclasses import dataclass

import numpy as np
import soxr
from numpy.typing import NDArray

SAMPLE_BYTES = {"linear16": 2, "linear32": 4, "mulaw": 1, "alaw": 1}


@dataclass(frozen=True)
class AudioFormat:
    """What the bytes of a connection are.

    Attributes:
        encoding: ``linear16``, ``linear32`` (float), ``mulaw`` or ``alaw``; little-endian.
        sample_rate: Hz.
        channels: Interleaved channels.
    """

    encoding: str
    sample_rate: int
    channels: int = 1

    @property
    def frame_bytes(self) -> int:
        """Bytes of one sample of every channel."""
        return SAMPLE_BYTES[self.encoding] * self.channels


class AudioReader:
    """Decodes, separates and resamples the audio of one connection.

    Args:
        audio: What the bytes are.
        multichannel: Read the channels apart; otherwise they are mixed into one.
        sample_rate: Hz to deliver.

    Attributes:
        frames: Whole sample frames received.
    """

    def __init__(self, audio: AudioFormat, *, multichannel: bool, sample_rate: int) -> None:
        self._format = audio
        self._multichannel = multichannel
        self._rest = b""
        self.frames = 0
        tracks = audio.channels if multichannel else 1
        self._resamplers = (
            []
            if sample_rate == audio.sample_rate
            else [
                soxr.ResampleStream(audio.sample_rate, sample_rate, 1, dtype="int16")
                for _ in range(tracks)
            ]
        )

    @property
    def seconds(self) -> float:
        """Seconds of audio received."""
        return self.frames / self._format.sample_rate

    def read(self, data: bytes) -> list[bytes]:
        """Take bytes cut anywhere; return the linear16 of each channel, or of their mix."""
        data = self._rest + data
        whole = len(data) // self._format.frame_bytes * self._format.frame_bytes
        data, self._rest = data[:whole], data[whole:]
        samples = decode(data, self._format.encoding).reshape(-1, self._format.channels)
        self.frames += len(samples)
        return self._deliver(self._tracks(samples), last=False)

    def end(self) -> list[bytes]:
        """Return what the resamplers still hold; nothing can be read after it."""
        empty = np.empty(0, np.int16)
        tracks = self._format.channels if self._multichannel else 1
        return self._deliver([empty] * tracks, last=True)

    def _tracks(self, samples: NDArray[np.int16]) -> list[NDArray[np.int16]]:
        if self._multichannel:
            return [np.ascontiguousarray(samples[:, i]) for i in range(self._format.channels)]
        if self._format.channels == 1:
            return [samples[:, 0]]
        return [samples.mean(axis=1).astype(np.int16)]

    def _deliver(self, tracks: list[NDArray[np.int16]], *, last: bool) -> list[bytes]:
        if self._resamplers:
            tracks = [
                resampler.resample_chunk(track, last=last)
                for resampler, track in zip(self._resamplers, tracks, strict=True)
            ]
        return [track.astype("<i2").tobytes() for track in tracks]


def decode(data: bytes, encoding: str) -> NDArray[np.int16]:
    """Turn whole samples of an encoding into 16-bit ones."""
    match encoding:
        case "linear16":
            return np.frombuffer(data, "<i2").astype(np.int16)
        case "linear32":
            scaled = np.nan_to_num(np.frombuffer(data, "<f4")) * 32768
            return np.clip(np.rint(scaled), -32768, 32767).astype(np.int16)
        case "mulaw":
            return _MULAW[np.frombuffer(data, np.uint8)]
        case "alaw":
            return _ALAW[np.frombuffer(data, np.uint8)]
        case _:
            raise ValueError(f"cannot decode {encoding!r}")


def _mulaw_table() -> NDArray[np.int16]:
    """The 256 levels of ITU-T G.711 mu-law."""
    code = ~np.arange(256) & 0xFF
    exponent, mantissa = code >> 4 & 7, code & 15
    magnitude = ((mantissa * 8 + 132) << exponent) - 132
    return np.where(code & 0x80, -magnitude, magnitude).astype(np.int16)


def _alaw_table() -> NDArray[np.int16]:
    """The 256 levels of ITU-T G.711 A-law."""
    code = np.arange(256) ^ 0x55
    exponent, mantissa = code >> 4 & 7, code & 15
    near_zero = mantissa * 16 + 8
    magnitude = np.where(exponent == 0, near_zero, (near_zero + 256) << np.maximum(exponent - 1, 0))
    return np.where(code & 0x80, magnitude, -magnitude).astype(np.int16)


_MULAW = _mulaw_table()
_ALAW = _alaw_table()
