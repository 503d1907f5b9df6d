# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
"""Texts are cut where their words are told apart, and joined as their container writes them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipecat_sagemaker_deepgram.deepgram.writing import join, pieces, separator, text_of

JAPANESE = ["今日", "は", "いい", "天気", "です"]
THAI = ["วันนี้", "อากาศ", "ดี"]
NUMBER = ["my", "number", "is", "five", "five", "five", "oh", "one", "nine", "nine", "thank", "you"]


def _cut(text: str, words: list[str]) -> list[str]:
    return [piece.text for piece in pieces(text, words)]


@pytest.mark.parametrize(
    ("text", "words", "cut"),
    [
        ("Hello, World. Hi", ["hello", "world", "hi"], ["Hello,", " World.", " Hi"]),
        ("I'm (so) glad", ["im", "so", "glad"], ["I'm", " (so)", " glad"]),
        ("今日は、いい天気です。", JAPANESE, ["今日", "は、", "いい", "天気", "です。"]),
        ("วันนี้อากาศดี", THAI, ["วันนี้", "อากาศ", "ดี"]),
        ("hello world", ["quite", "different"], ["hello world"]),
        ("", [], []),
    ],
)
def test_a_text_is_cut_between_its_words(text: str, words: list[str], cut: list[str]) -> None:
    assert _cut(text, words) == cut


@pytest.mark.parametrize(
    ("text", "words", "cut"),
    [
        (
            "My number is 5550199, thank you",
            NUMBER,
            ["My", " number", " is", " 5550199,", " thank"],
        ),
        ("今日は500円です", ["今日", "は", "五", "百", "円", "です"], ["今日", "は", "500", "円"]),
    ],
)
def test_words_that_are_written_as_one_are_one_piece(
    text: str, words: list[str], cut: list[str]
) -> None:
    assert _cut(text, words)[:-1] == cut


def test_a_piece_knows_its_words() -> None:
    words = ["call", "five", "five", "five", "now"]
    found = [(each.first, each.end) for each in pieces("call 555 now", words)]
    assert found == [(0, 1), (1, 4), (4, 5)]


@given(st.lists(st.sampled_from(["a", "b", "12", "天", "気", "x-y"]), min_size=1), st.booleans())
def test_nothing_is_lost_by_cutting(words: list[str], has_spaces: bool) -> None:
    text = (" " if has_spaces else "").join(words)
    found = pieces(text, words)
    assert "".join(piece.text for piece in found) == text
    assert [piece.first for piece in found[1:]] == [piece.end for piece in found[:-1]]
    assert found[-1].end == len(words)


@pytest.mark.parametrize(
    ("text", "words", "kept", "written"),
    [
        ("Hello, World. Hi", ["hello", "world", "hi"], {1, 2}, "World. Hi"),
        ("今日はいい天気です。", JAPANESE, {3, 4}, "天気です。"),
        ("call 5552 now", ["call", "five", "five", "five", "two", "now"], {4, 5}, "two now"),
        ("Hello there, you.", ["Hello", "there,", "you."], {0, 2}, "Hello you."),
        ("one two one", ["one", "two", "one"], {2}, "one"),
        ("five", ["one", "two"], {1}, "two"),
        ("a b", ["a", "b"], set[int](), ""),
    ],
)
def test_some_words_are_written_as_the_text_has_them(
    text: str, words: list[str], kept: set[int], written: str
) -> None:
    assert text_of(text, words, kept) == written


@pytest.mark.parametrize(
    ("before", "after", "joined"),
    [
        (["one", " two"], ["three"], "one two three"),
        (["one"], ["two"], "one two"),
        (["今日", "は"], ["いい"], "今日はいい"),
        (["今日"], ["は"], "今日は"),
        (["你", " 好"], ["吗"], "你 好 吗"),
        (["です。"], ["明日"], "です。明日"),
        (["です。", " 明日", "は"], ["雨", "です"], "です。 明日は雨です"),
        (["วันนี้", "อากาศ"], ["ดี"], "วันนี้อากาศดี"),
        (["안녕", " 하세요"], ["여러분"], "안녕 하세요 여러분"),
        (["用", "Python"], ["写"], "用Python写"),
        (["用", " Python"], ["写"], "用 Python写"),
    ],
)
def test_texts_are_joined_as_their_own_words_are(
    before: list[str], after: list[str], joined: str
) -> None:
    assert "".join(before) + separator(before, after) + "".join(after) == joined


@pytest.mark.parametrize(
    ("texts", "joined"),
    [([], ""), (["Hi."], "Hi."), (["Hi.", "You?"], "Hi. You?"), (["はい。", "そう"], "はい。そう")],
)
def test_whole_texts_are_joined_as_their_language_is_written(texts: list[str], joined: str) -> None:
    assert join(texts) == joined
