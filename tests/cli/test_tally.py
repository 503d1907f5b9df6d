# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
import pytest

from pipecat_sagemaker_deepgram.cli.tally import Tally, duration


def test_rate_and_time_left_count_what_is_under_way():
    tally = Tally(4, began=100.0)
    assert tally.seconds_left(100.0) is None
    tally.note_finished("a", 60.0, is_well=True)
    tally.note_progress("b", 40.0, 100.0)
    assert tally.rate(110.0) == 10.0
    # 60 s are left of b, and two more are as long as a and b are on average.
    assert tally.seconds_left(110.0) == pytest.approx((60 + 2 * 80) / 10)
    assert tally.line(110.0) == "1 of 4, 10 times real time, 22 s left"


def test_a_length_that_is_not_known_is_taken_for_the_mean():
    tally = Tally(2, began=0.0)
    tally.note_finished("a", 60.0, is_well=True)
    tally.note_progress("b", 20.0, None)
    assert tally.seconds_left(8.0) == pytest.approx(4.0)


def test_the_summary_says_what_came_of_it():
    tally = Tally(4, began=0.0, skipped=1)
    tally.note_finished("a", 100.0, is_well=True)
    tally.note_finished("b", 20.0, is_well=False)
    assert tally.summary(10.0) == (
        "1 of 4 transcribed, 1 failed, 1 transcribed before: 2 min 0 s of audio in 10 s, "
        "12 times real time"
    )


@pytest.mark.parametrize(
    ("seconds", "said"),
    [(0.25, "0.2 s"), (12.4, "12 s"), (60, "1 min 0 s"), (119.9, "2 min 0 s"), (7320, "2 h 2 min")],
)
def test_a_length_of_time_in_words(seconds: float, said: str):
    assert duration(seconds) == said
