# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
"""A stream's seconds and the session's."""

from dataclasses import dataclass

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipecat_sagemaker_deepgram.client.session.timeline import StreamTimeline

RATE = 100


def test_a_first_stream_tells_the_sessions_time() -> None:
    timeline = StreamTimeline(bytes_per_second=RATE)
    timeline.begin(0)
    timeline.add_audio(0, 300)
    assert timeline.to_session(0.0) == 0.0
    assert timeline.to_session(1.25) == 1.25
    assert timeline.sent_bytes == 300


def test_a_later_stream_begins_where_its_audio_does() -> None:
    timeline = StreamTimeline(bytes_per_second=RATE)
    timeline.begin(700)
    timeline.add_audio(700, 300)
    assert timeline.to_session(0.0) == 7.0
    assert timeline.to_session(2.0) == 9.0


def test_a_time_before_any_audio_is_where_the_stream_begins() -> None:
    timeline = StreamTimeline(bytes_per_second=RATE)
    timeline.begin(700)
    assert timeline.to_session(0.0) == 7.0


def test_silence_nobody_gave_takes_no_time_of_the_session() -> None:
    timeline = StreamTimeline(bytes_per_second=RATE)
    timeline.add_audio(0, 100)
    timeline.add_silence(200)
    timeline.add_audio(100, 100)
    assert timeline.to_session(0.5) == 0.5
    assert timeline.to_session(1.0) == timeline.to_session(2.0) == timeline.to_session(3.0) == 1.0
    assert timeline.to_session(3.5) == 1.5
    assert timeline.sent_bytes == 400


def test_silence_before_the_first_audio_stands_where_the_stream_begins() -> None:
    timeline = StreamTimeline(bytes_per_second=RATE)
    timeline.begin(500)
    timeline.add_silence(100)
    timeline.add_audio(500, 100)
    assert timeline.to_session(0.5) == 5.0
    assert timeline.to_session(1.5) == 5.5


def test_audio_that_a_cap_dropped_is_a_leap() -> None:
    timeline = StreamTimeline(bytes_per_second=RATE)
    timeline.add_audio(0, 100)
    timeline.add_audio(400, 100)
    assert timeline.to_session(0.99) == pytest.approx(0.99)
    assert timeline.to_session(1.0) == 4.0
    assert timeline.to_session(1.5) == 4.5


def test_a_time_beyond_what_was_sent_runs_on() -> None:
    timeline = StreamTimeline(bytes_per_second=RATE)
    timeline.add_audio(200, 100)
    assert timeline.to_session(1.5) == 3.5


def test_positions_are_bytes_of_the_session() -> None:
    timeline = StreamTimeline(bytes_per_second=RATE)
    timeline.begin(200)
    timeline.add_audio(200, 100)
    assert timeline.to_position(0.5) == 250


@dataclass(frozen=True)
class Run:
    """A run of audio after a leap, or of silence where there is none."""

    leap: int | None
    length: int


runs = st.lists(
    st.builds(Run, st.none() | st.integers(0, 300), st.integers(1, 300)), min_size=1, max_size=12
)


@given(begin=st.integers(0, 1000), runs=runs)
@settings(max_examples=60, deadline=None, derandomize=True, database=None)
def test_every_byte_maps_to_where_it_was_given_and_time_never_goes_back(
    begin: int, runs: list[Run]
) -> None:
    timeline = StreamTimeline(bytes_per_second=1)
    timeline.begin(begin)
    expected: list[int] = []
    position = begin
    for run in runs:
        if run.leap is None:
            timeline.add_silence(run.length)
            expected += [position] * run.length
        else:
            position += run.leap
            timeline.add_audio(position, run.length)
            expected += range(position, position + run.length)
            position += run.length
    mapped = [timeline.to_session(second) for second in range(len(expected))]
    assert mapped == expected
    assert mapped == sorted(mapped)
    assert timeline.sent_bytes == len(expected)
