# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
"""What v2/listen takes."""

from typing import Any

import pytest

from pipecat_sagemaker_deepgram import ConfigurationError
from pipecat_sagemaker_deepgram.deepgram.v2.query import (
    check_flux_parameters,
    eot_timeout,
    flux_query,
    language_codes,
)


@pytest.mark.parametrize(
    "parameters",
    [
        {},
        {"eot_threshold": None, "redact": None, "sample_rate": None},
        {"eot_threshold": 1.0, "eager_eot_threshold": 0.3, "eot_timeout_ms": 60_000},
        {"redact": "numbers", "sample_rate": 16_000},
    ],
)
def test_what_some_bundle_takes_is_not_refused(parameters: dict[str, Any]) -> None:
    check_flux_parameters(parameters)


@pytest.mark.parametrize(
    ("parameters", "says"),
    [
        ({"eot_threshold": 1.1}, "eot_threshold is 1.1"),
        ({"eager_eot_threshold": 0.2}, "between 0.3 and 0.9"),
        ({"eot_timeout_ms": 100}, "eot_timeout_ms"),
        ({"eager_eot_threshold": 0.8, "eot_threshold": 0.6}, "more than eot_threshold"),
        ({"redact": "names"}, "aggressive_numbers"),
        ({"sample_rate": 11_025}, "16000"),
    ],
)
def test_what_no_bundle_takes_is_refused_with_a_sentence(
    parameters: dict[str, Any], says: str
) -> None:
    with pytest.raises(ConfigurationError, match=says):
        check_flux_parameters(parameters)


def test_the_containers_own_timeout_holds_unless_another_is_set() -> None:
    assert eot_timeout({}) == 5.0
    assert eot_timeout({"eot_timeout_ms": None}) == 5.0
    assert eot_timeout({"eot_timeout_ms": 700}) == 0.7


def test_languages_lose_their_region_and_unknown_ones_are_left_out() -> None:
    assert language_codes(["pt-BR", "pt", "xx", "ja"]) == ["pt", "ja"]
    assert language_codes(None) == []


def test_what_is_not_the_containers_business_is_not_sent() -> None:
    settings = {"model": "flux-general-en", "min_confidence": 0.5, "language_hints": ["es"]}
    assert flux_query(settings) == "model=flux-general-en"
    assert flux_query(settings | {"model": "flux-general-multi"}) == (
        "model=flux-general-multi&language_hint=es"
    )
