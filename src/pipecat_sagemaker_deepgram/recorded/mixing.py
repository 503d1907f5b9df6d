# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
"""Mixes channels so that none cancels another. Pure.

The mean of two channels of opposite phase, which balanced lines and some dual-channel recorders
produce, is silence. A channel whose samples oppose those of the channels before it is therefore
inverted first. That is decided for each block; a change is faded over the block.
"""

import numpy as np
from numpy.typing import NDArray

type Samples = NDArray[np.float32]

OPPOSED = 0.5
"""Correlation from which two channels count as equal or opposite."""


class ChannelMixer:
    """Mixes the channels of one recording, block by block."""

    def __init__(self) -> None:
        self._signs: list[float] = []

    def mix(self, block: Samples) -> Samples:
        """Mix a block.

        Args:
            block: Samples by channel.

        Returns:
            One channel, as loud as the mean of the channels.
        """
        channels = block.shape[1]
        if channels == 1 or not len(block):
            return np.ascontiguousarray(block[:, 0])
        mixed = block[:, 0].copy()
        for index in range(1, channels):
            mixed += block[:, index] * self._sign(index, block[:, index], mixed)
        return mixed / np.float32(channels)

    def _sign(self, index: int, channel: Samples, mixed: Samples) -> Samples | float:
        """The factors of a channel: 1, -1, or a fade from one to the other."""
        likeness = _correlation(channel, mixed)
        is_first = len(self._signs) < index
        before = 1.0 if is_first else self._signs[index - 1]
        sign = before if abs(likeness) < OPPOSED else float(np.sign(likeness))
        if is_first:
            self._signs.append(sign)
            return sign
        self._signs[index - 1] = sign
        return sign if sign == before else np.linspace(before, sign, len(channel), dtype="float32")


def _correlation(one: Samples, other: Samples) -> float:
    """The correlation: from -1 for opposite to 1 for equal; 0 if one is silent."""
    energy = float(np.dot(one, one)) * float(np.dot(other, other))
    return float(np.dot(one, other)) / energy**0.5 if energy > 0.0 else 0.0
