# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
"""Turns in real speech: Silero VAD cuts passages, Moonshine reads them, smart-turn judges pauses.

Voice is detected at once, on every window of 32 ms; passages are read by other threads. Words are
therefore known a little after their audio has passed, and a hearing contains those known so far.
Three things wait for words: voice that follows a passage, which may be the next turn; audio that
has run ``patience`` ahead of a passage that is being read; and audio that has run ``start_within``
beyond the first voice of a turn, so that its start is not reported late.
"""

from collections.abc import Callable
from concurrent.futures import Future
from dataclasses import dataclass

from pipecat_sagemaker_deepgram.container.recognizers.moonshine.passage_reader import (
    PassageReader,
    PassageReading,
)
from pipecat_sagemaker_deepgram.container.recognizers.moonshine.segmenter import (
    Passage,
    Segmenter,
    SegmenterRules,
)
from pipecat_sagemaker_deepgram.container.recognizers.moonshine.transcribers import (
    SAMPLE_RATE,
    Samples,
    to_samples,
)
from pipecat_sagemaker_deepgram.container.recognizers.moonshine.turn_readings import (
    WINDOW,
    WINDOW_SECONDS,
    TurnReadings,
)
from pipecat_sagemaker_deepgram.container.recognizers.recognizer import Hearing

_JUDGED_WINDOWS = 8 * SAMPLE_RATE // WINDOW
_HIGHEST_CONFIDENCE = 0.99


@dataclass(frozen=True, kw_only=True)
class MoonshineTurns:
    """How ``MoonshineRecognizer`` detects turns; times in seconds of audio.

    Attributes:
        glance_interval: Time between readings of an unfinished passage; it doubles as the passage
            gets long.
        start_within: How far audio may run ahead of the first words of a turn that are being read.
        patience: How far audio may run ahead of a passage that is being read.
        certain_after: Silence after which the end of a turn is certain; until then the
            confidence grows linearly from smart-turn's probability for the pause.
    """

    glance_interval: float = 0.5
    start_within: float = 0.6
    patience: float = 1.0
    certain_after: float = 3.0


