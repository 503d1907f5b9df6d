# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
"""Finds terms to favour and terms to search for, by their similarity to the words heard."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

import jellyfish

from pipecat_sagemaker_deepgram.container.recognizers.recognizer import RecognizedWord
from pipecat_sagemaker_deepgram.container.recognizers.words import merged, plain_form

_SIMILAR, _SIMILAR_IF_SOUNDS_SAME = 0.8, 0.6
_HIT = 0.7

type Like = Callable[[str, str, float], bool]
"""Whether the words heard match a term, given the similarity of the letters."""


@dataclass(frozen=True)
class Hit:
    """A place where a term was heard.

    Attributes:
        begin: Index of the first word.
        end: Index after the last word.
        similarity: 0 to 1; 1.0 for the term itself.
    """

    begin: int
    end: int
    similarity: float


def favour(words: Sequence[RecognizedWord], terms: Sequence[str]) -> tuple[RecognizedWord, ...]:
    """Replace words that sound like a term by the term (Deepgram docs, "Keyterm")."""
    result = tuple(words)
    for term in terms:
        for hit in reversed(find(result, term, like=_sounds_like)):
            heard = result[hit.begin : hit.end]
            result = (*result[: hit.begin], merged(heard, term, term), *result[hit.end :])
    return result


def search(words: Sequence[RecognizedWord], term: str) -> list[Hit]:
    """Search the words heard for a term (Deepgram docs, "Search")."""
    return find(words, term, like=lambda heard, wanted, similarity: similarity >= _HIT)


def find(words: Sequence[RecognizedWord], term: str, *, like: Like) -> list[Hit]:
    """Return the places that match a term, in order; of overlapping ones, the best."""
    wanted, count = _letters(term.split()), len(term.split())
    if not wanted:
        return []
    candidates = sorted(
        _candidates(words, wanted, count, like), key=lambda hit: (-hit.similarity, hit.begin)
    )
    taken: list[Hit] = []
    for hit in candidates:
        if all(hit.end <= other.begin or hit.begin >= other.end for other in taken):
            taken.append(hit)
    return sorted(taken, key=lambda hit: hit.begin)


def _candidates(
    words: Sequence[RecognizedWord], wanted: str, count: int, like: Like
) -> Iterator[Hit]:
    plain = [plain_form(word) for word in words]
    for length in range(max(1, count - 1), 2 * count + 1):
        for begin in range(len(plain) - length + 1):
            heard = _letters(plain[begin : begin + length])
            similarity = _similarity(heard, wanted)
            if like(heard, wanted, similarity):
                yield Hit(begin, begin + length, similarity)


def _sounds_like(heard: str, wanted: str, similarity: float) -> bool:
    if similarity >= _SIMILAR:
        return True
    return similarity >= _SIMILAR_IF_SOUNDS_SAME and _sound(heard) == _sound(wanted)


@lru_cache(4096)
def _sound(letters: str) -> str:
    return jellyfish.metaphone(letters)


def _letters(words: Sequence[str]) -> str:
    return "".join(c for word in words for c in word.lower() if c.isalnum())


@lru_cache(4096)
def _similarity(heard: str, wanted: str) -> float:
    longest = max(len(heard), len(wanted))
    return 1.0 - jellyfish.levenshtein_distance(heard, wanted) / longest if longest else 0.0
