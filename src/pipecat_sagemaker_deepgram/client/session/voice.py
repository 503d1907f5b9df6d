# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
"""Whether audio could hold speech. Pure."""

import numpy as np

PEAK = 600
"""Amplitude, of 32,768, that audio without speech seldom reaches (about -35 dBFS)."""


def is_voiced(audio: bytes) -> bool:
    """Whether linear16 audio is loud enough to hold speech.

    It decides only whether an endpoint that says nothing can be blamed for it, so it is no
    more than a level.
    """
    samples = np.frombuffer(audio, dtype="<i2", count=len(audio) // 2)
    return bool(samples.size) and int(np.abs(samples.astype(np.int32)).max()) >= PEAK
