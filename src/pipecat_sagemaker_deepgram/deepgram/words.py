# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
"""Finds the words that two texts have in common, even if they are written differently. Pure.

Two transcripts of the same audio differ in words and in their times. If times are known, words are
compared by both (``repeated``); if not, by their text and their order (``seam``).
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from functools import lru_cache
from typing import Protocol

_UNSPOKEN = re.compile(r"[^\w]+")

_DRIFT = 0.08
"""Seconds by which the middle of a word may differ between two transcripts, in addition to the
length of the audio that they share."""

_REACH = 3.0
"""Seconds of the latest words that are compared; everything before counts as said."""

_MOST_DRIFT = 1.0
"""Most seconds by which the middle of a word may differ."""

_ROUNDING = 1e-5
"""Seconds, less than a sample, by which rounding to decimals may make times differ."""


class TimedWord(Protocol):
    """A word and when it was said, in seconds, always of the same clock."""

    @property
    def text(self) -> str:
        """The word as it is written."""
        ...

    @property
    def start(self) -> float:
        """Where it begins."""
        ...

    @property
    def end(self) -> float:
        """Where it ends."""
        ...


@dataclass(frozen=True, slots=True)
class Repeated:
    """The part of a text that was said before.

    Attributes:
        count: Number of words at its beginning that were said before.
        changed: Number of these words that are different now.
    """

    count: int = 0
    changed: int = 0


@lru_cache(maxsize=512)
def spoken(word: str) -> str:
    """Return a word without punctuation and case."""
    return _UNSPOKEN.sub("", word).casefold()


def is_same_text(one: str, other: str) -> bool:
    """Whether two texts say the same."""
    return _all_spoken(one.split()) == _all_spoken(other.split())


# By times and text


def repeated(
    said: Sequence[TimedWord],
    again: Sequence[TimedWord],
    *,
    since: float,
    said_to: float,
    by_time: bool = True,
) -> Repeated:
    """Find which words of a text were said before, by their times and their texts.

    A word whose time differs slightly is the same word, and so is one that was cut off before and
    is complete now. A word that is said twice is two words.

    Args:
        said: The latest words that were said, in order.
        again: The words of the text, in order.
        since: Where the text's audio begins.
        said_to: Position up to which everything has been said.
        by_time: Whether a different word at the same time counts as the same one, and a word
            before ``said_to`` counts as said; otherwise only equal words count.
    """
    heard_to = max(said_to, said[-1].end) if said else said_to
    far = _count(again, heard_to - _REACH) if by_time else 0
    shared = max(0.0, heard_to - since)
    reach = min(shared + _DRIFT, _MOST_DRIFT)
    latest = [each for each in said if each.end > max(since - _DRIFT, heard_to - 2 * _REACH)]
    near = [each for each in again[far:] if each.start < heard_to + reach + _ROUNDING]
    fits = [
        [_fit(one, other, since=since, reach=reach, by_time=by_time) for other in near]
        for one in latest
    ]
    pairs = _pairs(fits)
    if not pairs:
        count = _count(again, said_to) if by_time else 0
        return Repeated(count, max(0, count - far) if latest else 0)
    last_said, last_again = pairs[-1]
    count = far + last_again + 1
    is_sure = last_said == len(latest) - 1 and _is_same(latest[last_said], near[last_again])
    if by_time and not is_sure:
        count = max(count, _count(again, latest[-1].end))
    same = sum(_is_same(latest[one], near[other]) for one, other in pairs)
    return Repeated(count, count - far - same)


def _count(words: Sequence[TimedWord], moment: float) -> int:
    """How many words lie before a moment, judged by their middles."""
    beyond = (i for i, word in enumerate(words) if _middle(word) > moment - _ROUNDING)
    return next(beyond, len(words))


def _pairs(fits: Sequence[Sequence[float]]) -> list[tuple[int, int]]:
    """Pair the words of both texts, in order, so that the sum of their fits is greatest."""
    width = len(fits[0]) if fits else 0
    best = [[0.0] * (width + 1) for _ in range(len(fits) + 1)]
    for i, row in enumerate(fits):
        for j, fit in enumerate(row):
            together = best[i][j] + fit if fit else 0.0
            best[i + 1][j + 1] = max(best[i][j + 1], best[i + 1][j], together)
    pairs: list[tuple[int, int]] = []
    i, j = len(fits), width
    while i and j:
        if best[i][j] == best[i][j - 1]:
            j -= 1
        elif best[i][j] == best[i - 1][j]:
            i -= 1
        else:
            i, j = i - 1, j - 1
            pairs.append((i, j))
    return pairs[::-1]


def _fit(one: TimedWord, other: TimedWord, *, since: float, reach: float, by_time: bool) -> float:
    """How well a word that was said matches one of the new words; 0 if they cannot be the same."""
    if one.end + reach < other.start or other.end + reach < one.start:
        return 0.0
    drift = min(
        abs(_middle(one) - _middle(other)), abs(one.start - other.start), abs(one.end - other.end)
    )
    if _is_same(one, other) or (by_time and _is_whole_form(one, other)):
        return max(0.1, 3.0 - 10.0 * drift) if drift <= reach else 0.0
    common = min(one.end, other.end) - max(one.start, other.start)
    shorter = min(one.end - one.start, other.end - other.start)
    is_all_there = since <= _middle(one)
    enough = min(_DRIFT, shorter / 4) if is_all_there else shorter / 2
    return 1.0 + common if by_time and common > max(_ROUNDING, enough) else 0.0


def _is_whole_form(one: TimedWord, other: TimedWord) -> bool:
    """Whether the second word may be the complete form of the first one, which was cut off."""
    return spoken(other.text).startswith(spoken(one.text)) and one.end < other.end


def _is_same(one: TimedWord, other: TimedWord) -> bool:
    return spoken(one.text) == spoken(other.text)


def _middle(word: TimedWord) -> float:
    return (word.start + word.end) / 2


# By text alone


def overlap(before: Sequence[str], after: Sequence[str]) -> int | None:
    """How many of the later words repeat the end of the earlier ones.

    Returns:
        The greatest possible number; ``None`` if they have nothing in common.
    """
    said, again = _all_spoken(before), _all_spoken(after)
    for start in range(len(said)):
        tail = said[start:]
        common = min(len(tail), len(again))
        if tail[:common] == again[:common]:
            return common
    return None


def length_repeated(before: Sequence[str], after: Sequence[str]) -> int:
    """How many words of a text correspond to its earlier version, some of them rewritten.

    Words after the last one that both versions have in common are matched by their number.
    """
    matcher = SequenceMatcher(None, _all_spoken(before), _all_spoken(after), autojunk=False)
    *common, _ = matcher.get_matching_blocks()
    return common[-1].b + len(before) - common[-1].a if common else len(before)


_SEAM = 12
"""Number of words of the later text that are searched for in the earlier one."""

_ASTRAY = 40
"""Number of words by which the place may differ from the expected one."""

_COST_ASTRAY = 0.1
"""What each of them costs, if a word in common is worth 1."""


def seam(before: Sequence[str], after: Sequence[str], near: int) -> tuple[int, int]:
    """Find where a text continues another one that it overlaps.

    Args:
        before: The words of the earlier text.
        after: The words of the later one, which repeats its end and continues it.
        near: How many words of the earlier text probably lie before the later one begins.

    Returns:
        How many words of the earlier text to keep, and how many words at the beginning of the
        later one to leave out. Words that were cut in half are left out.
    """
    first = max(0, near - _ASTRAY)
    said = _all_spoken(before[first : near + _ASTRAY + _SEAM])
    path = _alignment(said, _all_spoken(after[:_SEAM]), near - first)
    if not path:
        return near, 0
    kept, left_out = path[0]
    return first + kept, left_out


def _alignment(said: Sequence[str], again: Sequence[str], near: int) -> list[tuple[int, int]]:
    """The words in common when the later text is aligned with the earlier one as well as possible.

    It may begin and end anywhere in the earlier one, and may continue beyond its end.
    """
    scores = [[-abs(k - near) * _COST_ASTRAY for k in range(len(said) + 1)]]
    for j, word in enumerate(again):
        row = [scores[j][0] - 1.0]
        for k, other in enumerate(said):
            step = scores[j][k] + (1.0 if word == other else -1.0)
            row.append(max(step, scores[j][k + 1] - 1.0, row[k] - 1.0))
        scores.append(row)
    ends = [(row[-1], j, len(said)) for j, row in enumerate(scores)]
    ends += [(score, len(again), k) for k, score in enumerate(scores[-1])]
    _, j, k = max(ends)
    return _walk_back(scores, said, again, j, k)


def _walk_back(
    scores: Sequence[Sequence[float]], said: Sequence[str], again: Sequence[str], j: int, k: int
) -> list[tuple[int, int]]:
    common: list[tuple[int, int]] = []
    while j:
        is_same = bool(k) and again[j - 1] == said[k - 1]
        if k and scores[j][k] == scores[j - 1][k - 1] + (1.0 if is_same else -1.0):
            j, k = j - 1, k - 1
            if is_same:
                common.append((k, j))
        elif scores[j][k] == scores[j - 1][k] - 1.0:
            j -= 1
        else:
            k -= 1
    return common[::-1]


def _all_spoken(words: Sequence[str]) -> list[str]:
    return [spoken(word) for word in words]
