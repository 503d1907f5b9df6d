# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
"""Recordings of people speaking, with their texts; the speech recogniser includes them."""

from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class SoundFile:
    """A sound file.

    Attributes:
        path: The file's path.
        text: The words that are said in it.
    """

    path: Path
    text: str

    def linear16(self, sample_rate: int = 16000) -> bytes:
        """Read the recording as mono linear16.

        Args:
            sample_rate: Sample rate in Hz; 16000 by default.

        Raises:
            ImportError: The extra ``recorded`` is not installed.
        """
        from pipecat_sagemaker_deepgram.recorded.decoding import decode

        return decode(self.path, sample_rate=sample_rate)


def two_cities() -> SoundFile:
    """44 seconds of prose, read by a man: Charles Dickens, A Tale of Two Cities (1859).

    Raises:
        ImportError: The extra ``local`` is not installed.
    """
    return SoundFile(_asset("two_cities.wav"), _TWO_CITIES)


def short_sayings() -> SoundFile:
    """10 seconds: six sayings of two words with long pauses between them.

    Raises:
        ImportError: The extra ``local`` is not installed.
    """
    return SoundFile(_asset("beckett.wav"), _SHORT_SAYINGS)


def _asset(name: str) -> Path:
    from moonshine_voice.utils import get_assets_path

    return Path(get_assets_path()) / name


_TWO_CITIES = """\
It was the best of times, it was the worst of times, it was the age of wisdom, it was the age of
foolishness, it was the epoch of belief, it was the epoch of incredulity, it was the season of
Light, it was the season of Darkness, it was the spring of hope, it was the winter of despair, we
had everything before us, we had nothing before us, we were all going direct to Heaven, we were all
going direct the other way - in short, the period was so far like the present period, that some of
its noisiest authorities insisted on its being received, for good or for evil, in the superlative
degree of comparison only."""
_SHORT_SAYINGS = "Ever tried. Ever failed. No matter. Try again. Fail again. Fail better."
