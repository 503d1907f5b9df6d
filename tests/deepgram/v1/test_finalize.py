# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
"""How long an answer to ``Finalize`` is waited for, and what counts as one."""

import pytest

from pipecat_sagemaker_deepgram.deepgram.v1.answer_times import (
    FIRST_PATIENCE,
    LEAST_PATIENCE,
    MOST_PATIENCE,
)
from pipecat_sagemaker_deepgram.deepgram.v1.finalize import (
    TOO_SHORT,
    FinalizeTimeout,
    Finalizing,
)


def _requested(*, channels: int = 1, timeout: FinalizeTimeout = 1.0) -> Finalizing:
    finalizing = Finalizing(channels=channels, timeout=timeout)
    assert not finalizing.request(5.0)
    return finalizing


def test_time_runs_from_when_it_was_sent_not_from_when_it_was_asked_for() -> None:
    finalizing = _requested()
    assert finalizing.deadline is None
    finalizing.sent(7.0)
    assert finalizing.deadline == 8.0


def test_a_control_that_nobody_waits_for_sets_no_deadline() -> None:
    finalizing = Finalizing()
    finalizing.sent(7.0)
    assert finalizing.deadline is None


def test_an_answer_ends_the_wait() -> None:
    finalizing = _requested()
    finalizing.sent(7.0)
    assert finalizing.answered(0, 1, 7.5, to=5.0)
    assert finalizing.deadline is None
    assert finalizing.expire() == set()


def test_a_second_answer_answers_nothing() -> None:
    finalizing = _requested()
    assert finalizing.answered(0, 1, 7.5, to=5.0)
    assert not finalizing.answered(0, 1, 7.5, to=5.0)


@pytest.mark.parametrize("heard_to", [5.0, 5.0 - TOO_SHORT / 2, 9.0])
def test_what_was_heard_before_it_was_asked_for_is_not_waited_for(heard_to: float) -> None:
    finalizing = Finalizing()
    assert not finalizing.heard(0, 1, to=heard_to)
    assert finalizing.request(5.0)
    finalizing.sent(7.0)
    assert finalizing.deadline is None
    assert not finalizing.answered(0, 1, 7.5, to=5.0)


def test_what_is_heard_without_an_answer_is_not_waited_for_either() -> None:
    finalizing = _requested()
    finalizing.sent(7.0)
    assert not finalizing.heard(0, 1, to=4.9)
    assert finalizing.deadline == 8.0
    assert finalizing.heard(0, 1, to=5.0)
    assert finalizing.deadline is None
    assert not finalizing.heard(0, 1, to=6.0)
    assert not finalizing.answered(0, 1, 7.5, to=5.0)


def test_what_was_heard_is_never_less() -> None:
    finalizing = Finalizing()
    finalizing.heard(0, 1, to=5.0)
    finalizing.heard(0, 1, to=0.0)
    assert finalizing.request(5.0)


def test_every_channel_has_to_be_heard_or_to_answer() -> None:
    finalizing = _requested(channels=3)
    assert not finalizing.heard(1, 3, to=5.0)
    assert not finalizing.answered(0, 3, 7.5, to=5.0)
    assert finalizing.heard(2, 3, to=5.0)
    assert not finalizing.request(6.0)
    finalizing.heard(0, 3, to=6.0)
    assert finalizing.expire() == {1, 2}


def test_every_channel_has_to_answer() -> None:
    finalizing = _requested(channels=3)
    finalizing.sent(7.0)
    assert not finalizing.answered(1, 3, 7.5, to=5.0)
    assert not finalizing.answered(0, 3, 7.5, to=5.0)
    assert finalizing.deadline == 8.0
    assert finalizing.answered(2, 3, 7.5, to=5.0)


def test_channels_that_the_container_does_not_have_are_not_waited_for() -> None:
    assert _requested(channels=4).answered(0, 1, 7.5, to=5.0)


def test_only_what_has_not_answered_expires() -> None:
    finalizing = _requested(channels=2)
    finalizing.sent(7.0)
    finalizing.answered(1, 2, 7.5, to=5.0)
    assert finalizing.expire() == {0}
    assert finalizing.deadline is None


def test_while_the_stream_is_lost_time_does_not_run() -> None:
    finalizing = _requested()
    finalizing.sent(7.0)
    finalizing.lost()
    assert finalizing.deadline is None
    finalizing.sent(20.0)
    assert finalizing.deadline == 21.0


@pytest.mark.parametrize(
    ("to", "is_latest"), [(4.9, False), (5.4, False), (5.9, True), (7.0, True)]
)
def test_an_answer_to_the_one_before_is_none_to_the_latest(to: float, is_latest: bool) -> None:
    """Both may be on their way: where an answer ends tells which one it is for."""
    finalizing = _requested()
    finalizing.forget()
    assert not finalizing.request(6.0)
    assert finalizing.answered(0, 1, 7.5, to=to) is is_latest


