# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
"""Speech of numbered words, about as fast as people speak."""

from pipecat_sagemaker_deepgram.container import marked_audio

WORD_SECONDS = 0.4


def spoken(first: int, count: int) -> bytes:
    """Mono linear16 at 16 kHz of a number of words."""
    return marked_audio(first, count, word_seconds=WORD_SECONDS)


def words_in(seconds: float) -> int:
    """The number of words spoken in a time."""
    return round(seconds / WORD_SECONDS)
