# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
"""Audio that encodes numbered words in its samples, so that a lost or repeated word shows.

Each word fills a slot. A slot is a run of 14-sample frames, each holding a sync sample, the word's
index, the frame's number within the slot, the slot's length in samples and a check digit, in
hexadecimal digits of widely spaced levels. Any complete frame thus shows where its slot begins and
ends, however the audio was cut, and the levels survive mu-law and A-law. A word counts as heard
when the middle sample of its slot was: if a slot is cut in two, exactly one piece contains the
word.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

FRAME_SAMPLES = 14
_LEVEL = 900
_SYNC = -16 * _LEVEL
_SYNC_BELOW = -8 * _LEVEL
_SILENCE_BELOW = _LEVEL // 2
_TOLERANCE = 350
_WEIGHTS = np.arange(1, 24, 2)[:12]
_POWERS = 16 ** np.arange(3, -1, -1)
_MAX_FIELD = 0xFFFF


@dataclass(frozen=True)
class MarkedWord:
    """A word found in marked audio; positions are samples since the decoder began."""

    index: int
    start: int
    end: int

    @property
    def middle(self) -> int:
        """The sample that decides whether the word was heard."""
        return self.start + (self.end - self.start) // 2


def marked_audio(
    first_word: int, count: int, *, word_seconds: float = 0.1, sample_rate: int = 16000
) -> bytes:
    """Make audio in which the words ``first_word``, ``first_word + 1``, ... follow each other.

    Args:
        first_word: Index of the first word, from 0.
        count: How many words.
        word_seconds: Length of each word; rounded to whole samples.
        sample_rate: Hz.

    Returns:
        Mono linear16, ``count`` slots long.

    Raises:
        ValueError: An index or the length of a slot does not fit the marks.
    """
    samples = round(word_seconds * sample_rate)
    if not 3 * FRAME_SAMPLES <= samples <= _MAX_FIELD:
        raise ValueError(f"a word of {samples} samples cannot be marked: 42 to 65535 can")
    last_word = first_word + count - 1
    if first_word < 0 or last_word > _MAX_FIELD:
        raise ValueError(f"words {first_word} to {last_word}: 0 to 65535 can be marked")
    return b"".join(_slot(first_word + i, samples) for i in range(count))


def _slot(index: int, samples: int) -> bytes:
    frames = -(-samples // FRAME_SAMPLES)
    digits = np.empty((frames, 12), np.int64)
    digits[:, 0:4] = _digits(np.full(frames, index))
    digits[:, 4:8] = _digits(np.arange(frames))
    digits[:, 8:12] = _digits(np.full(frames, samples))
    out = np.empty((frames, FRAME_SAMPLES), "<i2")
    out[:, 0] = _SYNC
    out[:, 1:13] = (digits + 1) * _LEVEL
    out[:, 13] = (digits @ _WEIGHTS % 16 + 1) * _LEVEL
    return out.reshape(-1)[:samples].tobytes()


def _digits(values: NDArray[np.int64]) -> NDArray[np.int64]:
    return values[:, None] // _POWERS % 16


@dataclass(frozen=True)
class _Frame:
    position: int
    word: MarkedWord


class MarkedAudioDecoder:
    """Finds the words of marked audio, fed in pieces of any size.

    Attributes:
        position: Samples heard so far.
        voiced_from: Where the latest unbroken stretch of marked audio began.
        voiced_to: Just after the latest sample that is not silence; 0 when there was none.
    """

    def __init__(self) -> None:
        self.position = 0
        self.voiced_from = 0
        self.voiced_to = 0
        self._tail = np.empty(0, np.int64)
        self._reported: MarkedWord | None = None
        self._awaited: _Frame | None = None
        self._last_silent = -1

    def feed(self, pcm: bytes) -> list[MarkedWord]:
        """Take linear16 samples; return the words whose middle has now been heard, in order."""
        fresh = np.frombuffer(pcm, "<i2").astype(np.int64)
        begin = self.position
        silence = _last_silence(fresh, begin, self._last_silent)
        self.position += len(fresh)
        self._note_voice(fresh, begin, silence)
        joined = np.concatenate([self._tail, fresh])
        frames = _frames(joined, begin - len(self._tail))
        if self._awaited is not None:
            frames.insert(0, self._awaited)
        self._awaited = None
        heard = [frame.word for frame in frames if self._hears(frame, begin, silence)]
        self._tail = joined[max(0, len(joined) - FRAME_SAMPLES + 1) :]
        self._last_silent = int(silence[-1]) if len(silence) else self._last_silent
        return heard

    def _note_voice(self, fresh: NDArray[np.int64], begin: int, silence: NDArray[np.int64]) -> None:
        voiced = np.flatnonzero(np.abs(fresh) >= _SILENCE_BELOW)
        if len(voiced):
            self.voiced_to = begin + int(voiced[-1]) + 1
            self.voiced_from = int(silence[voiced[-1]]) + 1

    def _hears(self, frame: _Frame, begin: int, silence: NDArray[np.int64]) -> bool:
        """Whether this frame is the first proof that the middle of its word was heard."""
        word, middle = frame.word, frame.word.middle
        if word == self._reported:
            return False
        if middle >= self.position:
            self._awaited = frame
            return False
        unbroken_from = self._silence_at(frame.position, begin, silence) + 1
        if middle < unbroken_from or self._silence_at(middle, begin, silence) >= unbroken_from:
            return False
        self._reported = word
        return True

    def _silence_at(self, position: int, begin: int, silence: NDArray[np.int64]) -> int:
        return int(silence[position - begin]) if position >= begin else self._last_silent


def _last_silence(samples: NDArray[np.int64], begin: int, before: int) -> NDArray[np.int64]:
    """For each sample the position of the latest silent one, itself included."""
    positions = np.arange(begin, begin + len(samples))
    marks = np.where(np.abs(samples) < _SILENCE_BELOW, positions, before)
    return np.maximum.accumulate(marks)


def _frames(samples: NDArray[np.int64], begin: int) -> list[_Frame]:
    starts = np.flatnonzero(samples[: max(0, len(samples) - FRAME_SAMPLES + 1)] < _SYNC_BELOW)
    if not len(starts):
        return []
    levels = samples[starts[:, None] + np.arange(1, FRAME_SAMPLES)]
    digits = (levels + _LEVEL // 2) // _LEVEL - 1
    good = _are_sound(levels, digits)
    fields = (digits[good, :12].reshape(-1, 3, 4) * _POWERS).sum(axis=2)
    positions = starts[good] + begin
    return [
        _Frame(position, MarkedWord(index, start, start + length))
        for position, (index, number, length) in zip(
            positions.tolist(), fields.tolist(), strict=True
        )
        for start in [position - number * FRAME_SAMPLES]
    ]


def _are_sound(levels: NDArray[np.int64], digits: NDArray[np.int64]) -> NDArray[np.bool_]:
    near = np.abs(levels - (digits + 1) * _LEVEL) <= _TOLERANCE
    in_range = (digits >= 0) & (digits < 16)
    check = digits[:, :12] @ _WEIGHTS % 16 == digits[:, 12]
    return near.all(axis=1) & in_range.all(axis=1) & check
