# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
"""Recordings of any common format, as mono linear16 at 16 kHz."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import soundfile
import soxr
from numpy.typing import NDArray

from pipecat_sagemaker_deepgram.cli.exceptions import CommandError

SAMPLE_RATE = 16_000
BYTES_PER_SECOND = SAMPLE_RATE * 2
_BLOCK_SECONDS = 0.5


@dataclass(frozen=True)
class AudioFile:
    """A recording that can be read.

    Parameters:
        path: Where it is.
        seconds: Its length.
    """

    path: Path
    seconds: float

    def blocks(self) -> Iterator[bytes]:
        """Read it in blocks of about half a second.

        Yields:
            Mono linear16 at 16 kHz, in whole samples.

        Raises:
            CommandError: It cannot be read to its end.
        """
        try:
            with soundfile.SoundFile(self.path) as file:
                resampler = soxr.ResampleStream(file.samplerate, SAMPLE_RATE, 1, dtype="float32")
                size = round(file.samplerate * _BLOCK_SECONDS)
                for block in file.blocks(size, dtype="float32", always_2d=True):
                    mono = block.mean(axis=1, dtype="float32")
                    yield _linear16(resampler.resample_chunk(mono))
                rest = resampler.resample_chunk(np.empty(0, "float32"), last=True)
                yield _linear16(rest)
        except (soundfile.LibsndfileError, OSError) as error:
            raise CommandError(f"{self.path} could not be read to its end: {error}") from error


def open_audio(path: Path) -> AudioFile:
    """Look whether a file is a recording.

    Args:
        path: The file.

    Raises:
        CommandError: It is not, or it holds nothing; the message says which.
    """
    _require_content(path)
    try:
        info = soundfile.info(path)
    except (soundfile.LibsndfileError, OSError) as error:
        reason = getattr(error, "error_string", str(error))
        raise CommandError(
            f"{path} is not audio that can be read ({reason.rstrip('.')})",
            advice="WAV, FLAC, OGG and MP3 files can be.",
        ) from error
    if info.frames <= 0:
        raise CommandError(f"{path} holds no audio: it has a header, but no samples")
    return AudioFile(path, info.frames / info.samplerate)


def _require_content(path: Path) -> None:
    try:
        size = path.stat().st_size
    except OSError as error:
        raise CommandError(f"{path} cannot be opened: {error.strerror}") from error
    if path.is_dir():
        raise CommandError(f"{path} is a directory", advice="Name a recording in it.")
    if not path.is_file():
        raise CommandError(f"{path} is not a regular file", advice="Save the audio to one first.")
    if size == 0:
        raise CommandError(f"{path} is empty (0 bytes)")


def _linear16(samples: NDArray[np.float32]) -> bytes:
    scaled = np.rint(np.nan_to_num(samples) * 32768)
    return np.clip(scaled, -32768, 32767).astype("<i2").tobytes()
