# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
"""Marked audio that is quiet or noisy, and a recogniser that hears it all the same."""

from typing import Any

import numpy as np

from pipecat_sagemaker_deepgram.container import ScriptedBehavior, ScriptedRecognizer

PEAK = 14_400
"""The peak of marked audio; it keeps its marks at a peak of 32 too, every step a level."""

NOISE = 250
"""The peak of noise that leaves the marks readable."""


class AttentiveRecognizer(ScriptedRecognizer):
    """Hears marked audio that is quieter than it was made."""

    def __init__(self, behavior: ScriptedBehavior, gain: int) -> None:
        super().__init__(behavior)
        self._gain = gain

    def open_session(self, config: Any) -> Any:
        return _Amplified(super().open_session(config), self._gain)

    def open_turn_session(self, sample_rate: int) -> Any:
        return _Amplified(super().open_turn_session(sample_rate), self._gain)


class _Amplified:
    def __init__(self, session: Any, gain: int) -> None:
        self._session = session
        self._gain = gain
        self._held = b""

    def feed(self, pcm: bytes) -> Any:
        pcm, self._held = self._held + pcm, b""
        if len(pcm) % 2:
            pcm, self._held = pcm[:-1], pcm[-1:]
        return self._session.feed((np.frombuffer(pcm, "<i2") * self._gain).astype("<i2").tobytes())

    def __getattr__(self, name: str) -> Any:
        return getattr(self._session, name)


def gain_of(level: float | None) -> int:
    """How many times quieter than marked audio speech of a level is; its marks stay whole."""
    if level is None:
        return 1
    wanted = 32_768 * 10 ** (level / 20)
    return next(gain for gain in _GAINS if PEAK / gain <= wanted)


_GAINS = [gain for gain in range(1, 901) if 900 % gain == 0]
"""A level of marked audio is 900 high."""
