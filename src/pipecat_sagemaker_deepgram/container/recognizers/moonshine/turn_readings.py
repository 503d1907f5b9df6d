# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
"""The passages of one open turn, and their transcripts so far."""

from collections.abc import Callable
from concurrent.futures import Future
from dataclasses import dataclass, replace

from pipecat_sagemaker_deepgram.container.recognizers.moonshine.passage_reader import PassageReading
from pipecat_sagemaker_deepgram.container.recognizers.moonshine.segmenter import Passage
from pipecat_sagemaker_deepgram.container.recognizers.moonshine.transcribers import SAMPLE_RATE
from pipecat_sagemaker_deepgram.container.recognizers.recognizer import RecognizedWord
from pipecat_sagemaker_deepgram.container.recognizers.words import spread_words

WINDOW = 512
"""Samples in one window of audio, the unit of passages."""

WINDOW_SECONDS = WINDOW / SAMPLE_RATE

type Read = Callable[[Passage], Future[PassageReading]]


@dataclass
class _Part:
    """One passage: transcribed when it has ended, and glanced at before."""

    passage: Passage
    reading: "Future[PassageReading] | None" = None
    words: tuple[RecognizedWord, ...] = ()
    known_to: int = 0
    is_read: bool = False


class TurnReadings:
    """The state of the open turn.

    Attributes:
        end_probability: Probability of the end of the turn, from the latest reading of a passage.
    """

    def __init__(self) -> None:
        self.end_probability = 0.0
        self._parts: list[_Part] = []
        self._glance: tuple[Passage, Future[PassageReading]] | None = None
        self._reported_to = 0

    @property
    def words(self) -> tuple[RecognizedWord, ...]:
        """All words that are known."""
        return tuple(word for part in self._parts for word in part.words)

    @property
    def begin(self) -> int | None:
        """The first window of the turn; None before it began."""
        return self._parts[0].passage.begin if self._parts else None

    @property
    def unread_from(self) -> int | None:
        """The end of the first passage being read; None if all are read."""
        unread = (part.passage.end for part in self._parts if not part.is_read and part.reading)
        return next(unread, None)

    @property
    def is_glancing(self) -> bool:
        """Whether a glance at the open passage is still running."""
        return self._glance is not None

    def untold(self, passage: Passage) -> Passage:
        """The part of a passage that no ended turn contains."""
        spans = tuple(
            (max(begin, self._reported_to), end)
            for begin, end in passage.spans
            if end > self._reported_to
        )
        return replace(passage, begin=max(passage.begin, self._reported_to), spans=spans)

    def add_glance(self, passage: Passage, glance: "Future[PassageReading]") -> None:
        """Add a glance at the open passage as far as it goes."""
        self._glance = (passage, glance)

    def add_reading(self, passage: Passage, read: Read) -> None:
        """Start reading a finished passage."""
        self._drop_glance()
        self.end_probability = 0.0
        part = self._open_part()
        part.passage = self.untold(passage)
        if part.passage.spans:
            part.reading = read(part.passage)
        else:
            self._parts.remove(part)

    def collect(self) -> None:
        """Take over the finished readings."""
        if self._glance is not None and self._glance[1].done():
            self._take_glance(*self._glance)
        for part in self._parts:
            if part.reading is not None and not part.is_read and part.reading.done():
                self._take_reading(part, part.reading.result())
        self._parts = [part for part in self._parts if part.words or not part.is_read]

    def wait(self) -> None:
        """Wait until every passage that has ended is read."""
        for part in self._parts:
            if part.reading is not None:
                part.reading.result()
        self.collect()

    def wait_for_glance(self) -> None:
        """Wait for the glance to finish."""
        if self._glance is not None:
            self._glance[1].result()
        self.collect()

    def end_turn(self, read: Read) -> None:
        """Discard the reported words; the rest belongs to the next turn."""
        self._drop_glance()
        self.end_probability = 0.0
        parts, self._parts = self._parts, []
        self._parts = [part for part in parts if not part.is_read and self._carry(part, read)]

    def cancel(self) -> None:
        """Cancel all readings."""
        self._drop_glance()
        for part in self._parts:
            if part.reading is not None:
                part.reading.cancel()

    def _carry(self, part: _Part, read: Read) -> bool:
        """Move a passage to the next turn, without the reported words; False if nothing is left."""
        if not part.words:
            return True
        self._reported_to = part.known_to
        part.words = ()
        part.passage = self.untold(part.passage)
        if part.reading is None:
            return True
        part.reading.cancel()
        part.reading = read(part.passage) if part.passage.spans else None
        return part.reading is not None

    def _open_part(self) -> _Part:
        """The passage that has not ended; a new one when all have."""
        if not self._parts or self._parts[-1].reading is not None:
            self._parts.append(_Part(Passage(0, 0, ())))
        return self._parts[-1]

    def _take_glance(self, passage: Passage, glance: "Future[PassageReading]") -> None:
        self._glance = None
        words = _words(glance.result(), passage)
        if words:
            part = self._open_part()
            part.passage, part.words, part.known_to = passage, words, passage.end

    def _take_reading(self, part: _Part, reading: PassageReading) -> None:
        part.is_read = True
        part.words = _words(reading, part.passage)
        if reading.end_probability is not None:
            self.end_probability = reading.end_probability

    def _drop_glance(self) -> None:
        if self._glance is not None:
            self._glance[1].cancel()
        self._glance = None


def _words(reading: PassageReading, passage: Passage) -> tuple[RecognizedWord, ...]:
    spans = [(begin * WINDOW_SECONDS, end * WINDOW_SECONDS) for begin, end in passage.spans]
    return spread_words(reading.text, spans)
