# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
"""When to try again, and when to stop trying."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipecat_sagemaker_deepgram.client.config import RetryPolicy
from pipecat_sagemaker_deepgram.client.session.backoff import RetryBudget, probe_delay

LATEST = 1.0 - 2**-53


def delays(policy: RetryPolicy, chance: float) -> list[float]:
    """The delays of one outage in which every attempt fails at once."""
    budget = RetryBudget(policy, lambda: chance)
    now, found = 100.0, []
    while (at := budget.fail(now)) is not None:
        found.append(at - now)
        now = at
    return found


def test_the_most_delay_grows_up_to_its_limit() -> None:
    policy = RetryPolicy(max_retries=5, initial_backoff=0.5, max_backoff=3.0, backoff_multiplier=2)
    assert delays(policy, LATEST) == [pytest.approx(limit) for limit in (0.5, 1.0, 2.0, 3.0, 3.0)]


def test_the_least_delay_is_none() -> None:
    assert delays(RetryPolicy(max_retries=3), 0.0) == [0.0, 0.0, 0.0]


def test_a_multiplier_of_1_keeps_the_delay() -> None:
    policy = RetryPolicy(max_retries=3, initial_backoff=0.5, backoff_multiplier=1)
    assert delays(policy, 0.5) == [pytest.approx(0.25)] * 3


@given(
    chance=st.floats(0, 1, exclude_max=True),
    initial=st.floats(0, 5),
    longest=st.floats(5, 10),
    multiplier=st.floats(1, 4),
)
@settings(max_examples=50, deadline=None, derandomize=True, database=None)
def test_every_delay_is_a_random_part_of_its_limit(
    chance: float, initial: float, longest: float, multiplier: float
) -> None:
    policy = RetryPolicy(
        max_retries=6,
        initial_backoff=initial,
        max_backoff=longest,
        backoff_multiplier=multiplier,
        retry_budget=1e6,
    )
    found = delays(policy, chance)
    assert len(found) == 6
    for index, delay in enumerate(found):
        limit = min(longest, initial * multiplier**index)
        assert delay == pytest.approx(chance * limit, abs=1e-9)


def test_no_retry_is_made_where_none_is_allowed() -> None:
    assert delays(RetryPolicy(max_retries=0), 0.5) == []


def test_the_count_ends_an_outage_before_its_time_does() -> None:
    assert len(delays(RetryPolicy(max_retries=2, retry_budget=1e6), 0.5)) == 2


def test_the_time_ends_an_outage_before_its_count_does() -> None:
    policy = RetryPolicy(max_retries=1000, initial_backoff=4.0, max_backoff=4.0, retry_budget=10.0)
    assert delays(policy, 0.5) == [2.0] * 5


def test_the_time_counts_from_the_first_failure_however_long_attempts_take() -> None:
    budget = RetryBudget(RetryPolicy(retry_budget=10.0), lambda: 0.0)
    assert budget.fail(50.0) == 50.0
    assert budget.fail(59.9) == 59.9
    assert budget.fail(60.0) is None


def test_the_servers_wish_lengthens_a_delay() -> None:
    budget = RetryBudget(RetryPolicy(initial_backoff=4.0), lambda: 0.5)
    assert budget.fail(0.0, retry_after=3.0) == 3.0


def test_the_servers_wish_shortens_no_delay() -> None:
    budget = RetryBudget(RetryPolicy(initial_backoff=4.0), lambda: 0.5)
    assert budget.fail(0.0, retry_after=1.0) == 2.0


@pytest.mark.parametrize("wish", [5.0, 40.0, 1e9, float("inf")])
def test_the_servers_wish_is_honoured_for_5_seconds_and_ends_no_outage(wish: float) -> None:
    budget = RetryBudget(RetryPolicy(retry_budget=10.0), lambda: 0.0)
    assert [budget.fail(at, retry_after=wish) for at in (0.0, 5.0)] == [5.0, 10.0]
    assert budget.fail(10.0, retry_after=wish) is None


def test_the_last_attempt_comes_when_the_time_is_over_at_the_latest() -> None:
    budget = RetryBudget(RetryPolicy(initial_backoff=4.0, retry_budget=10.0), lambda: 0.9)
    assert budget.fail(0.0) == 3.6
    assert budget.fail(9.0) == 10.0


def test_attempts_that_fail_at_once_go_on_as_long_as_the_time() -> None:
    found = delays(RetryPolicy(), 0.5)
    assert sum(found) == pytest.approx(60.0)
    assert max(found) == pytest.approx(1.0)


def test_probes_begin_after_1_second_and_grow_to_twice_the_interval() -> None:
    found = [probe_delay(count, interval=15.0, chance=0.0) for count in range(6)]
    assert found == [1.0, 2.0, 4.0, 8.0, 15.0, 15.0]
    assert probe_delay(1000, interval=15.0, chance=LATEST) == pytest.approx(30.0)
    assert probe_delay(0, interval=0.5, chance=0.0) == 0.5


def test_a_restored_budget_is_whole_in_count_and_time() -> None:
    policy = RetryPolicy(max_retries=1, initial_backoff=1.0, retry_budget=10.0)
    budget = RetryBudget(policy, lambda: 0.5)
    assert budget.fail(0.0) == 0.5
    assert budget.fail(0.5) is None
    budget.restore()
    assert budget.fail(100.0) == 100.5
    assert budget.fail(100.5) is None