class MoonshineTurnSession:
    """One connection of speech.

    Args:
        options: Its options.
        rules: When speech begins and where it is cut.
        reader: Reads passages.
        detect: Returns the voice probability of one window of linear16.
    """

    def __init__(
        self,
        options: MoonshineTurns,
        rules: SegmenterRules,
        reader: PassageReader,
        detect: Callable[[bytes], float],
    ) -> None:
        self._options = options
        self._rules = rules
        self._reader = reader
        self._detect = detect
        self._segmenter = Segmenter(rules)
        self._readings = TurnReadings()
        self._audio = bytearray()
        self._audio_start = 0
        self._voice: float | None = None
        self._voiced_to = 0
        self._glanced_to = 0
        self._is_finished = False

    def feed(self, pcm: bytes) -> None:
        """Take 16 kHz linear16."""
        self._audio += pcm

    def finish(self) -> None:
        """Note that no audio follows."""
        self._is_finished = True

    def listen(self) -> Hearing | None:
        """Listen to the next window; after the last one wait for every word."""
        at = self._segmenter.position * WINDOW
        if at + WINDOW > self._samples:
            return self._last_hearing()
        if self._voice is None:
            self._voice = self._detect(bytes(self._pcm(at, at + WINDOW)))
        if self._must_wait(self._voice):
            self._readings.wait()
        elif self._is_start_due():
            self._readings.wait_for_glance()
        else:
            self._step(self._voice)
            self._voice = None
            self._readings.collect()
        return self._hearing(self._segmenter.position * WINDOW)

    def end_turn(self) -> None:
        """Forget the words that were reported."""
        self._readings.end_turn(self._read)

    def close(self) -> None:
        """Discard the audio and cancel the readings."""
        self._readings.cancel()
        self._audio.clear()

    @property
    def _samples(self) -> int:
        return self._audio_start + len(self._audio) // 2

    def _pcm(self, begin: int, end: int) -> bytearray:
        begin = max(begin, self._audio_start)
        return self._audio[(begin - self._audio_start) * 2 : (end - self._audio_start) * 2]

    def _must_wait(self, voice: float) -> bool:
        unread_from = self._readings.unread_from
        if unread_from is None:
            return False
        ahead = (self._segmenter.position - unread_from) * WINDOW_SECONDS
        may_be_next_turn = not self._segmenter.is_speaking and voice >= self._rules.threshold
        return may_be_next_turn or ahead >= self._options.patience

    def _is_start_due(self) -> bool:
        """Whether a turn's first words are being read and its voice has gone on long enough."""
        if not self._readings.is_glancing or self._readings.words:
            return False
        passage = self._segmenter.open_passage()
        if passage is None or not passage.spans:
            return False
        lasted = (self._segmenter.position - passage.spans[0][0]) * WINDOW_SECONDS
        return lasted >= self._options.start_within

    def _step(self, voice: float) -> None:
        passage = self._segmenter.step(voice)
        if isinstance(passage, Passage):
            self._end_passage(passage)
        open_passage = self._segmenter.open_passage()
        if open_passage is not None:
            self._glance(self._readings.untold(open_passage))
        self._trim()

    def _end_passage(self, passage: Passage) -> None:
        self._readings.add_reading(passage, self._read)
        self._voiced_to = passage.spans[-1][1] if passage.spans else self._voiced_to
        self._glanced_to = passage.end

    def _read(self, passage: Passage) -> "Future[PassageReading]":
        """Start reading a passage; one that ends with a pause may be the end of the turn."""
        end = passage.end
        begin = self._readings.begin
        turn = max(passage.begin if begin is None else begin, end - _JUDGED_WINDOWS)
        return self._reader.read(
            self._sound(passage.begin, end),
            self._sound(turn, end) if passage.has_paused else None,
        )

    def _glance(self, passage: Passage) -> None:
        """Read the open passage, unless that was done just now or a pause has begun."""
        if self._segmenter.pause or self._readings.is_glancing or not passage.spans:
            return
        since = max(self._glanced_to, passage.spans[0][0])
        length = (passage.end - passage.begin) * WINDOW_SECONDS
        shortest = self._options.glance_interval
        wanted = min(2 * shortest, max(shortest, 0.15 * length))
        if (passage.end - since) * WINDOW_SECONDS < wanted:
            return
        sound = self._sound(passage.begin, passage.end)
        glance = self._reader.glance(sound, is_first=not self._readings.words)
        if glance is not None:
            self._readings.add_glance(passage, glance)
            self._glanced_to = passage.end

    def _sound(self, begin: int, end: int) -> Samples:
        """The samples of some windows, as far as there are any."""
        return to_samples(self._pcm(begin * WINDOW, min(end * WINDOW, self._samples)))

    def _hearing(self, position: int) -> Hearing:
        return Hearing(
            position / SAMPLE_RATE,
            self._readings.words,
            silence=self._silence(),
            confidence=self._confidence(),
        )

    def _silence(self) -> float:
        if self._segmenter.is_speaking:
            return self._segmenter.pause * WINDOW_SECONDS
        return (self._segmenter.position - self._voiced_to) * WINDOW_SECONDS

    def _confidence(self) -> float:
        """Smart-turn's probability for the pause, growing as the pause lasts."""
        if self._segmenter.is_speaking or self._readings.unread_from is not None:
            return 0.0
        judged = self._readings.end_probability
        lasted = max(0.0, self._silence() - self._rules.pause * WINDOW_SECONDS)
        share = min(1.0, lasted / self._options.certain_after)
        return min(_HIGHEST_CONFIDENCE, judged + (1.0 - judged) * share)

    def _last_hearing(self) -> Hearing | None:
        """The complete remaining words after the end of the audio; otherwise None."""
        if not self._is_finished:
            return None
        self._is_finished = False
        passage = self._segmenter.flush()
        if passage is not None:
            self._end_passage(passage)
        self._readings.wait()
        return self._hearing(self._samples)

    def _trim(self) -> None:
        """Discard the audio that no passage and no judgement can need."""
        needed = self._segmenter.begin
        if self._readings.begin is not None:
            needed = min(needed, max(self._readings.begin, needed - _JUDGED_WINDOWS))
        surplus = max(0, needed * WINDOW - self._audio_start)
        del self._audio[: 2 * surplus]
        self._audio_start += surplus
