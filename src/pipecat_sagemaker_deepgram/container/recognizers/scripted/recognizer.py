# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
"""A recogniser that reads marked audio: exact, deterministic, and as difficult as configured.

Word ``17`` of marked audio is recognised as ``w17``. All decisions fall on a grid of 10 ms of
audio, so the events depend on the audio alone, not on how it was cut into messages.
"""

from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass, field

from pipecat_sagemaker_deepgram.container.recognizers.recognizer import (
    HeardSegment,
    ModelInfo,
    RecognizedWord,
    RecognizerEvent,
    RecognizerSession,
    SessionConfig,
    SpeechDetected,
    TurnSession,
)
from pipecat_sagemaker_deepgram.container.recognizers.scripted.marked_audio import (
    MarkedAudioDecoder,
    MarkedWord,
)
from pipecat_sagemaker_deepgram.container.recognizers.scripted.turns import (
    ScriptedTurns,
    ScriptedTurnSession,
)

_TICKS_PER_SECOND = 100


@dataclass(frozen=True)
class ScriptedBehavior:
    """How a ``ScriptedRecognizer`` behaves; all times are seconds of audio.

    Attributes:
        interim_interval: Time between interims.
        final_interval: Length of speech in a segment after which a final follows.
        final_words: Number of words after which a final follows, instead of ``final_interval``;
            None for off.
        final_lag: Delay of a final after the end of its audio. Interims go on meanwhile, so the
            final ends before the last interim, and the words after it are repeated in the next
            segment.
        silence_interval: Time between empty finals during silence.
        answers_empty_finalize: Whether ``Finalize`` is answered if there are no words.
        max_speed: Most times faster than real time that audio is taken; None for no limit.
        turns: Options for v2/listen, which of the above uses ``max_speed`` only.
    """

    interim_interval: float = 0.1
    final_interval: float = 1.0
    final_words: int | None = None
    final_lag: float = 0.0
    silence_interval: float = 4.0
    answers_empty_finalize: bool = True
    max_speed: float | None = None
    turns: ScriptedTurns = field(default_factory=ScriptedTurns)


@dataclass(frozen=True)
class _Cut:
    position: int
    speech_final: bool


class ScriptedRecognizer:
    """Recognises ``marked_audio`` of 8, 16, 24 or 48 kHz, as specified by a ``ScriptedBehavior``.

    Args:
        behavior: The timing of interims and finals.
    """

    workers = 0
    model_info = ModelInfo(
        name="scripted",
        version="1",
        arch="marked-audio",
        uuid="4d1f2b61-52f5-5a7e-9a0c-0d6d2f1b7c11",
    )

    def __init__(self, behavior: ScriptedBehavior | None = None) -> None:
        self._behavior = behavior or ScriptedBehavior()

    @property
    def max_speed(self) -> float | None:
        """The behaviour's limit."""
        return self._behavior.max_speed

    def load(self) -> None:
        """Do nothing: there is no model."""

    def supports_language(self, language: str) -> bool:
        """Return True: marked audio has no language."""
        return True

    def wanted_sample_rate(self, sample_rate: int) -> int:
        """Return the rate of the audio: marks do not survive resampling."""
        return sample_rate

    def open_session(self, config: SessionConfig) -> RecognizerSession:
        """Open a session for one channel."""
        return ScriptedSession(config, self._behavior)

    def open_turn_session(self, sample_rate: int) -> TurnSession:
        """Open a session that detects turns."""
        return ScriptedTurnSession(sample_rate, self._behavior.turns)

    def close(self) -> None:
        """Do nothing: there is no model."""


