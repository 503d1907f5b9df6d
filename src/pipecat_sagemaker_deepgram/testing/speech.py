# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
"""Speech for tests: what is said, and how it sounds."""

from dataclasses import dataclass

from pipecat_sagemaker_deepgram.container import marked_audio
from pipecat_sagemaker_deepgram.recordings import SoundFile, short_sayings
from pipecat_sagemaker_deepgram.testing.pipeline import words_of

_SAMPLE_BYTES = 2


@dataclass(frozen=True)
class Speech:
    """Something said.

    Attributes:
        text: What is said.
        audio: How it sounds, as mono linear16.
        sample_rate: Hz.
    """

    text: str
    audio: bytes
    sample_rate: int = 16000

    @property
    def words(self) -> list[str]:
        """What is said, in lower case and without punctuation."""
        return words_of(self.text)

    @property
    def seconds(self) -> float:
        """How long it takes."""
        return len(self.audio) / (self.sample_rate * _SAMPLE_BYTES)

    def __add__(self, other: "Speech") -> "Speech":
        """One after the other."""
        if other.sample_rate != self.sample_rate:
            raise ValueError(f"{other.sample_rate} Hz cannot follow {self.sample_rate} Hz")
        text = f"{self.text} {other.text}".strip()
        return Speech(text, self.audio + other.audio, self.sample_rate)


def scripted_speech(
    words: int = 30, *, first: int = 0, pause: float = 1.0, sample_rate: int = 16000
) -> Speech:
    """Speech that the scripted recogniser understands, without a model: ``w0 w1 w2`` ...

    A word takes a tenth of a second. The recogniser finds it in its samples, so a word that a
    service loses, repeats or sends twice shows.

    Args:
        words: How many words.
        first: The number of the first one.
        pause: Seconds of silence after the last one, so that a turn ends.
        sample_rate: Hz: 8000, 16000, 24000 or 48000.
    """
    spoken = marked_audio(first, words, sample_rate=sample_rate)
    silence = bytes(round(pause * sample_rate) * _SAMPLE_BYTES)
    text = " ".join(f"w{number}" for number in range(first, first + words))
    return Speech(text, spoken + silence, sample_rate)


def recorded_speech(recording: SoundFile | None = None, *, sample_rate: int = 16000) -> Speech:
    """A recording of a person, for a real recogniser.

    Args:
        recording: ``two_cities()``, ``short_sayings()``, the default, or one of your own.
        sample_rate: Hz.
    """
    recording = recording or short_sayings()
    return Speech(recording.text, recording.linear16(sample_rate), sample_rate)
