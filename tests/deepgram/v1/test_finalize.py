# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
"""How long an answer to ``Finalize`` is waited for, and what counts as one."""

import pytest

from pipecat_sagemaker_deepgram.deepgram.v1.finalize import TOO_SHORT, Finalizing


def _requested(*, channels: int = 1, timeout: float | None = 1.0) -> Finalizing:
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
    assert finalizing.answered(0, 1, to=5.0)
    assert finalizing.deadline is None
    assert finalizing.expire() == set()


def test_a_second_answer_answers_nothing() -> None:
    finalizing = _requested()
    assert finalizing.answered(0, 1, to=5.0)
    assert not finalizing.answered(0, 1, to=5.0)


@pytest.mark.parametrize("heard_to", [5.0, 5.0 - TOO_SHORT / 2, 9.0])
def test_what_was_heard_before_it_was_asked_for_is_not_waited_for(heard_to: float) -> None:
    finalizing = Finalizing()
    assert not finalizing.heard(0, 1, to=heard_to)
    assert finalizing.request(5.0)
    finalizing.sent(7.0)
    assert finalizing.deadline is None
    assert not finalizing.answered(0, 1, to=5.0)


def test_what_is_heard_without_an_answer_is_not_waited_for_either() -> None:
    finalizing = _requested()
    finalizing.sent(7.0)
    assert not finalizing.heard(0, 1, to=4.9)
    assert finalizing.deadline == 8.0
    assert finalizing.heard(0, 1, to=5.0)
    assert finalizing.deadline is None
    assert not finalizing.heard(0, 1, to=6.0)
    assert not finalizing.answered(0, 1, to=5.0)


def test_what_was_heard_is_never_less() -> None:
    finalizing = Finalizing()
    finalizing.heard(0, 1, to=5.0)
    finalizing.heard(0, 1, to=0.0)
    assert finalizing.request(5.0)


def test_every_channel_has_to_be_heard_or_to_answer() -> None:
    finalizing = _requested(channels=3)
    assert not finalizing.heard(1, 3, to=5.0)
    assert not finalizing.answered(0, 3, to=5.0)
    assert finalizing.heard(2, 3, to=5.0)
    assert not finalizing.request(6.0)
    finalizing.heard(0, 3, to=6.0)
    assert finalizing.expire() == {1, 2}


def test_every_channel_has_to_answer() -> None:
    finalizing = _requested(channels=3)
    finalizing.sent(7.0)
    assert not finalizing.answered(1, 3, to=5.0)
    assert not finalizing.answered(0, 3, to=5.0)
    assert finalizing.deadline == 8.0
    assert finalizing.answered(2, 3, to=5.0)


def test_channels_that_the_container_does_not_have_are_not_waited_for() -> None:
    assert _requested(channels=4).answered(0, 1, to=5.0)


def test_only_what_has_not_answered_expires() -> None:
    finalizing = _requested(channels=2)
    finalizing.sent(7.0)
    finalizing.answered(1, 2, to=5.0)
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
    assert finalizing.answered(0, 1, to=to) is is_latest


def test_asked_twice_at_one_place_either_answer_will_do() -> None:
    finalizing = _requested()
    assert not finalizing.request(5.0)
    assert finalizing.answered(0, 1, to=4.5)


def test_a_user_who_speaks_again_wants_no_answer() -> None:
    finalizing = _requested()
    finalizing.sent(7.0)
    finalizing.forget()
    assert finalizing.deadline is None
    assert not finalizing.answered(0, 1, to=5.0)


def test_without_a_limit_it_is_waited_for_ever() -> None:
    finalizing = _requested(timeout=None)
    finalizing.sent(7.0)
    assert finalizing.deadline is None
