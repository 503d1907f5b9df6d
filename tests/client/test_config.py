# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
"""Bad values are refused where they are given, by name."""

import math
from dataclasses import FrozenInstanceError, fields, replace
from typing import Any

import pytest

from pipecat_sagemaker_deepgram.client.config import (
    BATCH_CONFIG,
    ClientConfig,
    RetryPolicy,
    Target,
)
from pipecat_sagemaker_deepgram.exceptions import ConfigurationError


def numbers(kind: type[ClientConfig] | type[RetryPolicy]) -> list[str]:
    return [each.name for each in fields(kind) if "Mapping" not in str(each.type)]


def given(name: str, value: Any) -> dict[str, Any]:
    return {name: value}


@pytest.mark.parametrize("value", [-1, -0.001, math.nan, -math.inf])
@pytest.mark.parametrize("name", numbers(ClientConfig))
def test_a_number_of_the_config_below_0_is_refused(name: str, value: float) -> None:
    with pytest.raises(ConfigurationError, match=f"^{name} is "):
        ClientConfig(**given(name, value))


@pytest.mark.parametrize("value", [-1, -0.001, math.nan, -math.inf])
@pytest.mark.parametrize("name", numbers(RetryPolicy))
def test_a_number_of_the_policy_below_0_is_refused(name: str, value: float) -> None:
    with pytest.raises(ConfigurationError, match=f"^{name} is "):
        RetryPolicy(**given(name, value))


@pytest.mark.parametrize(
    "name", ["max_chunk_seconds", "max_concurrency", "max_concurrent_connects"]
)
def test_a_size_that_lets_nothing_through_is_refused(name: str) -> None:
    with pytest.raises(ConfigurationError, match=f"^{name} is 0"):
        ClientConfig(**given(name, 0))


def test_a_replay_that_never_catches_up_is_refused() -> None:
    with pytest.raises(ConfigurationError, match=r"^replay_speed is 0\.9"):
        ClientConfig(replay_speed=0.9)
    assert ClientConfig(replay_speed=1.0).replay_speed == 1.0


def test_delays_that_shrink_are_refused() -> None:
    with pytest.raises(ConfigurationError, match=r"^backoff_multiplier is 0\.5"):
        RetryPolicy(backoff_multiplier=0.5)
    assert RetryPolicy(backoff_multiplier=1.0).backoff_multiplier == 1.0


def test_a_first_delay_above_the_most_is_refused() -> None:
    with pytest.raises(ConfigurationError, match=r"^initial_backoff is 6\.0.*max_backoff 5\.0"):
        RetryPolicy(initial_backoff=6.0, max_backoff=5.0)
    assert RetryPolicy(initial_backoff=6.0, max_backoff=6.0).longest_backoff == 6.0
    assert RetryPolicy(initial_backoff=6.0).longest_backoff == 6.0


@pytest.mark.parametrize(
    "fields",
    [
        {"stall_timeout": None},
        {"ping_interval": None},
        {"rotate_after": None},
        {"probe_interval": None},
        {"replay_speed": None},
        {"max_replay_buffer_bytes": 0},
        {"max_replay_seconds": 0},
        {"close_timeout": 0},
        {"rotate_jitter": 0},
        {"min_chunk_seconds": 0},
    ],
    ids=lambda fields: next(iter(fields)),
)
def test_what_can_be_switched_off_can_be(fields: dict[str, Any]) -> None:
    ClientConfig(**fields)


def test_the_sentence_says_what_was_given() -> None:
    with pytest.raises(ConfigurationError, match=r"-2\.5"):
        ClientConfig(send_timeout=-2.5)


def test_the_batch_config_has_the_limits_of_deepgrams_own_transports() -> None:
    changed = replace(
        ClientConfig(),
        connection_timeout=30.0,
        subscription_timeout=60.0,
        stall_timeout=60.0,
        close_timeout=60.0,
    )
    assert changed == BATCH_CONFIG


def test_giving_up_is_a_matter_of_time() -> None:
    """Deepgram's own transports count five attempts, which are over in seconds."""
    policy = RetryPolicy()
    assert (policy.max_retries, policy.retry_budget) == (None, 60.0)
    assert (policy.initial_backoff, policy.longest_backoff, policy.backoff_multiplier) == (
        0.1,
        2,
        2,
    )


@pytest.mark.parametrize(
    "made", [ClientConfig(), RetryPolicy(), Target(endpoint_name="e")], ids=lambda made: type(made)
)
def test_none_of_it_can_be_changed_afterwards(made: object) -> None:
    name = next(iter(vars(made)))
    with pytest.raises(FrozenInstanceError):
        setattr(made, name, 1)


def test_a_least_chunk_above_the_most_is_refused() -> None:
    with pytest.raises(ConfigurationError, match="min_chunk_seconds"):
        ClientConfig(min_chunk_seconds=0.5, max_chunk_seconds=0.25)
