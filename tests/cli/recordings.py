# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
"""Recordings that say ``w0 w1 w2 ...``, ten words a second."""

from pathlib import Path

import soundfile

from pipecat_sagemaker_deepgram.container import marked_audio


def samples_of(audio: bytes) -> memoryview:
    """The 16 bit samples of linear16."""
    return memoryview(audio).cast("h")


def write_recording(path: Path, *, words: int) -> Path:
    """Write a recording of so many words."""
    soundfile.write(path, samples_of(marked_audio(0, words)), 16_000, subtype="PCM_16")
    return path


def words_up_to(count: int) -> list[str]:
    """What a recording of so many words says."""
    return [f"w{number}" for number in range(count)]
