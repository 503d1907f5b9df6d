# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
"""The same words, written differently."""

import pytest

from pipecat_sagemaker_deepgram.deepgram.words import is_same_text, length_repeated, overlap


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
