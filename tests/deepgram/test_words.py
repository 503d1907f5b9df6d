# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
"""The same words, written differently."""

from collections.abc import Sequence
from dataclasses import dataclass
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipecat_sagemaker_deepgram.deepgram.words import (
    Repeated,
    is_same_text,
    length_repeated,
    overlap,
    repeated,
    seam,
)


@pytest.mark.parametrize(
    ("before", "after", "common"),
    [("a b c", "b c d", 2), ("a b c", "a b", 2), ("a b", "c", None), ("", "a", None), ("a", "", 0)],
)
def test_the_longest_overlap_is_taken(before: str, after: str, common: int | None) -> None:
    assert overlap(before.split(), after.split()) == common


def test_writing_is_no_difference() -> None:
    assert is_same_text("Hi, I'm here.", "hi im HERE")
    assert not is_same_text("one two", "one")


@pytest.mark.parametrize(
    ("before", "after", "length"),
    [
        ("I'm going", "I am going home", 3),
        ("I think I", "I thought I would", 3),
        ("one too", "one two three", 2),
        ("one two", "three four five", 2),
        ("one two three", "one", 3),
    ],
)
def test_words_that_were_rewritten_are_known_by_their_number(
    before: str, after: str, length: int
) -> None:
    assert length_repeated(before.split(), after.split()) == length


# Words with times

VOCABULARY = ("no", "yes", "one", "two")


@dataclass(frozen=True)
class Heard:
    """A word as one hearing has it."""

    text: str
    start: float
    end: float


def _speech(random: Random, count: int) -> list[Heard]:
    """Few different words, many of them said again at once."""
    said, at = [], random.uniform(0.0, 0.5)
    for _ in range(count):
        length = random.uniform(0.15, 0.5)
        said.append(Heard(random.choice(VOCABULARY), at, at + length))
        at += length + random.choice((0.0, 0.0, 0.05, 0.4))
    return said


def _hearing(random: Random, words: Sequence[Heard], moved: float) -> list[Heard]:
    """The same words, all heard a little later, and each a little off."""
    shift = random.uniform(0.0, moved)

    def off() -> float:
        return shift + random.uniform(-0.03, 0.03)

    return [Heard(word.text, word.start + off(), word.end + off()) for word in words]


@settings(max_examples=300, deadline=None, derandomize=True)
@given(seed=st.integers(0, 2**32), is_cut=st.booleans())
def test_of_what_is_heard_again_the_words_beyond_are_found(seed: int, is_cut: bool) -> None:
    random = Random(seed)
    words = _speech(random, random.randrange(1, 14))
    begin = random.randrange(len(words))
    end = random.randrange(begin, len(words) + 1)
    said = _hearing(random, words[:end], 0.0)
    if is_cut and end > begin:
        half = said[-1]
        said[-1] = Heard(half.text[:1], half.start, (half.start + half.end) / 2)
    again = _hearing(random, words[begin:], 0.1)
    since = words[begin].start
    said_to = said[-1].end if said else 0.0
    found = repeated(said, again, since=since, said_to=said_to)
    assert again[found.count :] == again[end - begin :]


def test_what_is_other_than_before_is_counted() -> None:
    said = [Heard("four", 1.0, 1.2), Heard("men", 1.3, 1.6)]
    again = [Heard("for", 1.0, 1.2), Heard("men", 1.3, 1.6), Heard("or", 1.7, 1.8)]
    assert repeated(said, again, since=0.9, said_to=1.6) == Repeated(2, 1)


def test_where_only_the_same_words_count_others_are_new_whenever_they_were_said() -> None:
    said, again = [Heard("four", 1.0, 1.2)], [Heard("for", 0.9, 1.1)]
    assert repeated(said, again, since=1.0, said_to=1.2, by_time=False) == Repeated(0, 0)


# Words without times


@pytest.mark.parametrize(
    ("before", "after", "near", "place"),
    [
        ("a b c d e f g h", "e f g h i", 3, (4, 0)),
        ("a b c d e f g h", "xx f g h i", 3, (5, 1)),
        ("a b c d", "e f g", 4, (4, 0)),
        ("a b c d", "x y z", 2, (2, 0)),
        ("my number is 5550199 thank", "0199 thank you", 4, (4, 1)),
        ("so I am going to", "I'm going to go", 2, (3, 1)),
        ("", "a b", 0, (0, 0)),
    ],
)
def test_a_later_text_goes_on_where_its_first_words_stand_in_the_earlier_one(
    before: str, after: str, near: int, place: tuple[int, int]
) -> None:
    assert seam(before.split(), after.split(), near) == place


@settings(max_examples=200, deadline=None, derandomize=True)
@given(seed=st.integers(0, 2**32))
def test_a_long_text_is_put_together_again_though_its_place_is_known_roughly(seed: int) -> None:
    random = Random(seed)
    words = [random.choice(("the", "and", f"w{random.randrange(200)}")) for _ in range(150)]
    begin = random.randrange(100)
    near = max(0, begin + random.randrange(-6, 7))
    before, after = words[:140], words[begin:]
    kept, left_out = seam(before, after, near)
    assert before[:kept] + after[left_out:] == words
