# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
"""What is done with words."""

import pytest

from pipecat_sagemaker_deepgram.container.recognizers.recognizer import RecognizedWord
from pipecat_sagemaker_deepgram.container.recognizers.words import plain_form
from pipecat_sagemaker_deepgram.container.text.features import Features
from pipecat_sagemaker_deepgram.container.text.replacing import read_replacement


def spoken(text: str) -> tuple[RecognizedWord, ...]:
    return tuple(
        RecognizedWord(word, index, index + 0.5) for index, word in enumerate(text.split())
    )


def shown(text: str, **features) -> str:
    return " ".join(word.text for word in Features(**features).apply(spoken(text)))


def replacing(text: str, *rules: str) -> str:
    return shown(text, replacements=tuple(read_replacement(rule) for rule in rules))


@pytest.mark.parametrize(
    ("text", "rules", "wanted"),
    [
        ("Call Monika, please.", ["monika:Monica"], "Call Monica, please."),
        ("my monika jon said", ["monika jon:Monica John"], "my Monica John said"),
        ("this that this", ["this:one", "that:two"], "one two one"),
        ("well um yes", ["um"], "well yes"),
        ("well nothing here", ["absent:x"], "well nothing here"),
        ("a b", ["a:b", "b:c"], "b c"),
    ],
)
def test_phrases_are_replaced(text, rules, wanted):
    assert replacing(text, *rules) == wanted


def test_a_replacement_takes_the_times_of_what_it_replaces():
    features = Features(replacements=(read_replacement("b c:X"),))
    replaced = features.apply(spoken("a b c d"))[1]
    assert (replaced.start, replaced.end, plain_form(replaced)) == (1, 2.5, "X")


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("Go forward ten meters.", "Go forward 10 meters."),
        ("Twenty five apples, one thousand two hundred.", "25 apples, 1200."),
        ("I am one of them.", "I am one of them."),
        ("Four one one two.", "4 1 1 2."),
        ("twenty, five", "20, 5"),
        ("Order 4711 today", "Order 4711 today"),
    ],
)
def test_numbers_are_written_in_digits(text, wanted):
    assert shown(text, numerals=True) == wanted


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("Take ten milligrams, then two feet", "Take 10 mg, then 2 ft"),
        ("ten people and a pound", "ten people and a pound"),
    ],
)
def test_units_after_numbers_are_abbreviated(text, wanted):
    assert shown(text, measurements=True) == wanted


@pytest.mark.parametrize(
    ("text", "mild", "aggressive"),
    [
        ("My card is four one one one, thanks.", "My card is * * * *, thanks.", None),
        ("Order 4711 for two people", "Order * for two people", "Order * for * people"),
        ("It costs twenty dollars", "It costs twenty dollars", "It costs * dollars"),
        ("two four", "two four", "* *"),
        ("call me", "call me", "call me"),
    ],
)
def test_numbers_are_redacted(text, mild, aggressive):
    assert shown(text, redacts_numbers=True) == mild
    assert shown(text, redacts_all_numbers=True) == (aggressive or mild)


def test_what_is_redacted_is_nowhere():
    words = Features(redacts_numbers=True, numerals=True).apply(spoken("pin five six seven"))
    assert [(word.text, plain_form(word)) for word in words[1:]] == [("*", "*")] * 3


def test_filler_words_are_left_out_unless_asked_for():
    assert shown("Uh, I, um, know") == "I, know"
    assert shown("Uh, I, um, know", filler_words=True) == "Uh, I, um, know"


def test_spoken_punctuation_becomes_marks():
    text = "Dear John, comma new line how are you. Question mark"
    assert shown(text, dictation=True) == "Dear John,\n how are you?"
    assert shown("comma here", dictation=True) == "comma here"


def test_swear_words_are_masked():
    assert shown("That is bullshit, my friend.", profanity_filter=True) == (
        "That is ****, my friend."
    )


@pytest.mark.parametrize(
    ("text", "term", "wanted"),
    [
        ("I use deep gram today.", "Deepgram", "I use Deepgram today."),
        ("Ask John, please", "Jon", "Ask Jon, please"),
        ("take trentinoin now", "tretinoin", "take tretinoin now"),
        ("tell Jane and Anna", "Jon", "tell Jane and Anna"),
        ("and a banana", "Anna", "and a banana"),
        ("the pipe cat frame work", "Pipecat framework", "the Pipecat framework"),
    ],
)
def test_a_keyterm_is_written_where_it_was_nearly_heard(text, term, wanted):
    assert shown(text, keyterms=(term,)) == wanted


def test_terms_are_searched_for_and_each_has_its_hits():
    words = spoken("the best of times, the worst of times")
    features = Features(search=("best of times", "age of wisdom"))
    first, second = features.find(words)
    assert [hit["snippet"] for hit in first["hits"]] == ["best of times", "worst of times"]
    best = first["hits"][0]
    assert (best["confidence"], best["start"], best["end"]) == (1.0, 1, 3.5)
    assert second == {"query": "age of wisdom", "hits": []}


def test_all_features_together_apply_in_order():
    assert (
        shown(
            "Um, deep gram sent twenty five mails, damn it",
            keyterms=("Deepgram",),
            numerals=True,
            profanity_filter=True,
            replacements=(read_replacement("mails:letters"),),
        )
        == "Deepgram sent 25 letters, **** it"
    )
