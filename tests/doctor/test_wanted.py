# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
"""Where an endpoint is, by what is wanted, the environment and the profile."""

from typing import Any

import pytest

from pipecat_sagemaker_deepgram.doctor.account_facts import Region
from pipecat_sagemaker_deepgram.doctor.failures import Failure
from pipecat_sagemaker_deepgram.doctor.wanted import Wanted, region_of, url_of
from pipecat_sagemaker_deepgram.exceptions import ConfigurationError
from pipecat_sagemaker_deepgram.transport import SharedConfig

BOTS = SharedConfig(profile="bots", region="eu-west-3", use_fips=True)


@pytest.mark.parametrize(
    ("fields", "environment", "shared", "region"),
    [
        ({"region": "us-east-1"}, {"AWS_REGION": "x"}, BOTS, Region(name="us-east-1", source="")),
        ({}, {"AWS_REGION": "sa-east-1"}, BOTS, Region(name="sa-east-1", source="AWS_REGION")),
        ({}, {}, BOTS, Region(name="eu-west-3", source="profile 'bots'")),
    ],
)
def test_the_region_and_who_names_it(
    fields: dict[str, Any],
    environment: dict[str, str],
    shared: SharedConfig,
    region: Region,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    found = region_of(Wanted(endpoint_name="e", **fields), shared)
    assert isinstance(found, Region)
    assert (found.name, found.source) == (region.name, region.source or "--region")


def test_no_region_is_a_fact_and_a_wrong_one_an_error() -> None:
    found = region_of(Wanted(endpoint_name="e"), SharedConfig())
    assert isinstance(found, Failure)
    assert "a profile with one" in found.advice
    with pytest.raises(ConfigurationError, match="us east"):
        region_of(Wanted(endpoint_name="e", region="us east"), SharedConfig())


@pytest.mark.parametrize(
    ("fields", "shared", "url"),
    [
        ({}, BOTS, "https://runtime-fips.sagemaker.eu-west-3.amazonaws.com:8443"),
        (
            {"use_fips": False, "use_dualstack": True},
            BOTS,
            "https://runtime.sagemaker.eu-west-3.api.aws:8443",
        ),
        ({}, SharedConfig(endpoint_url="https://private"), "https://private:8443"),
        ({"endpoint_url": "https://mine"}, SharedConfig(), "https://mine:8443"),
    ],
)
def test_the_url(fields: dict[str, Any], shared: SharedConfig, url: str) -> None:
    assert url_of(Wanted(endpoint_name="e", **fields), "eu-west-3", shared) == url


def test_without_a_region_a_url_is_known_only_where_it_is_given() -> None:
    wanted = Wanted(endpoint_name="e")
    assert url_of(wanted, "", SharedConfig()) == ""
    assert url_of(wanted, "", SharedConfig(endpoint_url="https://private")) != ""


def test_what_makes_no_sense_is_refused() -> None:
    with pytest.raises(ConfigurationError, match="target_variant"):
        url_of(Wanted(endpoint_name="e", target_variant="no/name"), "us-east-1", SharedConfig())
    with pytest.raises(ConfigurationError, match="use_fips"):
        url_of(Wanted(endpoint_name="e", endpoint_url="https://x"), "us-east-1", BOTS)