class ScriptedSession:
    """One channel of marked audio.

    Args:
        config: The configuration.
        behavior: The timing of interims and finals.
    """

    def __init__(self, config: SessionConfig, behavior: ScriptedBehavior) -> None:
        self._config = config
        self._behavior = behavior
        self._rate = config.sample_rate
        self._tick_bytes = self._rate // _TICKS_PER_SECOND * 2
        self._decoder = MarkedAudioDecoder()
        self._pending = b""
        self._words: list[MarkedWord] = []
        self._cuts: deque[_Cut] = deque()
        self._final_end = 0
        self._interim_end = 0
        self._cut_end = 0
        self._speech_start: int | None = None
        self._speaking = False

    def feed(self, pcm: bytes) -> Sequence[RecognizerEvent]:
        """Take linear16 samples; return the events of every whole tick."""
        self._pending += pcm
        events: list[RecognizerEvent] = []
        whole = len(self._pending) // self._tick_bytes * self._tick_bytes
        for at in range(0, whole, self._tick_bytes):
            events += self._tick(self._pending[at : at + self._tick_bytes])
        self._pending = self._pending[whole:]
        return events

    def finalize(self) -> Sequence[RecognizerEvent]:
        """Close the segment with every word heard so far."""
        events = self._hear(self._pending)
        self._pending = b""
        if not self._words and not self._behavior.answers_empty_finalize:
            return events
        self._cuts.clear()
        self._cut_here(speech_final=True)
        return [*events, self._final(self._cuts.popleft())]

    def close(self) -> None:
        """Do nothing: there is nothing to release."""

    def _tick(self, pcm: bytes) -> list[RecognizerEvent]:
        events = self._hear(pcm)
        self._cut()
        lag = self._samples(self._behavior.final_lag)
        while self._cuts and self._decoder.position >= self._cuts[0].position + lag:
            events.append(self._final(self._cuts.popleft()))
        return events + self._interim()

    def _hear(self, pcm: bytes) -> list[RecognizerEvent]:
        before = self._decoder.position
        self._words += self._decoder.feed(pcm)
        if self._decoder.voiced_to <= before:
            return []
        if self._speech_start is None:
            self._speech_start = max(self._cut_end, self._decoder.voiced_from)
        if self._speaking:
            return []
        self._speaking = True
        return [SpeechDetected(self._decoder.voiced_from / self._rate)]

    def _cut(self) -> None:
        """Decide whether the segment ends here."""
        has_paused = self._speaking and self._has_paused()
        if has_paused:
            self._speaking = False
        if has_paused and self._config.endpointing is not None and self._speech_start is not None:
            self._cut_here(speech_final=True)
        elif self._is_full():
            self._cut_here(speech_final=False)

    def _has_paused(self) -> bool:
        paused = self._decoder.position - self._decoder.voiced_to
        return paused >= max(1, self._samples(self._config.endpointing or 0.0))

    def _is_full(self) -> bool:
        position = self._decoder.position
        if self._speech_start is None:
            return position - self._cut_end >= self._samples(self._behavior.silence_interval)
        if self._behavior.final_words is not None:
            held = sum(word.middle >= self._cut_end for word in self._words)
            return held >= self._behavior.final_words
        return position - self._speech_start >= self._samples(self._behavior.final_interval)

    def _cut_here(self, *, speech_final: bool) -> None:
        self._speech_start = None
        self._cut_end = self._decoder.position
        self._cuts.append(_Cut(self._cut_end, speech_final))

    def _final(self, cut: _Cut) -> HeardSegment:
        start, self._final_end = self._final_end, cut.position
        said = [word for word in self._words if word.middle < cut.position]
        self._words = self._words[len(said) :]
        return self._segment(start, cut.position, said, cut)

    def _interim(self) -> list[RecognizerEvent]:
        position = self._decoder.position
        due = position - self._interim_end >= self._samples(self._behavior.interim_interval)
        if not due:
            return []
        self._interim_end = position
        if not self._config.interim_results or position == self._final_end:
            return []
        return [self._segment(self._final_end, position, self._words, None)]

    def _segment(
        self, start: int, end: int, words: Sequence[MarkedWord], cut: _Cut | None
    ) -> HeardSegment:
        rate = self._rate
        return HeardSegment(
            start=start / rate,
            end=end / rate,
            words=tuple(RecognizedWord(f"w{w.index}", w.start / rate, w.end / rate) for w in words),
            is_final=cut is not None,
            speech_final=cut is not None and cut.speech_final,
        )

    def _samples(self, seconds: float) -> int:
        return round(seconds * self._rate)
