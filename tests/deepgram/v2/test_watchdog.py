# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
"""Silence in place of audio that has stopped: as much as time has passed, and no more."""

import pytest

from pipecat_sagemaker_deepgram.deepgram.v2.watchdog import (
    END_MARGIN,
    STEP,
    ContainerDeaf,
    SilenceDue,
    SilenceSpent,
    SilenceWatchdog,
)

GIVEN = 3.0
"""Seconds of audio that were given before it stopped."""


def _watchdog(**options: float) -> SilenceWatchdog:
    watchdog = SilenceWatchdog(**options)
    watchdog.audio_given(GIVEN - 0.02, 0.0)
    watchdog.audio_given(0.02, 0.0)
    watchdog.turn_is(True, 0.0)
    return watchdog


def _run(watchdog: SilenceWatchdog, until: float) -> list[tuple[float, float]]:
    """Let time pass; gives when silence was sent and how much."""
    sent: list[tuple[float, float]] = []
    while (at := watchdog.get_timer()) is not None and at <= until:
        due = watchdog.handle_timer(at, heard_to=GIVEN)
        if not isinstance(due, SilenceDue):
            break
        watchdog.silence_sent(due.seconds)
        sent.append((at, due.seconds))
    return sent


def test_without_a_turn_nothing_is_due() -> None:
    watchdog = SilenceWatchdog()
    watchdog.audio_given(0.02, 0.0)
    assert watchdog.get_timer() is None
    assert watchdog.handle_timer(100.0, heard_to=GIVEN) is None


@pytest.mark.parametrize(("chunk", "least", "expected"), [(0.02, 0.5, 0.5), (0.4, 0.5, 0.8)])
def test_it_waits_twice_a_chunk_or_the_least_time(
    chunk: float, least: float, expected: float
) -> None:
    watchdog = SilenceWatchdog(min_timeout=least)
    watchdog.turn_is(True, 0.0)
    watchdog.audio_given(chunk, 10.0)
    assert watchdog.get_timer() == pytest.approx(10.0 + expected)


def test_silence_is_sent_in_real_time() -> None:
    for at, total in _totals(_run(_watchdog(), 3.0)):
        assert total == pytest.approx(at)


def _totals(sent: list[tuple[float, float]]) -> list[tuple[float, float]]:
    return [(at, sum(seconds for _, seconds in sent[: i + 1])) for i, (at, _) in enumerate(sent)]


def test_no_more_is_sent_than_a_turn_needs_to_end() -> None:
    watchdog = _watchdog(eot_timeout=2.0)
    sent = _run(watchdog, 100.0)
    assert sum(seconds for _, seconds in sent) == pytest.approx(2.0 + END_MARGIN)
    at = watchdog.get_timer()
    assert at == pytest.approx(2.0 + END_MARGIN + STEP)
    assert at is not None
    assert watchdog.handle_timer(at, heard_to=GIVEN) == SilenceSpent()


def test_audio_that_goes_on_begins_anew() -> None:
    watchdog = _watchdog()
    _run(watchdog, 2.0)
    watchdog.audio_given(0.02, 2.0)
    assert watchdog.get_timer() == 2.5
    assert watchdog.handle_timer(2.5, heard_to=GIVEN) == SilenceDue(0.5)


def test_silence_that_no_stream_takes_is_asked_for_anew() -> None:
    watchdog = _watchdog()
    assert watchdog.handle_timer(0.5, heard_to=GIVEN) == SilenceDue(0.5)
    assert watchdog.get_timer() == 0.5 + STEP
    assert watchdog.handle_timer(0.5 + STEP, heard_to=GIVEN) is None
    assert watchdog.get_timer() == 0.5 + STEP + 0.5
    watchdog.silence_sent(0.5)
    due = watchdog.handle_timer(1.1, heard_to=GIVEN)
    assert isinstance(due, SilenceDue)
    assert due.seconds == pytest.approx(0.5)


def test_audio_that_comes_before_the_silence_is_taken_counts() -> None:
    watchdog = _watchdog()
    watchdog.handle_timer(0.5, heard_to=GIVEN)
    watchdog.audio_given(0.02, 0.5)
    watchdog.silence_sent(0.5)
    assert watchdog.get_timer() == 1.0


def test_silence_that_was_not_asked_for_changes_nothing() -> None:
    watchdog = _watchdog()
    watchdog.silence_sent(5.0)
    assert watchdog.get_timer() == 0.5


def test_the_end_of_the_turn_is_the_end_of_it() -> None:
    watchdog = _watchdog()
    watchdog.turn_is(False, 1.0)
    assert watchdog.get_timer() is None


def test_a_turn_that_opens_long_after_the_audio_gets_no_burst() -> None:
    watchdog = SilenceWatchdog()
    watchdog.audio_given(0.02, 0.0)
    watchdog.turn_is(True, 60.0)
    assert watchdog.handle_timer(60.0, heard_to=GIVEN) == SilenceDue(0.5)


def test_a_new_stream_is_owed_nothing_of_the_time_before() -> None:
    watchdog = _watchdog()
    _run(watchdog, 2.0)
    watchdog.start_over(2.0)
    assert watchdog.get_timer() == 2.5


def _spend(watchdog: SilenceWatchdog, heard_to: float, *, until: float) -> object:
    """Let time pass until something else than silence is due, or all is still."""
    while (at := watchdog.get_timer()) is not None and at <= until:
        due = watchdog.handle_timer(at, heard_to=heard_to)
        if not isinstance(due, SilenceDue):
            return due
        watchdog.silence_sent(due.seconds)
    return "nothing"


def test_a_container_that_stops_short_of_the_audios_end_is_left_for_another_once() -> None:
    watchdog = _watchdog(eot_timeout=2.0)
    assert _spend(watchdog, 2.0, until=4.0) == ContainerDeaf()
    assert _spend(watchdog, 2.0, until=5.0) == "nothing"
    assert _spend(watchdog, 2.0, until=7.0) == SilenceSpent()


def test_another_container_that_listens_to_the_end_gets_the_same_time() -> None:
    watchdog = _watchdog(eot_timeout=2.0)
    assert _spend(watchdog, 2.0, until=4.0) == ContainerDeaf()
    assert _spend(watchdog, 3.0, until=7.0) == SilenceSpent()


def test_a_container_that_is_late_is_waited_for_while_it_comes_on() -> None:
    watchdog = _watchdog(eot_timeout=2.0)
    for heard_to in (1.0, 1.5, 2.0):
        at = watchdog.get_timer()
        assert at is not None
        due = watchdog.handle_timer(at, heard_to=heard_to - 0.5)
        assert isinstance(due, SilenceDue)
        watchdog.silence_sent(due.seconds)
        assert _spend(watchdog, heard_to, until=100.0) is None


def test_the_next_turn_may_ask_another_again() -> None:
    watchdog = _watchdog(eot_timeout=2.0)
    assert _spend(watchdog, 2.0, until=4.0) == ContainerDeaf()
    watchdog.turn_is(False, 5.0)
    watchdog.turn_is(True, 10.0)
    assert _spend(watchdog, 2.0, until=20.0) == ContainerDeaf()