def test_asked_twice_at_one_place_either_answer_will_do() -> None:
    finalizing = _requested()
    assert not finalizing.request(5.0)
    assert finalizing.answered(0, 1, 7.5, to=4.5)


def test_a_user_who_speaks_again_wants_no_answer() -> None:
    finalizing = _requested()
    finalizing.sent(7.0)
    finalizing.forget()
    assert finalizing.deadline is None
    assert not finalizing.answered(0, 1, 7.5, to=5.0)


def test_without_a_limit_it_is_waited_for_ever() -> None:
    finalizing = _requested(timeout=None)
    finalizing.sent(7.0)
    assert finalizing.deadline is None


# How long answers take


class Learning:
    """Speech after speech, of a second each, before a container that answers as it is told to."""

    def __init__(self) -> None:
        self.finalizing = Finalizing()
        self.now = 0.0
        self.position = 0.0

    def ask(self, *, behind: float = 0.0) -> float:
        """Ask for the answer; gives how long it is waited for."""
        self.now += 1.0
        self.position += 1.0
        self.finalizing.listened(0, self.now, to=self.position - behind)
        self.finalizing.request(self.position)
        self.finalizing.sent(self.now)
        assert self.finalizing.deadline is not None
        return self.finalizing.deadline - self.now

    def answer(self, after: float) -> None:
        """The answer comes so long after it was asked for."""
        self.now += after
        self.finalizing.answered(0, 1, self.now, to=self.position)


def test_of_the_first_answer_nothing_is_known() -> None:
    assert Learning().ask() == FIRST_PATIENCE


@pytest.mark.parametrize(
    ("taken", "patience"), [(0.1, LEAST_PATIENCE), (0.5, 1.5), (1.2, 3.6), (3.0, 9.0)]
)
def test_an_answer_is_missing_after_several_times_the_usual(taken: float, patience: float) -> None:
    learning = Learning()
    learning.ask()
    learning.answer(taken)
    assert learning.ask() == pytest.approx(patience)


def test_answers_that_take_longer_and_longer_are_waited_for() -> None:
    learning = Learning()
    for taken in (0.1, 0.8, 1.5, 2.2, 2.9, 3.0):
        assert learning.ask() > taken
        learning.answer(taken)


def test_one_slow_answer_is_forgotten_after_some_fast_ones_and_never_waited_for_long() -> None:
    learning = Learning()
    for taken in (20.0, *[0.1] * 8):
        learning.ask()
        learning.answer(taken)
        patience = learning.ask()
        learning.answer(taken)
        assert patience <= MOST_PATIENCE
    assert learning.ask() == pytest.approx(LEAST_PATIENCE)


def test_who_does_not_answer_is_not_waited_for_long_again() -> None:
    learning = Learning()
    learning.ask()
    learning.finalizing.expire()
    assert learning.ask() == pytest.approx(LEAST_PATIENCE)


def test_an_answer_that_comes_too_late_is_learned_from_too() -> None:
    learning = Learning()
    learning.ask()
    learning.finalizing.expire()
    learning.answer(2.0)
    assert learning.ask() == pytest.approx(6.0)


def test_a_second_answer_teaches_nothing() -> None:
    learning = Learning()
    learning.ask()
    learning.answer(0.1)
    learning.answer(60.0)
    assert learning.ask() == pytest.approx(LEAST_PATIENCE)


def test_a_container_that_is_behind_is_given_that_time_too() -> None:
    learning = Learning()
    learning.ask()
    learning.answer(0.1)
    assert learning.ask(behind=0.7) == pytest.approx(LEAST_PATIENCE + 0.7)


def test_while_results_of_the_audio_before_come_an_answer_is_not_missing() -> None:
    learning = Learning()
    finalizing = learning.finalizing
    learning.ask()
    finalizing.listened(0, learning.now + 3.0, to=learning.position - 0.5)
    assert finalizing.deadline == learning.now + 3.0 + FIRST_PATIENCE
    finalizing.listened(0, learning.now + 9.0, to=learning.position)
    assert finalizing.deadline == learning.now + 3.0 + FIRST_PATIENCE


def test_a_time_that_was_asked_for_is_kept_to() -> None:
    finalizing = _requested(timeout=1.0)
    finalizing.sent(7.0)
    finalizing.listened(0, 7.9, to=1.0)
    assert finalizing.deadline == 8.0


def test_what_a_lost_stream_took_teaches_nothing() -> None:
    learning = Learning()
    learning.ask()
    learning.finalizing.lost()
    learning.answer(9.0)
    assert learning.ask() == pytest.approx(FIRST_PATIENCE)


def test_of_another_container_nothing_is_known() -> None:
    learning = Learning()
    learning.ask()
    learning.answer(0.1)
    learning.finalizing.start_over()
    assert learning.ask() == pytest.approx(FIRST_PATIENCE)
