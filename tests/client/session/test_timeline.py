# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
"""A stream's seconds and the session's."""

from dataclasses import dataclass

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipecat_sagemaker_deepgram.client.session.timeline import StreamTimeline

RATE = 100


class Clock:
    """A timeline, and what a stream that was sent audio and silence makes of it."""

    def __init__(self, *, bytes_per_second: int = RATE) -> None:
        self.timeline = StreamTimeline(bytes_per_second=bytes_per_second)
        self.to_session = self.timeline.to_session
        self.sent_bytes = 0
        self._position = 0

    def begin(self, position: int) -> None:
        self._position = position
        self.timeline.begin_run(self.sent_bytes, position, is_silence=False)

    def add_audio(self, position: int, length: int) -> None:
        self.begin(position)
        self._position += length
        self.sent_bytes += length

    def add_silence(self, length: int) -> None:
        self.timeline.begin_run(self.sent_bytes, self._position, is_silence=True)
        self.sent_bytes += length


def test_a_first_stream_shows_the_sessions_time() -> None:
    timeline = Clock()
    timeline.begin(0)
    timeline.add_audio(0, 300)
    assert timeline.to_session(0.0) == 0.0
    assert timeline.to_session(1.25) == 1.25


def test_a_later_stream_begins_where_its_audio_does() -> None:
    timeline = Clock()
    timeline.begin(700)
    timeline.add_audio(700, 300)
    assert timeline.to_session(0.0) == 7.0
    assert timeline.to_session(2.0) == 9.0


def test_a_time_before_any_audio_is_where_the_stream_begins() -> None:
    timeline = Clock()
    timeline.begin(700)
    assert timeline.to_session(0.0) == 7.0


def test_silence_nobody_gave_takes_no_time_of_the_session() -> None:
    timeline = Clock()
    timeline.add_audio(0, 100)
    timeline.add_silence(200)
    timeline.add_audio(100, 100)
    assert timeline.to_session(0.5) == 0.5
    assert timeline.to_session(1.0) == timeline.to_session(2.0) == timeline.to_session(3.0) == 1.0
    assert timeline.to_session(3.5) == 1.5


def test_silence_before_the_first_audio_stands_where_the_stream_begins() -> None:
    timeline = Clock()
    timeline.begin(500)
    timeline.add_silence(100)
    timeline.add_audio(500, 100)
    assert timeline.to_session(0.5) == 5.0
    assert timeline.to_session(1.5) == 5.5


def test_audio_that_a_cap_dropped_is_a_leap() -> None:
    timeline = Clock()
    timeline.add_audio(0, 100)
    timeline.add_audio(400, 100)
    assert timeline.to_session(0.99) == pytest.approx(0.99)
    assert timeline.to_session(1.0) == 4.0
    assert timeline.to_session(1.5) == 4.5


def test_a_time_beyond_what_was_sent_runs_on() -> None:
    timeline = Clock()
    timeline.add_audio(200, 100)
    assert timeline.to_session(1.5) == 3.5


def test_positions_are_bytes_of_the_session() -> None:
    timeline = Clock()
    timeline.begin(200)
    timeline.add_audio(200, 100)
    assert timeline.timeline.to_position(0.5) == 250


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
    timeline = Clock(bytes_per_second=1)
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


def test_times_within_one_run_are_moved_by_one_amount() -> None:
    clock = Clock()
    clock.add_audio(700, 100)
    clock.add_silence(50)
    clock.add_audio(800, 100)
    shift = clock.timeline.shift_between
    assert shift(0.0, 0.99) == 7.0
    assert shift(1.5, 2.4) == 6.5
    assert shift(0.5, 1.2) is None
    assert shift(1.1, 1.2) is None
    assert shift(0.5, 2.0) is None


@given(begin=st.integers(0, 1000), runs=runs, start=st.integers(0, 500), length=st.integers(0, 500))
def test_one_amount_moves_times_as_each_is_moved_by_itself(
    begin: int, runs: list[Run], start: int, length: int
) -> None:
    clock = Clock(bytes_per_second=1)
    clock.begin(begin)
    position = begin
    for run in runs:
        if run.leap is None:
            clock.add_silence(run.length)
        else:
            position += run.leap
            clock.add_audio(position, run.length)
            position += run.length
    shift = clock.timeline.shift_between(start, start + length)
    if shift is not None:
        for at in range(start, start + length + 1):
            assert at + shift == clock.to_session(at)
