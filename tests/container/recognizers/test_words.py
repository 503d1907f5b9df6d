# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
"""Plain words and estimated word times."""

from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipecat_sagemaker_deepgram.container.recognizers.words import plain_word, spread_words


@pytest.mark.parametrize(
    ("text", "plain"),
    [
        ("Hello,", "hello"),
        ("don't", "don't"),
        ("“Twenty-one.”", "twenty-one"),
        ("...", ""),
        ("3.5", "3.5"),
        ("ÉTÉ!", "été"),
    ],
)
def test_a_plain_word_has_no_case_and_no_punctuation_round_it(text, plain):
    assert plain_word(text) == plain


def test_longer_words_take_longer():
    short, long = spread_words("a beautiful", [(1.0, 2.2)])
    assert (short.start, short.end) == pytest.approx((1.0, 1.2))
    assert (long.start, long.end) == pytest.approx((1.2, 2.2))
    assert short.estimated
    assert long.estimated


def test_a_pause_between_voiced_spans_belongs_to_no_word():
    one, two = spread_words("one two", [(0.0, 1.0), (3.0, 4.0)])
    assert (one.start, one.end) == pytest.approx((0.0, 1.0))
    assert (two.start, two.end) == pytest.approx((3.0, 4.0))


def test_loose_punctuation_is_no_word():
    assert [word.text for word in spread_words("yes - no .", [(0.0, 1.0)])] == ["yes", "no"]


def test_no_text_gives_no_words():
    assert spread_words(" ", [(0.0, 1.0)]) == ()


spans = st.lists(st.integers(1, 400), min_size=2, max_size=8).map(
    lambda gaps: [
        (a / 50, b / 50) for a, b in pairwise([sum(gaps[: i + 1]) for i in range(len(gaps))])
    ][::2]
)


@settings(deadline=None)
@given(st.lists(st.text("abcdefg", min_size=1, max_size=9), min_size=1, max_size=12), spans)
def test_words_follow_each_other_inside_the_voiced_spans(texts, voiced):
    words = spread_words(" ".join(texts), voiced)
    assert [word.text for word in words] == texts
    assert words[0].start == pytest.approx(voiced[0][0])
    assert words[-1].end == pytest.approx(voiced[-1][1])
    assert all(a.end <= b.start + 1e-6 for a, b in pairwise(words))
    assert all(word.start < word.end for word in words)
