# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
"""The interface of a speech recogniser, and the events it returns.

All times are seconds of audio since the session began; they do not depend on the wall clock. A
session's segments tile its audio: every final starts where the one before it ended.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol


class RecognizerUnavailableError(RuntimeError):
    """The recogniser cannot be loaded; the message says what to install or to fix."""


@dataclass(frozen=True)
class RecognizedWord:
    """One recognised word.

    Attributes:
        text: The word as recognised, with its case and punctuation.
        start: Where it begins.
        end: Where it ends; beyond the end of its segment if the word straddles it.
        confidence: 0.0 to 1.0; 1.0 from a recogniser that does not measure it.
        estimated: True when the times were spread over the voiced span, not recognised.
        plain: The word without punctuation, if that is not simply the text in lower case.
    """

    text: str
    start: float
    end: float
    confidence: float = 1.0
    estimated: bool = False
    plain: str | None = None


@dataclass(frozen=True)
class SpeechDetected:
    """Speech began after silence, at ``timestamp``."""

    timestamp: float


@dataclass(frozen=True)
class HeardSegment:
    """What was heard between ``start`` and ``end``.

    An interim (``is_final=False``) restates the whole open segment; the next one may rewrite it.

    Attributes:
        start: The end of the final before it (0.0 for the first).
        end: How far it reaches.
        words: What was said there; empty in silence.
        is_final: Whether the words will not change any more.
        speech_final: Whether the speaker paused for the endpointing time, or the audio was
            finalized.
    """

    start: float
    end: float
    words: tuple[RecognizedWord, ...] = ()
    is_final: bool = False
    speech_final: bool = False


RecognizerEvent = SpeechDetected | HeardSegment


@dataclass(frozen=True)
class ModelInfo:
    """The description of a recogniser's model in the metadata of every result."""

    name: str
    version: str
    arch: str
    uuid: str


@dataclass(frozen=True)
class SessionConfig:
    """The configuration of a session.

    Attributes:
        sample_rate: Hz of the audio that will be fed, as ``wanted_sample_rate`` asked for it.
        interim_results: Whether interims are wanted.
        endpointing: Seconds of silence that end an utterance; None for no endpointing.
    """

    sample_rate: int = 16000
    interim_results: bool = True
    endpointing: float | None = 0.01


class RecognizerSession(Protocol):
    """One channel of one connection; used by one thread at a time."""

    def feed(self, pcm: bytes) -> Sequence[RecognizerEvent]:
        """Take mono linear16 in whole samples; return the new events, in order."""
        ...

    def finalize(self) -> Sequence[RecognizerEvent]:
        """Close the open segment at once, with everything fed so far.

        The last event is a final, empty if there were no words. It is missing if the recogniser
        does not answer an empty ``Finalize``.
        """
        ...

    def close(self) -> None:
        """Release the session's resources; no event follows."""
        ...


@dataclass(frozen=True)
class Hearing:
    """A recogniser's knowledge after listening up to ``position``.

    Attributes:
        position: Seconds of audio listened to.
        words: The words since the last turn ended, as far as known; they may still change.
        silence: Seconds since the speaker was last heard; 0.0 while they speak.
        confidence: Probability, 0 to 1, that the speaker has finished.
    """

    position: float
    words: tuple[RecognizedWord, ...] = ()
    silence: float = 0.0
    confidence: float = 0.0


class TurnSession(Protocol):
    """One connection of v2/listen as a recogniser sees it; used by one thread at a time."""

    def feed(self, pcm: bytes) -> None:
        """Take mono linear16 in whole samples."""
        ...

    def finish(self) -> None:
        """Note that no more audio follows, so that nothing waits for it."""
        ...

    def listen(self) -> Hearing | None:
        """Listen a little further; return None if there is not enough audio.

        After ``finish`` the last hearing contains every word.
        """
        ...

    def end_turn(self) -> None:
        """End the turn with the words of the last hearing, which are not reported again."""
        ...

    def close(self) -> None:
        """Release the session's resources."""
        ...


class Recognizer(Protocol):
    """A speech recogniser, loaded once and shared by all connections."""

    @property
    def model_info(self) -> ModelInfo:
        """The model named in results."""
        ...

    @property
    def workers(self) -> int:
        """Threads that sessions need; 0 when ``feed`` returns at once and needs none."""
        ...

    @property
    def max_speed(self) -> float | None:
        """Speed at which a session takes audio, as a multiple of real time; None for no limit."""
        ...

    def load(self) -> None:
        """Load the model, which may take seconds; a second call does nothing.

        Raises:
            RecognizerUnavailableError: The model cannot be loaded.
        """
        ...

    def supports_language(self, language: str) -> bool:
        """Whether the recogniser supports this language, a BCP-47 tag or ``multi``."""
        ...

    def wanted_sample_rate(self, sample_rate: int) -> int:
        """The rate in Hz that sessions want for audio which arrives at ``sample_rate``."""
        ...

    def open_session(self, config: SessionConfig) -> RecognizerSession:
        """Open the session of one channel; only after ``load``."""
        ...

    def open_turn_session(self, sample_rate: int) -> TurnSession:
        """Open a session for a connection of v2/listen; only after ``load``."""
        ...

    def close(self) -> None:
        """Release the model; all sessions must have been closed."""
        ...
