# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
"""Audio formats, and the conversion of uncompressed audio to 16-bit samples."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

type Samples = NDArray[np.int16]
"""One row per sampling instant, one column per channel."""

SAMPLE_BYTES = {"linear16": 2, "linear32": 4, "mulaw": 1, "alaw": 1}
"""The raw encodings that a query can name, with the bytes per sample."""

SILENCE = {"mulaw": 0xFF, "alaw": 0xD5}
"""The byte of silence in the encodings where it is not zero (ITU-T G.711)."""

PACKED = ("opus", "ogg-opus", "flac")
"""The compressed encodings that a query can name and that can be decoded here."""

_FILE_BYTES = {"unsigned8": 1, "linear24": 3, "integer32": 4, "float64": 8}
_BYTES = SAMPLE_BYTES | _FILE_BYTES
_ASSUMED_BYTES_PER_SECOND = 16_000


@dataclass(frozen=True)
class AudioFormat:
    """The format of the audio on a connection.

    Attributes:
        encoding: ``linear16``, ``linear32`` (float), ``mulaw`` or ``alaw``, little-endian;
            ``opus`` in packets, ``ogg-opus``, ``flac``; None for a file that declares it.
        sample_rate: Hz; ignored if the bytes declare it.
        channels: Number of interleaved channels; ignored if the bytes declare it.
    """

    encoding: str | None
    sample_rate: int = 0
    channels: int = 1

    @property
    def is_raw(self) -> bool:
        """Whether the audio is uncompressed, without a header."""
        return self.encoding in _BYTES

    @property
    def comes_in_packets(self) -> bool:
        """Whether each message is a packet that must not be joined with the next."""
        return self.encoding == "opus"

    @property
    def frame_bytes(self) -> int:
        """Bytes of one sample of all channels; for raw audio only."""
        return _BYTES[self.encoding or ""] * self.channels

    @property
    def bytes_per_second(self) -> int:
        """Bytes per second; an estimate if the audio is compressed."""
        return self.frame_bytes * self.sample_rate if self.is_raw else _ASSUMED_BYTES_PER_SECOND


class PcmDecoder:
    """Decodes raw audio.

    Args:
        audio: The format of the bytes.
    """

    def __init__(self, audio: AudioFormat) -> None:
        self._encoding = audio.encoding or ""
        self._frame_bytes = audio.frame_bytes
        self._rest = b""
        self.sample_rate = audio.sample_rate
        self.channels = audio.channels

    def feed(self, data: bytes) -> Samples:
        """Read bytes, split anywhere; return the samples that are complete."""
        data = self._rest + data
        whole = len(data) // self._frame_bytes * self._frame_bytes
        data, self._rest = data[:whole], data[whole:]
        return decode(data, self._encoding).reshape(-1, self.channels)

    def end(self) -> Samples:
        """Return nothing: an incomplete sample is discarded."""
        return decode(b"", self._encoding).reshape(-1, self.channels)

    def close(self) -> None:
        """Do nothing: there is nothing to release."""


def decode(data: bytes, encoding: str) -> NDArray[np.int16]:
    """Convert complete samples of an encoding to 16-bit samples."""
    match encoding:
        case "linear16":
            return np.frombuffer(data, "<i2").astype(np.int16)
        case "linear32":
            return _from_float(np.frombuffer(data, "<f4"))
        case "mulaw":
            return _MULAW[np.frombuffer(data, np.uint8)]
        case "alaw":
            return _ALAW[np.frombuffer(data, np.uint8)]
        case "unsigned8":
            return (np.frombuffer(data, np.uint8).astype(np.int16) - 128) << 8
        case "linear24":
            return np.frombuffer(data, np.uint8).reshape(-1, 3)[:, 1:].copy().view("<i2").ravel()
        case "integer32":
            return (np.frombuffer(data, "<i4") >> 16).astype(np.int16)
        case "float64":
            return _from_float(np.frombuffer(data, "<f8"))
        case _:
            raise ValueError(f"cannot decode {encoding!r}")


def _from_float(values: NDArray[np.floating]) -> NDArray[np.int16]:
    scaled = np.rint(np.nan_to_num(values) * 32768)
    return np.clip(scaled, -32768, 32767).astype(np.int16)


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
