# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
"""What one session sees of an endpoint, and the next one makes of it."""

import pytest

from pipecat_sagemaker_deepgram.client.classify import classify
from pipecat_sagemaker_deepgram.client.config import RetryPolicy, Target
from pipecat_sagemaker_deepgram.client.session.recovery import Recovery
from pipecat_sagemaker_deepgram.client.session.target_health import TargetHealth
from pipecat_sagemaker_deepgram.client.session.targets import TargetList
from pipecat_sagemaker_deepgram.exceptions import (
    ConnectError,
    ModelUnavailableError,
    RejectedError,
    SageMakerDeepgramError,
    ThrottledError,
)

A, B, C = (Target(endpoint_name=name) for name in "abc")
DOWN = ConnectError("refused")


def _targets(health: TargetHealth) -> TargetList:
    return TargetList((A, B, C), retry_after=60.0, health=health)


def _recovery(targets: TargetList) -> Recovery:
    return Recovery(RetryPolicy(), targets, classify, lambda: 0.0)


@pytest.mark.parametrize(
    ("unwell", "first"),
    [
        ((), 0),
        ((A,), 1),
        ((B,), 0),
        ((C,), 0),
        ((A, B), 2),
        ((A, C), 1),
        ((B, C), 0),
        ((A, B, C), 0),
    ],
)
def test_a_target_that_failed_lately_is_moved_back_and_never_one_that_is_well(
    unwell: tuple[Target, ...], first: int
) -> None:
    health = TargetHealth()
    for at, target in enumerate(unwell):
        health.failed(target, 100.0 + at)
    assert _targets(health).choose(110.0) == first


def test_a_failure_is_forgotten_after_a_while_and_with_the_next_success() -> None:
    health = TargetHealth()
    health.failed(A, 100.0)
    assert _targets(health).choose(159.0) == 1
    assert _targets(health).choose(160.0) == 0
    health.connected(A, 0.2, 110.0)
    assert _targets(health).choose(111.0) == 0


def test_a_target_that_was_slow_twice_in_a_row_is_moved_back() -> None:
    health = TargetHealth()
    health.connected(A, 3.0, 100.0)
    assert _targets(health).choose(101.0) == 0
    health.connected(A, 0.1, 102.0)
    health.connected(A, 3.0, 103.0)
    assert _targets(health).choose(104.0) == 0
    health.connected(A, 3.0, 105.0)
    assert _targets(health).choose(106.0) == 1
    health.connected(A, 0.1, 107.0)
    assert _targets(health).choose(108.0) == 0


def test_what_others_see_does_not_move_a_call_that_has_begun() -> None:
    health = TargetHealth()
    targets = _targets(health)
    assert targets.choose(100.0) == 0
    health.failed(A, 101.0)
    assert targets.choose(102.0) == 0


@pytest.mark.parametrize(
    ("error", "first"),
    [
        (DOWN, 1),
        (ThrottledError("slow down"), 1),
        (RejectedError("no", status_code=500), 1),
        # What may be this session's own: its query, its credentials.
        (ModelUnavailableError("no", log_group="g"), 0),
        (RejectedError("no", status_code=400), 0),
        (RejectedError("no", status_code=403, code="ExpiredTokenException"), 0),
    ],
    ids=str,
)
def test_a_session_lets_others_know_of_what_is_not_its_own(
    error: SageMakerDeepgramError, first: int
) -> None:
    health = TargetHealth()
    _recovery(_targets(health)).failed(error, 0, 100.0, leave=True)
    assert _targets(health).choose(101.0) == first


def test_a_container_that_took_this_query_before_is_known_to_be_full() -> None:
    health = TargetHealth()
    recovery = _recovery(_targets(health))
    recovery.proved(0)
    recovery.failed(ModelUnavailableError("no", log_group="g"), 0, 100.0, leave=True)
    assert _targets(health).choose(101.0) == 1


def test_a_stream_that_comes_up_makes_its_target_well() -> None:
    health = TargetHealth()
    recovery = _recovery(_targets(health))
    recovery.failed(DOWN, 0, 100.0, leave=True)
    recovery.connected(0, 0.2, 101.0)
    assert _targets(health).choose(102.0) == 0
