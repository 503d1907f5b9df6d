# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
"""Speech for tests: text and audio."""

from dataclasses import dataclass

from pipecat_sagemaker_deepgram.container import marked_audio
from pipecat_sagemaker_deepgram.recordings import SoundFile, short_sayings
from pipecat_sagemaker_deepgram.testing.pipeline import words_of

_SAMPLE_BYTES = 2


@dataclass(frozen=True)
class Speech:
    """Something said.

    Attributes:
        text: The words.
        audio: Its audio, as mono linear16.
        sample_rate: Sample rate in Hz; 16000 by default.
    """

    text: str
    audio: bytes
    sample_rate: int = 16000

    @property
    def words(self) -> list[str]:
        """The words in lower case and without punctuation."""
        return words_of(self.text)

    @property
    def seconds(self) -> float:
        """Its duration in seconds."""
        return len(self.audio) / (self.sample_rate * _SAMPLE_BYTES)

    def __add__(self, other: "Speech") -> "Speech":
        """Return both, one after the other."""
        if other.sample_rate != self.sample_rate:
            raise ValueError(f"{other.sample_rate} Hz cannot follow {self.sample_rate} Hz")
        text = f"{self.text} {other.text}".strip()
        return Speech(text, self.audio + other.audio, self.sample_rate)


def scripted_speech(
    words: int = 30, *, first: int = 0, pause: float = 1.0, sample_rate: int = 16000
) -> Speech:
    """Make speech that the scripted recogniser understands without a model: ``w0 w1 w2`` ...

    A word takes a tenth of a second. The recogniser reads it from the samples, so that any word
    which a service loses, repeats or sends twice becomes visible.

    Args:
        words: Number of words; 30 by default.
        first: Number of the first word; 0 by default.
        pause: Seconds of silence after the last word, so that a turn ends; 1 by default.
        sample_rate: Sample rate in Hz: 8000, 16000 (the default), 24000 or 48000.
    """
    spoken = marked_audio(first, words, sample_rate=sample_rate)
    silence = bytes(round(pause * sample_rate) * _SAMPLE_BYTES)
    text = " ".join(f"w{number}" for number in range(first, first + words))
    return Speech(text, spoken + silence, sample_rate)


def recorded_speech(recording: SoundFile | None = None, *, sample_rate: int = 16000) -> Speech:
    """A recording of a person, for a real recogniser.

    Args:
        recording: ``two_cities()``, ``short_sayings()`` (the default), or one of your own.
        sample_rate: Sample rate in Hz; 16000 by default.
    """
    recording = recording or short_sayings()
    return Speech(recording.text, recording.linear16(sample_rate), sample_rate)
