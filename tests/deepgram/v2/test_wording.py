# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
"""Words before and beyond a moment."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipecat_sagemaker_deepgram.deepgram.v2.messages import TurnInfo
from pipecat_sagemaker_deepgram.deepgram.v2.wording import Delivered, GivenOut, words_before

from .listener import info, timed

WORDS = timed(("one", 1.0, 1.2), ("two", 1.3, 1.5), ("three", 1.6, 1.8))

WORD = st.sampled_from(["a", "b", "c"])


def _delivered(*words: str, to: float, own_words: int | None = None) -> Delivered:
    return Delivered(1, 0, words, len(words) if own_words is None else own_words, to)


def _words_beyond(info: TurnInfo, stream: int, delivered: Delivered) -> list[str]:
    given_out = GivenOut()
    given_out.note(delivered)
    return given_out.words_beyond(info, stream)


@pytest.mark.parametrize(("moment", "count"), [(0.5, 0), (1.2, 1), (1.45, 2), (1.65, 2), (9.0, 3)])
def test_timed_words_lie_where_their_middle_does(moment: float, count: int) -> None:
    turn = info("Update", 2.0, "one two three", words=WORDS)
    assert words_before(turn, moment, since=0.0) == ["one", "two", "three"][:count]


@pytest.mark.parametrize(("moment", "count"), [(0.0, 0), (1.0, 0), (1.5, 2), (2.0, 4)])
def test_words_without_times_are_spread_evenly(moment: float, count: int) -> None:
    turn = info("Update", 2.0, "one two three four")
    assert words_before(turn, moment, since=1.0) == ["one", "two", "three", "four"][:count]


@pytest.mark.parametrize(
    ("before", "after", "beyond"),
    [
        ("I'm going", "I am going", ""),
        ("I am going", "I'm going home", "home"),
        ("I think I", "I thought I would", "would"),
        ("no I said no", "no he said no", ""),
        ("one too", "one two three", "three"),
        ("won", "one two", "two"),
        ("one two three", "one", ""),
    ],
)
def test_words_of_the_same_turn_may_be_rewritten(before: str, after: str, beyond: str) -> None:
    delivered = _delivered("as", "said", *before.split(), to=1.5, own_words=len(before.split()))
    assert _words_beyond(info("Update", 2.0, after), 1, delivered) == beyond.split()


def test_timed_words_of_the_same_turn_are_known_by_their_times() -> None:
    going = timed(("I", 1.0, 1.1), ("am", 1.1, 1.2), ("going", 1.2, 1.5))
    delivered = _delivered("I'm", "going", to=1.5)
    assert _words_beyond(info("EndOfTurn", 2.0, "I am going", words=going), 1, delivered) == []
    other = timed(("we're", 1.0, 1.2), ("gone", 1.2, 1.5), ("home", 1.6, 1.9))
    turn = info("EndOfTurn", 2.0, "we're gone home", words=other)
    assert _words_beyond(turn, 1, _delivered("I", "am", "going", to=1.5)) == ["home"]


@given(st.lists(WORD, min_size=1), st.lists(WORD))
def test_what_is_said_behind_the_same_words_is_new(said: list[str], more: list[str]) -> None:
    turn = info("Update", 2.0, " ".join(said + more))
    assert _words_beyond(turn, 1, _delivered(*said, to=1.5)) == more


def test_of_the_same_turn_as_many_words_are_known_as_were_delivered() -> None:
    turn = info("Update", 2.0, "One, two three.")
    assert _words_beyond(turn, 1, _delivered("one", "two", to=1.5)) == ["three."]


def test_of_a_turn_that_begins_later_nothing_is_known() -> None:
    turn = info("Update", 3.0, "two", audio_window_start=1.5)
    assert _words_beyond(turn, 2, _delivered("one", "two", to=1.5)) == ["two"]


def test_a_replay_is_known_by_its_times_or_by_its_words() -> None:
    delivered = _delivered("one", "two", to=1.55)
    turn = info("Update", 2.0, "one two three", words=WORDS)
    assert _words_beyond(turn, 2, delivered) == ["three"]
    assert _words_beyond(info("Update", 2.0, "One two three"), 2, delivered) == ["three"]
    assert _words_beyond(info("Update", 2.0, "One"), 2, delivered) == []


def test_words_that_were_heard_otherwise_are_known_by_their_number() -> None:
    given_out = GivenOut()
    given_out.note(_delivered("one", "two", to=2.0))
    assert given_out.words_beyond(info("Update", 1.9, "won too"), 2) == []
    turn = info("Update", 4.0, "won too three four")
    assert given_out.words_beyond(turn, 2) == ["three", "four"]
