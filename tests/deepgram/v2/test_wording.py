# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
"""Words before and beyond a moment."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipecat_sagemaker_deepgram.deepgram.v2.messages import TurnInfo
from pipecat_sagemaker_deepgram.deepgram.v2.wording import (
    Delivered,
    GivenOut,
    TurnPiece,
    are_timed,
    cut_before,
    turn_pieces,
)

from .listener import info, timed

WORDS = timed(("one", 1.0, 1.2), ("two", 1.3, 1.5), ("three", 1.6, 1.8))

WORD = st.sampled_from(["a", "b", "c"])


def _delivered(*words: str, to: float, own_words: int | None = None) -> Delivered:
    return Delivered(1, 0, words, len(words) if own_words is None else own_words, to)


def _words_beyond(info: TurnInfo, stream: int, delivered: Delivered) -> list[str]:
    given_out = GivenOut()
    given_out.note(delivered)
    return _beyond(given_out, info, stream)


def _beyond(given_out: GivenOut, info: TurnInfo, stream: int) -> list[str]:
    return [piece.text.strip() for piece in given_out.words_beyond(info, stream)]


def test_timed_words_lie_where_their_middle_does() -> None:
    said = turn_pieces(info("Update", 2.0, "one two three", words=WORDS))
    assert [piece.begins_before(1.45) for piece in said] == [True, True, False]


def test_words_that_are_written_as_one_lie_where_they_begin() -> None:
    words = timed(("five", 1.0, 1.2), ("oh", 1.3, 1.5), ("one", 1.6, 1.8), ("please", 1.9, 2.0))
    said = turn_pieces(info("Update", 2.0, "501 please", words=words))
    assert said == [TurnPiece("501", 1.0, 1.8, is_group=True), TurnPiece(" please", 1.9, 2.0)]
    assert [piece.begins_before(1.1) for piece in said] == [True, False]


def test_a_text_that_is_not_its_words_is_cut_at_its_spaces_and_untimed() -> None:
    said = turn_pieces(info("Update", 2.0, "uno dos", words=WORDS))
    assert [piece.text for piece in said] == ["uno", " dos"]
    assert not are_timed(said)


SPOKEN = timed(
    ("it", 0.0, 0.5), ("is", 0.5, 1.0), ("five", 1.5, 2.0), ("oh", 2.0, 2.5), ("so", 2.5, 3.0),
    ("thank", 3.4, 3.8), ("you", 3.8, 4.0),
)  # fmt: skip


@pytest.mark.parametrize(
    ("limit", "place"), [(0.4, None), (0.6, 0.5), (1.4, 0.5), (2.9, 0.5), (3.1, 3.1), (9.0, 3.2)]
)
def test_a_turn_is_cut_in_the_longest_gap_between_words_written_one_by_one(
    limit: float, place: float | None
) -> None:
    turn = info("Update", 9.0, "it is 50 so thank you", words=SPOKEN)
    found = cut_before(turn, limit)
    assert found == (place if place is None else pytest.approx(place))


def test_without_times_there_is_no_place_to_cut() -> None:
    assert cut_before(info("Update", 9.0, "one two"), 9.0) is None


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
    assert _beyond(given_out, info("Update", 1.9, "won too"), 2) == []
    turn = info("Update", 4.0, "won too three four")
    assert _beyond(given_out, turn, 2) == ["three", "four"]
