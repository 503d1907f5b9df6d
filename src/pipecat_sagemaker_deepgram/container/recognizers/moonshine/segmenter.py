# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
"""Finds where speech begins and ends, by the voice probability of each window of audio."""

from dataclasses import dataclass
from itertools import groupby


@dataclass(frozen=True)
class SegmenterRules:
    """When speech begins and where it is cut; all lengths are windows of audio.

    Attributes:
        threshold: Probability from which a silent speaker counts as speaking.
        release: Probability below which a speaking one counts as silent.
        begin_voiced: Voiced windows that count as the beginning of speech; fewer are taken for a
            click or a cough.
        begin_within: Number of windows within which they must occur.
        preroll: Windows kept before the first voiced one.
        pause: Silence that ends a passage.
        max_passage: Length at which a passage is cut, at its least voiced window.
        search: Number of last windows among which the least voiced one is searched.
    """

    threshold: float = 0.5
    release: float = 0.35
    begin_voiced: int = 4
    begin_within: int = 16
    preroll: int = 14
    pause: int = 9
    max_passage: int = 375
    search: int = 94


@dataclass(frozen=True)
class SpeechBegan:
    """Speech began at ``window``."""

    window: int


@dataclass(frozen=True)
class Passage:
    """The windows from ``begin`` up to ``end``; ``spans`` are the voiced ones among them."""

    begin: int
    end: int
    spans: tuple[tuple[int, int], ...]
    has_paused: bool = False


class Segmenter:
    """Cuts audio into passages of speech.

    Args:
        rules: When speech begins and where it is cut.

    Attributes:
        position: Windows heard so far.
        is_speaking: Whether a passage is open.
    """

    def __init__(self, rules: SegmenterRules) -> None:
        self._rules = rules
        self.position = 0
        self.is_speaking = False
        self._is_voiced = False
        self._probabilities: list[float] = []
        self._voiced: list[bool] = []

    @property
    def begin(self) -> int:
        """The first window that may still become part of a passage."""
        return self.position - len(self._voiced)

    @property
    def quiet_to(self) -> int:
        """The first window at which speech may still have begun; only while not speaking."""
        return max(0, self.position - self._rules.begin_within)

    @property
    def pause(self) -> int:
        """Windows since the last voiced one, or since a cut that fell into the pause."""
        silent = (i for i, voiced in enumerate(reversed(self._voiced)) if voiced)
        return next(silent, len(self._voiced))

    def step(self, probability: float) -> SpeechBegan | Passage | None:
        """Take the voice probability of the next window; return the event it decides."""
        rules = self._rules
        self._is_voiced = probability >= (rules.release if self._is_voiced else rules.threshold)
        self._probabilities.append(probability)
        self._voiced.append(self._is_voiced)
        self.position += 1
        if not self.is_speaking:
            return self._listen()
        if self.pause >= rules.pause:
            return self._cut_after_pause()
        if len(self._voiced) >= rules.max_passage:
            return self._cut_at_weakest()
        return None

    def open_passage(self) -> Passage | None:
        """The passage so far, if one is open."""
        return self._passage(self.position, has_paused=False) if self.is_speaking else None

    def flush(self) -> Passage | None:
        """Close and return the open passage; even one that is otherwise too short."""
        passage = self._passage(self.position, has_paused=False)
        self.is_speaking = False
        self._forget(len(self._voiced))
        return passage if passage.spans else None

    def _listen(self) -> SpeechBegan | None:
        rules = self._rules
        recent = self._voiced[-rules.begin_within :]
        if sum(recent) < rules.begin_voiced:
            self._forget(len(self._voiced) - rules.begin_within - rules.preroll)
            return None
        first = self.position - len(recent) + recent.index(True)
        self._forget(first - rules.preroll - self.begin)
        self.is_speaking = True
        return SpeechBegan(first)

    def _cut_after_pause(self) -> Passage:
        passage = self._passage(self.position, has_paused=True)
        self.is_speaking = False
        self._forget(len(self._voiced) - min(self._rules.preroll, self.pause))
        return passage

    def _cut_at_weakest(self) -> Passage:
        tail = self._probabilities[-self._rules.search :]
        weakest = min(range(len(tail)), key=lambda i: (tail[i], -i))
        end = self.position - len(tail) + weakest + 1
        passage = self._passage(end, has_paused=False)
        self._forget(end - self.begin)
        return passage

    def _passage(self, end: int, *, has_paused: bool) -> Passage:
        begin = self.begin
        spans: list[tuple[int, int]] = []
        at = begin
        for voiced, run in groupby(self._voiced[: end - begin]):
            length = len(list(run))
            if voiced:
                spans.append((at, at + length))
            at += length
        return Passage(begin, end, tuple(spans), has_paused)

    def _forget(self, windows: int) -> None:
        count = max(0, windows)
        del self._probabilities[:count]
        del self._voiced[:count]
