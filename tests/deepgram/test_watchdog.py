# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
"""Silence in place of audio that has stopped: as much as time has passed, and no more."""

import pytest

from pipecat_sagemaker_deepgram.deepgram.watchdog import (
    END_MARGIN,
    STEP,
    SilenceDue,
    SilenceSpent,
    SilenceWatchdog,
)


def _watchdog(**options: float) -> SilenceWatchdog:
    watchdog = SilenceWatchdog(**options)
    watchdog.audio_given(0.02, 0.0)
    watchdog.turn_is(True, 0.0)
    return watchdog


def _run(watchdog: SilenceWatchdog, until: float) -> list[tuple[float, float]]:
    """Let time pass; gives when silence was sent and how much."""
    sent: list[tuple[float, float]] = []
    while (at := watchdog.get_timer()) is not None and at <= until:
        due = watchdog.handle_timer(at)
        if not isinstance(due, SilenceDue):
            break
        watchdog.silence_sent(due.seconds)
        sent.append((at, due.seconds))
    return sent


def test_without_a_turn_nothing_is_due() -> None:
    watchdog = SilenceWatchdog()
    watchdog.audio_given(0.02, 0.0)
    assert watchdog.get_timer() is None
    assert watchdog.handle_timer(100.0) is None


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
    assert watchdog.handle_timer(at) == SilenceSpent()


def test_audio_that_goes_on_begins_anew() -> None:
    watchdog = _watchdog()
    _run(watchdog, 2.0)
    watchdog.audio_given(0.02, 2.0)
    assert watchdog.get_timer() == 2.5
    assert watchdog.handle_timer(2.5) == SilenceDue(0.5)


def test_the_end_of_the_turn_is_the_end_of_it() -> None:
    watchdog = _watchdog()
    watchdog.turn_is(False, 1.0)
    assert watchdog.get_timer() is None


def test_a_turn_that_opens_long_after_the_audio_gets_no_burst() -> None:
    watchdog = SilenceWatchdog()
    watchdog.audio_given(0.02, 0.0)
    watchdog.turn_is(True, 60.0)
    assert watchdog.handle_timer(60.0) == SilenceDue(0.5)


def test_a_new_stream_is_owed_nothing_of_the_time_before() -> None:
    watchdog = _watchdog()
    _run(watchdog, 2.0)
    watchdog.start_over(2.0)
    assert watchdog.get_timer() == 2.5
