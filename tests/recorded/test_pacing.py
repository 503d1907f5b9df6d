# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipecat_sagemaker_deepgram.exceptions import ConfigurationError
from pipecat_sagemaker_deepgram.recorded.pacing import Pace


def due(pace: Pace, *, fed: float, heard: float = 0.0, latest: float = 100.0) -> float:
    return pace.due(fed=fed, heard=heard, started=100.0, latest=latest, step=0.02)


def test_real_time_goes_by_the_schedule():
    assert due(Pace(1.0), fed=3.0) == 103.0


def test_a_late_piece_does_not_delay_those_after_it():
    assert due(Pace(1.0), fed=3.0, latest=102.99) == 103.0


def test_twice_the_speed_takes_half_the_time():
    assert due(Pace(2.0), fed=3.0) == 101.5


def test_without_a_limit_audio_goes_at_once():
    assert due(Pace(math.inf), fed=19.98) == 100.0


def test_beyond_the_lead_audio_goes_in_real_time():
    assert due(Pace(math.inf, lead=20.0), fed=20.0, latest=107.0) == 107.02


def test_what_was_heard_makes_room():
    assert due(Pace(math.inf, lead=20.0), fed=20.0, heard=0.5, latest=107.0) == 100.0


@given(
    speed=st.sampled_from([0.5, 1.0, 3.0, math.inf]),
    heard=st.floats(0, 50),
    pieces=st.integers(1, 400),
)
def test_nothing_heard_bounds_the_lead(speed: float, heard: float, pieces: int):
    """However fast, audio runs ahead by the lead, and by real time from there."""
    pace = Pace(speed, lead=2.0)
    now = latest = 100.0
    fed = 0.0
    for _ in range(pieces):
        now = latest = max(
            now, pace.due(fed=fed, heard=heard, started=100.0, latest=latest, step=0.02)
        )
        fed += 0.02
        assert fed <= heard + 2.0 + 0.02 + (now - 100.0) + 1e-6


@pytest.mark.parametrize("speed", [0, -1, math.nan])
def test_a_speed_at_which_nothing_would_be_sent_is_refused(speed: float) -> None:
    with pytest.raises(ConfigurationError, match=r"speed is .*; it must be more than 0"):
        Pace(speed)
