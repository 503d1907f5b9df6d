# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
"""Measures the peaks of a recording, ten per second, for its waveform. Pure."""

import numpy as np

PEAKS_PER_SECOND = 10
"""Number of peaks per second of audio."""


class PeakMeter:
    """Finds the highest sample of each tenth of a second of linear16.

    Args:
        sample_rate: Sample rate, in Hz.
    """

    def __init__(self, sample_rate: int) -> None:
        self._size = max(1, sample_rate // PEAKS_PER_SECOND)
        self._rest = b""
        self._peaks: list[float] = []

    def take(self, audio: bytes) -> None:
        """Process mono linear16, in whole samples."""
        data = self._rest + audio
        whole = len(data) // (2 * self._size) * 2 * self._size
        self._rest = data[whole:]
        self._peaks += _peaks(data[:whole], self._size)

    def peaks(self) -> list[float]:
        """The peaks so far, from 0 to 1."""
        rest = _peaks(self._rest, len(self._rest) // 2) if self._rest else []
        return [*self._peaks, *rest]


def _peaks(data: bytes, size: int) -> list[float]:
    if not data:
        return []
    samples = np.frombuffer(data, "<i2").astype(np.int32).reshape(-1, size)
    return (np.abs(samples).max(axis=1) / 32768).round(3).tolist()
