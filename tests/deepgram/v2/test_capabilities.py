# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
"""What is learned of containers, and for how long."""

import pytest

from pipecat_sagemaker_deepgram.client import Target
from pipecat_sagemaker_deepgram.deepgram.v2.capabilities import (
    CONFIGURE,
    FORCE_END_TURN,
    UNPARSABLE,
    CapabilityCache,
    ContainerPlace,
    in_configure,
    refused_capability,
)
from pipecat_sagemaker_deepgram.deepgram.v2.messages import FluxError

HERE = ContainerPlace("endpoint", "us-east-1")


def test_what_was_learned_is_known_of_that_place_only() -> None:
    cache = CapabilityCache()
    cache.learn(HERE, CONFIGURE, False, 0.0)
    assert cache.recall(HERE, CONFIGURE, 1.0) is False
    assert cache.recall(HERE, FORCE_END_TURN, 1.0) is None
    elsewhere = ContainerPlace.of(
        Target(endpoint_name="endpoint", region="us-east-1", target_variant="b")
    )
    assert cache.recall(elsewhere, CONFIGURE, 1.0) is None


def test_it_is_forgotten_in_time() -> None:
    cache = CapabilityCache(expires_after=10.0)
    cache.learn(HERE, CONFIGURE, True, 0.0)
    assert cache.recall(HERE, CONFIGURE, 9.9) is True
    assert cache.recall(HERE, CONFIGURE, 10.0) is None


def test_it_can_be_made_to_forget() -> None:
    cache = CapabilityCache()
    cache.learn(HERE, CONFIGURE, True, 0.0)
    cache.clear()
    assert cache.recall(HERE, CONFIGURE, 0.0) is None


VARIANT = "Could not deserialize last text message: unknown variant `{}`, expected `CloseStream`"
FIELD = "Could not deserialize last text message: unknown field `{}`, expected `thresholds`"


@pytest.mark.parametrize(
    ("description", "sent", "has_forced", "expected"),
    [
        (VARIANT.format("Configure"), {"keyterm"}, False, CONFIGURE),
        (VARIANT.format("Configure"), set(), False, CONFIGURE),
        (VARIANT.format("ForceEndTurn"), {"keyterm"}, True, FORCE_END_TURN),
        (FIELD.format("numerals"), {"numerals", "keyterm"}, False, in_configure("numerals")),
        (FIELD.format("keyterms"), {"numerals", "keyterm"}, False, in_configure("keyterm")),
        ("in other words", {"keyterm"}, True, CONFIGURE),
        ("in other words", set(), True, FORCE_END_TURN),
        ("in other words", set(), False, None),
    ],
)
def test_a_refusal_shows_what_was_not_understood(
    description: str, sent: set[str], has_forced: bool, expected: str | None
) -> None:
    error = FluxError(UNPARSABLE, description)
    assert refused_capability(error, frozenset(sent), has_forced=has_forced) == expected


def test_another_error_is_no_refusal() -> None:
    error = FluxError("INTERNAL_SERVER_ERROR", "unknown variant `Configure`")
    assert refused_capability(error, frozenset(["keyterm"]), has_forced=True) is None
