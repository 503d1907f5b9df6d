# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
"""Converts Pipecat's linear16 to Deepgram's encodings with a fixed number of bytes a second. Pure.

Sources: ITU-T Recommendation G.711; Deepgram docs, "Encoding".
"""

from collections.abc import Callable
from functools import cache

import numpy as np
from numpy.typing import NDArray

from pipecat_sagemaker_deepgram.exceptions import ConfigurationError

type Encode = Callable[[bytes], bytes]
"""Converts linear16 samples, little-endian, to as many samples of another encoding."""

COMPRESSED = ("flac", "amr-nb", "amr-wb", "opus", "ogg-opus", "speex", "g729")
"""Deepgram's encodings that this package does not produce."""


def encoder(encoding: str) -> Encode | None:
    """Return the function that converts linear16 to an encoding; ``None`` for ``linear16``.

    Args:
        encoding: Deepgram's name: ``linear16``, ``linear32`` (32-bit floating point), ``mulaw`` or
            ``alaw``.

    Raises:
        ConfigurationError: The encoding is not one of these.
    """
    if encoding in _ENCODERS:
        return _ENCODERS[encoding]
    reason = (
        "its bytes do not show how long the audio is, so a lost stream could not be replayed"
        if encoding in COMPRESSED
        else "Deepgram has no such encoding"
    )
    raise ConfigurationError(
        f"encoding {encoding!r} cannot be used: {reason}",
        advice="Use linear16 (Pipecat's own encoding), linear32, mulaw or alaw.",
    )


def _linear32(audio: bytes) -> bytes:
    samples = np.frombuffer(audio, "<i2")
    return np.multiply(samples, np.float32(1 / 32768), dtype=np.float32).astype("<f4").tobytes()


def _mulaw(audio: bytes) -> bytes:
    return _mulaw_codes()[np.frombuffer(audio, "<u2")].tobytes()


def _alaw(audio: bytes) -> bytes:
    return _alaw_codes()[np.frombuffer(audio, "<u2")].tobytes()


_ENCODERS: dict[str, Encode | None] = {
    "linear16": None,
    "linear32": _linear32,
    "mulaw": _mulaw,
    "alaw": _alaw,
}


@cache
def _mulaw_codes() -> NDArray[np.uint8]:
    """The mu-law code of every 16-bit sample, in the order of their unsigned values."""
    level = _samples() >> 2
    biased = np.minimum(np.abs(level), 8158) + 33
    segment = _bit_length(biased) - 6
    code = segment << 4 | biased >> segment + 1 & 15
    return (code ^ np.where(level < 0, 0x7F, 0xFF)).astype(np.uint8)


@cache
def _alaw_codes() -> NDArray[np.uint8]:
    """The A-law code of every 16-bit sample, in the order of their unsigned values."""
    level = _samples() >> 3
    magnitude = np.where(level < 0, ~level, level)
    segment = np.maximum(_bit_length(magnitude) - 5, 0)
    code = segment << 4 | magnitude >> np.maximum(segment, 1) & 15
    return (code ^ np.where(level < 0, 0x55, 0xD5)).astype(np.uint8)


def _samples() -> NDArray[np.int32]:
    return np.arange(1 << 16, dtype=np.uint16).view(np.int16).astype(np.int32)


def _bit_length(values: NDArray[np.int32]) -> NDArray[np.int32]:
    return np.frexp(values.astype(np.float64))[1]
