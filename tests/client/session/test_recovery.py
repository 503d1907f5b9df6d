# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
"""What follows from a failure."""

from collections.abc import Callable

import pytest

from pipecat_sagemaker_deepgram.client.classify import Classification, FailureKind, classify
from pipecat_sagemaker_deepgram.client.config import RetryPolicy, Target
from pipecat_sagemaker_deepgram.client.session.recovery import Recovery
from pipecat_sagemaker_deepgram.client.session.targets import TargetList
from pipecat_sagemaker_deepgram.exceptions import (
    ModelUnavailableError,
    RejectedError,
    StreamLostError,
    ThrottledError,
)

LOST = StreamLostError("lost")
FULL = ModelUnavailableError("full", log_group="g")
DENIED = RejectedError("denied", status_code=403, code="AccessDeniedException")
EXPIRED = RejectedError("expired", status_code=403, code="ExpiredTokenException")


def make(
    count: int = 1,
    *,
    policy: RetryPolicy | None = None,
    classify: Callable[[BaseException], Classification] = classify,
) -> Recovery:
    targets = tuple(Target(endpoint_name=f"e{index}") for index in range(count))
    return Recovery(
        policy or RetryPolicy(), TargetList(targets, retry_after=60.0), classify, lambda: 0.5
    )


def retries(recovery: Recovery, error: RejectedError | StreamLostError, target: int = 0) -> int:
    """How often the same failure on the same target is worth another attempt."""
    count = 0
    while recovery.failed(error, target, 0.0, leave=False) is not None:
        count += 1
    return count


def test_a_passing_failure_is_retried_as_the_policy_says() -> None:
    recovery = make(policy=RetryPolicy(max_retries=2, initial_backoff=1.0))
    assert recovery.failed(LOST, 0, 10.0, leave=False) == 10.5
    assert recovery.failed(LOST, 0, 10.5, leave=False) == 11.5
    assert recovery.failed(LOST, 0, 11.5, leave=False) is None


def test_attempts_count_from_1_and_begin_anew_when_a_stream_has_proved_itself() -> None:
    recovery = make()
    assert recovery.attempt == 0
    for attempt in (1, 2, 3):
        recovery.failed(LOST, 0, 0.0, leave=False)
        assert recovery.attempt == attempt
    recovery.proved(0)
    recovery.failed(LOST, 0, 0.0, leave=False)
    assert recovery.attempt == 1


def test_turning_to_another_target_is_an_attempt_too() -> None:
    recovery = make(2)
    recovery.failed(DENIED, 0, 0.0, leave=False)
    assert recovery.attempt == 1


def test_the_servers_wish_for_a_pause_is_obeyed() -> None:
    error = ThrottledError("slow down", retry_after=3.0)
    assert make().failed(error, 0, 10.0, leave=False) == 13.0


def test_a_model_that_never_was_available_is_retried_twice() -> None:
    assert retries(make(policy=RetryPolicy(max_retries=5)), FULL) == 2


def test_a_model_that_has_worked_is_retried_with_the_full_budget() -> None:
    recovery = make(policy=RetryPolicy(max_retries=5))
    recovery.proved(0)
    assert retries(recovery, FULL) == 5


def test_a_model_that_worked_on_one_target_may_never_be_available_on_the_other() -> None:
    recovery = make(2, policy=RetryPolicy(max_retries=50))
    recovery.proved(0)
    recovery.failed(LOST, 0, 0.0, leave=True)
    for _ in range(2):
        recovery.failed(FULL, 1, 0.0, leave=False)
        assert recovery.choose_target(0.0) == 1
    assert recovery.failed(FULL, 1, 7.0, leave=False) == 7.0
    assert recovery.choose_target(7.0) == 0


def test_each_target_has_its_own_two_retries_of_an_unavailable_model() -> None:
    recovery = make(2, policy=RetryPolicy(max_retries=50))
    for _ in range(3):
        assert recovery.failed(FULL, 0, 0.0, leave=False) is not None
    assert recovery.choose_target(0.0) == 1
    assert retries(recovery, FULL, target=1) == 2


def test_expired_credentials_are_resolved_anew_once() -> None:
    recovery = make()
    assert not recovery.needs_fresh_credentials
    assert recovery.failed(EXPIRED, 0, 0.0, leave=False) is not None
    assert recovery.needs_fresh_credentials
    assert recovery.failed(EXPIRED, 0, 0.0, leave=False) is None


def test_another_failure_needs_no_fresh_credentials() -> None:
    recovery = make()
    recovery.failed(EXPIRED, 0, 0.0, leave=False)
    recovery.failed(LOST, 0, 0.0, leave=False)
    assert not recovery.needs_fresh_credentials
    assert recovery.failed(EXPIRED, 0, 0.0, leave=False) is None


def test_credentials_that_worked_may_expire_again() -> None:
    recovery = make()
    for _ in range(3):
        assert recovery.failed(EXPIRED, 0, 0.0, leave=False) is not None
        recovery.proved(0)
        assert not recovery.needs_fresh_credentials


def test_what_stays_ends_a_single_target_at_once() -> None:
    assert make().failed(DENIED, 0, 0.0, leave=False) is None


def test_what_stays_rules_out_a_target_and_the_next_is_tried_at_once() -> None:
    recovery = make(3)
    assert recovery.failed(DENIED, 0, 5.0, leave=True) == 5.0
    assert recovery.choose_target(5.0) == 1
    assert recovery.failed(DENIED, 1, 6.0, leave=True) == 6.0
    assert recovery.choose_target(6.0) == 2
    assert recovery.failed(DENIED, 2, 7.0, leave=True) is None


def test_a_target_is_left_alone_only_where_that_is_asked_for() -> None:
    recovery = make(2)
    recovery.failed(LOST, 0, 0.0, leave=False)
    assert recovery.choose_target(0.0) == 0
    recovery.failed(LOST, 0, 0.0, leave=True)
    assert recovery.choose_target(0.0) == 1
    assert recovery.choose_target(60.0) == 0


def test_starting_over_gives_every_target_and_the_whole_budget_back() -> None:
    recovery = make(2, policy=RetryPolicy(max_retries=2))
    recovery.failed(DENIED, 0, 0.0, leave=True)
    assert retries(recovery, LOST, target=1) == 2
    recovery.start_over()
    assert recovery.choose_target(0.0) == 0
    assert retries(recovery, LOST) == 2


@pytest.mark.parametrize("is_retryable", [True, False])
def test_the_given_function_decides(is_retryable: bool) -> None:
    verdict = Classification(is_retryable=is_retryable, kind=FailureKind.UNKNOWN)
    recovery = make(classify=lambda error: verdict)
    assert (recovery.failed(LOST, 0, 0.0, leave=False) is not None) == is_retryable
