# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
"""Blocks of samples: their size, scale, sample rate and encoding. Pure."""

from collections.abc import Iterable, Iterator
from typing import Any

import numpy as np
import soxr
from numpy.typing import NDArray

from pipecat_sagemaker_deepgram.recorded.mixing import Samples

_SCALES = {"uint8": 2.0**7, "int16": 2.0**15, "int32": 2.0**31, "int64": 2.0**63}
"""Full scale of each integer type that FFmpeg decodes to."""


def scaled(block: NDArray[Any]) -> Samples:
    """Scale samples of any type to the range from -1 to 1."""
    kind = block.dtype.name
    if kind not in _SCALES:
        return block.astype(np.float32)
    samples = block.astype(np.float32) / np.float32(_SCALES[kind])
    return samples - np.float32(1.0) if kind == "uint8" else samples


def grouped(pieces: Iterable[NDArray[Any]], size: int) -> Iterator[NDArray[Any]]:
    """Join pieces into blocks.

    Args:
        pieces: Samples by channel, of any length.
        size: Minimum length of a block, except for the last one; none is twice as long.
    """
    held: list[NDArray[Any]] = []
    count = 0
    for piece in pieces:
        for at in range(0, len(piece), size):
            held.append(piece[at : at + size])
            count += len(held[-1])
            if count >= size:
                yield held[0] if len(held) == 1 else np.concatenate(held)
                held, count = [], 0
    if count:
        yield np.concatenate(held)


class Resampler:
    """Converts one channel to another sample rate; returns it unchanged if the rates are equal.

    Args:
        given: Sample rate of the input, in Hz.
        wanted: Sample rate of the output, in Hz.
    """

    def __init__(self, given: int, wanted: int) -> None:
        self._resampler = (
            None if given == wanted else soxr.ResampleStream(given, wanted, 1, dtype="float32")
        )

    def take(self, mono: Samples) -> NDArray[np.float32]:
        """Convert samples; some of them come out with the next ones."""
        if self._resampler is None:
            return mono
        return self._resampler.resample_chunk(np.ascontiguousarray(mono))

    def finish(self) -> NDArray[np.float32]:
        """Return the samples that are left."""
        empty = np.empty(0, "float32")
        if self._resampler is None:
            return empty
        return self._resampler.resample_chunk(empty, last=True)


def linear16(samples: NDArray[np.float32]) -> bytes:
    """Encode samples from -1 to 1 as linear16; what is beyond is clipped."""
    scaled = np.rint(np.nan_to_num(samples) * 32768)
    return np.clip(scaled, -32768, 32767).astype("<i2").tobytes()
