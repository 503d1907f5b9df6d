# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
"""Which of several endpoints the next stream goes to."""

from pipecat_sagemaker_deepgram.client.config import Target
from pipecat_sagemaker_deepgram.client.session.targets import TargetList
from pipecat_sagemaker_deepgram.exceptions import StreamLostError

ERROR = StreamLostError("x")


def make(count: int, retry_after: float = 60.0) -> TargetList:
    targets = tuple(Target(endpoint_name=f"e{index}") for index in range(count))
    return TargetList(targets, retry_after=retry_after)


def test_the_first_target_is_preferred() -> None:
    assert make(3).choose(0.0) == 0


def test_a_target_that_failed_is_left_for_the_next() -> None:
    targets = make(3)
    targets.leave(0, 0.0)
    assert targets.choose(0.0) == 1
    targets.leave(1, 0.0)
    assert targets.choose(0.0) == 2


def test_a_target_that_was_left_long_enough_is_preferred_again() -> None:
    targets = make(2)
    targets.leave(0, 100.0)
    assert targets.choose(159.9) == 1
    assert targets.choose(160.0) == 0


def test_when_all_are_left_the_one_that_is_free_soonest_is_used() -> None:
    targets = make(3)
    for index, at in ((1, 0.0), (0, 1.0), (2, 2.0)):
        targets.leave(index, at)
    assert targets.choose(2.0) == 1


def test_a_single_target_is_used_whatever_happened_to_it() -> None:
    targets = make(1)
    targets.leave(0, 0.0)
    assert targets.choose(0.0) == 0


def test_a_target_ruled_out_is_used_no_more() -> None:
    targets = make(2, retry_after=0.0)
    assert targets.rule_out(0, ERROR)
    assert targets.choose(1e9) == 1
    targets.leave(1, 0.0)
    assert targets.choose(0.0) == 1


def test_the_last_target_to_be_ruled_out_is_the_end() -> None:
    targets = make(2)
    assert targets.rule_out(1, ERROR)
    assert targets.rule_out(1, ERROR)
    assert not targets.rule_out(0, ERROR)


def test_a_reset_gives_every_target_another_chance() -> None:
    targets = make(2)
    targets.leave(0, 0.0)
    targets.rule_out(1, ERROR)
    targets.reset()
    assert targets.choose(0.0) == 0
    assert targets.rule_out(1, ERROR)
