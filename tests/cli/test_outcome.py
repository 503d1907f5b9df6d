# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
import jiwer
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipecat_sagemaker_deepgram.cli.events import AudioFed, ProblemReported, Started, WordsHeard
from pipecat_sagemaker_deepgram.cli.outcome import Outcome, word_error_rate, words_of

WORDS = st.lists(st.sampled_from("abcd"), max_size=8)


def heard(
    text: str = "x", *, end: float = 1.0, at: float = 0.0, is_final: bool = True
) -> WordsHeard:
    return WordsHeard(text, 0.0, end, covers_to=end, is_final=is_final, at=at)


def outcome_of(*events: Started | AudioFed | WordsHeard | ProblemReported) -> Outcome:
    outcome = Outcome()
    for event in events:
        outcome.add(event)
    return outcome


def test_text_is_that_of_the_finals():
    outcome = outcome_of(heard("a", is_final=False), heard("a b"), heard("c"))
    assert outcome.text == "a b c"
    assert outcome.interims == 1


def test_complete_only_when_all_audio_went_out():
    assert not outcome_of(AudioFed(1.0)).is_complete
    assert outcome_of(AudioFed(1.0), AudioFed(2.0, is_all=True)).is_complete


def test_median_delay_counts_from_the_last_word():
    outcome = outcome_of(
        Started(100.0),
        heard(end=1.0, at=101.5),
        heard(end=2.0, at=102.25),
        heard(end=3.0, at=110.0),
    )
    assert outcome.median_delay() == 0.5


def test_no_delay_without_words():
    assert outcome_of(Started(100.0)).median_delay() is None


def test_trouble_is_over_when_words_come_again():
    trouble = ProblemReported("gone", is_fatal=False)
    assert outcome_of(heard(), trouble).trouble == trouble
    assert outcome_of(trouble, heard(is_final=False)).trouble is None


def test_fatal_trouble_stays():
    fatal = ProblemReported("dead", is_fatal=True)
    assert outcome_of(fatal, heard(), ProblemReported("closing", is_fatal=False)).trouble == fatal


def test_words_have_neither_case_nor_punctuation():
    assert words_of(["It's the best - of", "TIMES."]) == ["it's", "the", "best", "of", "times"]


@pytest.mark.parametrize(
    ("text", "rate"), [("a b c d", 0.0), ("a c d", 0.25), ("a b x c d", 0.25), ("", 1.0)]
)
def test_errors_are_a_share_of_what_was_said(text: str, rate: float):
    assert word_error_rate("A, b c d.", text) == rate


@given(said=WORDS.filter(bool), found=WORDS)
def test_word_error_rate_agrees_with_jiwer(said: list[str], found: list[str]):
    ours = word_error_rate(" ".join(said), " ".join(found))
    assert ours == pytest.approx(jiwer.wer(" ".join(said), " ".join(found)))
