# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
"""When the user was muted, and which words were said then."""

import pytest

from pipecat_sagemaker_deepgram.deepgram.mutes import MOST_MUTES, Mutes


def _muted(*spans: tuple[float, float]) -> Mutes:
    mutes = Mutes()
    for start, end in spans:
        mutes.begin("user", start)
        mutes.end("user", end)
    return mutes


def test_the_middle_of_a_word_decides() -> None:
    mutes = _muted((1.0, 2.0), (5.0, 6.0))
    hidden = [mutes.hide_word(middle - 0.1, middle + 0.1) for middle in (0.9, 1.0, 1.9, 2.0)]
    assert hidden == [False, True, True, False]
    assert mutes.hide_word(5.4, 5.6)
    assert not mutes.hide_word(3.0, 3.2)


def test_a_mute_that_is_on_hides_all_that_follows() -> None:
    mutes = Mutes()
    mutes.begin("user", 1.0)
    assert mutes.hide_word(90.0, 91.0)
    assert not mutes.hide_word(0.0, 0.5)


def test_the_user_is_muted_until_the_last_who_mutes_has_ended() -> None:
    mutes = Mutes()
    mutes.begin("user", 1.0)
    mutes.begin("stt", 1.5)
    mutes.end("user", 2.0)
    assert mutes.is_on
    mutes.end("stt", 3.0)
    assert not mutes.is_on
    assert mutes.hide_word(2.4, 2.6)
    assert not mutes.hide_word(3.0, 3.2)


def test_an_end_without_a_beginning_ends_nothing() -> None:
    mutes = Mutes()
    mutes.end("user", 1.0)
    mutes.begin("user", 2.0)
    mutes.end("stt", 3.0)
    assert mutes.is_on


@pytest.mark.parametrize(
    ("start", "end", "is_hidden"),
    [(1.0, 2.0, True), (1.2, 1.8, True), (0.5, 1.5, False), (1.5, 2.5, False), (3.0, 4.0, False)],
)
def test_a_piece_without_words_is_hidden_where_it_lies_in_a_mute(
    start: float, end: float, is_hidden: bool
) -> None:
    assert _muted((1.0, 2.0)).hide_all(start, end) == is_hidden


def test_a_call_of_many_mutes_keeps_the_latest() -> None:
    mutes = _muted(*((float(number), number + 0.5) for number in range(MOST_MUTES + 5)))
    assert not mutes.hide_word(1.1, 1.3)
    assert mutes.hide_word(MOST_MUTES + 1.1, MOST_MUTES + 1.3)
