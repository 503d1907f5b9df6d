# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
"""Where an endpoint is reached."""

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import botocore
import pytest

from pipecat_sagemaker_deepgram.exceptions import ConfigurationError
from pipecat_sagemaker_deepgram.transport.endpoint import (
    Address,
    find_region,
    parse_url,
    resolve_region,
    resolve_url,
)
from pipecat_sagemaker_deepgram.transport.shared_config import SharedConfig

PARTITIONS: list[dict[str, Any]] = json.loads(
    (Path(botocore.__file__).parent / "data" / "partitions.json").read_text()
)["partitions"]
REGIONS = [
    (region, partition["outputs"])
    for partition in PARTITIONS
    for region in partition["regions"]
    if not region.endswith("-global")
]


@pytest.mark.parametrize(("region", "outputs"), REGIONS, ids=lambda each: str(each)[:20])
def test_every_region_has_its_partitions_hosts(region: str, outputs: dict[str, Any]) -> None:
    plain, dual = outputs["dnsSuffix"], outputs["dualStackDnsSuffix"]
    assert resolve_url(None, region, {}) == f"https://runtime.sagemaker.{region}.{plain}:8443"
    assert (
        resolve_url(None, region, {}, use_fips=True, use_dualstack=True)
        == f"https://runtime-fips.sagemaker.{region}.{dual}:8443"
    )


@pytest.mark.parametrize(
    ("region", "fips", "dualstack", "host"),
    [
        ("us-east-1", False, False, "runtime.sagemaker.us-east-1.amazonaws.com"),
        ("us-east-1", True, False, "runtime-fips.sagemaker.us-east-1.amazonaws.com"),
        ("us-east-1", False, True, "runtime.sagemaker.us-east-1.api.aws"),
        ("us-east-1", True, True, "runtime-fips.sagemaker.us-east-1.api.aws"),
        ("us-gov-west-1", True, False, "runtime-fips.sagemaker.us-gov-west-1.amazonaws.com"),
        ("cn-north-1", False, False, "runtime.sagemaker.cn-north-1.amazonaws.com.cn"),
        ("cn-north-1", False, True, "runtime.sagemaker.cn-north-1.api.amazonwebservices.com.cn"),
        ("eusc-de-east-1", False, False, "runtime.sagemaker.eusc-de-east-1.amazonaws.eu"),
        ("us-iso-east-1", False, False, "runtime.sagemaker.us-iso-east-1.c2s.ic.gov"),
        ("us-isob-east-1", False, False, "runtime.sagemaker.us-isob-east-1.sc2s.sgov.gov"),
    ],
)
def test_the_host_follows_region_fips_and_dual_stack(
    region: str, fips: bool, dualstack: bool, host: str
) -> None:
    assert (
        resolve_url(None, region, {}, use_fips=fips, use_dualstack=dualstack)
        == f"https://{host}:8443"
    )


def test_fips_and_dual_stack_can_come_from_the_environment_and_be_overruled() -> None:
    environment = {"AWS_USE_FIPS_ENDPOINT": "true", "AWS_USE_DUALSTACK_ENDPOINT": "True"}
    url = resolve_url(None, "us-east-1", environment)
    assert url == "https://runtime-fips.sagemaker.us-east-1.api.aws:8443"
    url = resolve_url(None, "us-east-1", environment, use_fips=False, use_dualstack=False)
    assert url == "https://runtime.sagemaker.us-east-1.amazonaws.com:8443"


def test_the_given_url_goes_before_the_services_which_goes_before_the_general_one() -> None:
    environment = {
        "AWS_ENDPOINT_URL_SAGEMAKER_RUNTIME_HTTP2": "https://service",
        "AWS_ENDPOINT_URL": "https://general",
    }
    assert resolve_url("https://given", "us-east-1", environment) == "https://given:8443"
    assert resolve_url(None, "us-east-1", environment) == "https://service:8443"
    del environment["AWS_ENDPOINT_URL_SAGEMAKER_RUNTIME_HTTP2"]
    assert resolve_url(None, "us-east-1", environment) == "https://general:8443"
    environment["AWS_IGNORE_CONFIGURED_ENDPOINT_URLS"] = "true"
    assert "runtime.sagemaker" in resolve_url(None, "us-east-1", environment)


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("https://host", "https://host:8443"),
        ("https://host/", "https://host:8443"),
        ("https://host:443", "https://host:443"),
        ("https://HOST:9000", "https://host:9000"),
        ("https://127.0.0.1:1", "https://127.0.0.1:1"),
        ("https://[::1]", "https://[::1]:8443"),
        ("https://[::1]:9", "https://[::1]:9"),
    ],
)
def test_port_443_is_used_only_when_it_is_named(url: str, expected: str) -> None:
    assert resolve_url(url, "us-east-1", {}) == expected


@pytest.mark.parametrize(
    "url",
    [
        "http://host",
        "host:8443",
        "https://",
        "https://host/path",
        "https://host?query",
        "https://host#fragment",
        "https://host:port",
        "https://host:99999",
        "https://user:hunter2@host",
        "https://[::1",
        "wss://host",
        "x",
    ],
)
@pytest.mark.parametrize("source", ["endpoint_url", "AWS_ENDPOINT_URL"])
def test_another_form_of_url_is_refused_by_name_and_without_repeating_it(
    url: str, source: str
) -> None:
    given, environment = (url, {}) if source == "endpoint_url" else (None, {source: url})
    with pytest.raises(ConfigurationError, match=f"^{source} is not of the form") as caught:
        resolve_url(given, "us-east-1", environment)
    assert "hunter2" not in str(caught.value)


@pytest.mark.parametrize(
    "url",
    [
        "https://ho st",
        " https://host",
        "https://host\n",
        "https://ho\nst:8443",
        "https://host\t.example.com",
        "\x00https://host",
        "https://host:84\r43",
        "https://host\u200b",
    ],
)
def test_a_url_with_a_blank_or_a_control_character_is_refused_and_not_repaired(url: str) -> None:
    for given, environment in ((url, {}), (None, {"AWS_ENDPOINT_URL": url})):
        with pytest.raises(ConfigurationError, match="white space or a control character"):
            resolve_url(given, "us-east-1", environment)


@pytest.mark.parametrize("field", ["use_fips", "use_dualstack"])
def test_a_url_together_with_fips_or_dual_stack_is_refused(field: str) -> None:
    switches: dict[str, Any] = {field: True}
    with pytest.raises(ConfigurationError, match=f"endpoint_url and {field}"):
        resolve_url("https://host", "us-east-1", {}, **switches)


def test_a_url_together_with_fips_from_the_environment_is_refused_too() -> None:
    environment = {"AWS_ENDPOINT_URL": "https://host", "AWS_USE_FIPS_ENDPOINT": "true"}
    with pytest.raises(ConfigurationError, match="AWS_ENDPOINT_URL and use_fips"):
        resolve_url(None, "us-east-1", environment)


def test_the_region_is_given_or_found_in_the_environment() -> None:
    environment = {"AWS_REGION": "eu-west-1", "AWS_DEFAULT_REGION": "eu-west-2"}
    assert resolve_region("us-east-1", environment) == "us-east-1"
    assert resolve_region(None, environment) == "eu-west-1"
    assert resolve_region(None, {"AWS_DEFAULT_REGION": "eu-west-2"}) == "eu-west-2"
    with pytest.raises(ConfigurationError, match="region is not given"):
        resolve_region(None, {"AWS_REGION": ""})


PROFILE = SharedConfig(
    profile="bots",
    region="eu-west-3",
    service_endpoint_url="https://profile-service",
    endpoint_url="https://profile-general",
)


@pytest.mark.parametrize(
    ("given", "environment", "config", "expected"),
    [
        ("us-east-1", {"AWS_REGION": "us-east-2"}, PROFILE, ("us-east-1", "region")),
        (None, {"AWS_REGION": "us-east-2"}, PROFILE, ("us-east-2", "AWS_REGION")),
        (None, {"AWS_DEFAULT_REGION": "us-east-2"}, PROFILE, ("us-east-2", "AWS_DEFAULT_REGION")),
        (None, {}, PROFILE, ("eu-west-3", "profile 'bots'")),
        (
            None,
            {"AWS_REGION": "us-east-2"},
            replace(PROFILE, session_region="sa-east-1"),
            ("sa-east-1", "the session"),
        ),
    ],
)
def test_the_region_is_the_given_the_sessions_the_environments_or_the_profiles(
    given: str | None,
    environment: dict[str, str],
    config: SharedConfig,
    expected: tuple[str, str],
) -> None:
    assert find_region(given, environment, config) == expected
    assert resolve_region(given, environment, config) == expected[0]


def test_without_a_region_the_profile_is_named() -> None:
    with pytest.raises(ConfigurationError, match="or set region in profile 'bots'"):
        resolve_region(None, {}, SharedConfig(profile="bots"))
    with pytest.raises(ConfigurationError, match=r"'us east' \(from profile 'bots'\) is not"):
        resolve_region(None, {}, SharedConfig(profile="bots", region="us east"))


def test_the_profiles_urls_come_after_the_environments() -> None:
    def url(environment: dict[str, str], config: SharedConfig = PROFILE) -> str:
        return resolve_url(None, "us-east-1", environment, config=config)

    assert url({"AWS_ENDPOINT_URL": "https://environment"}) == "https://environment:8443"
    assert url({}) == "https://profile-service:8443"
    assert url({}, replace(PROFILE, service_endpoint_url=None)) == "https://profile-general:8443"
    own = "https://runtime.sagemaker.us-east-1.amazonaws.com:8443"
    assert url({"AWS_IGNORE_CONFIGURED_ENDPOINT_URLS": "true"}) == own
    ignoring = replace(PROFILE, ignores_endpoint_urls=True)
    assert url({"AWS_ENDPOINT_URL": "https://environment"}, ignoring) == own
    assert (
        url({"AWS_IGNORE_CONFIGURED_ENDPOINT_URLS": "false"}, ignoring)
        == "https://profile-service:8443"
    )
    given = resolve_url("https://given", "us-east-1", {}, config=ignoring)
    assert given == "https://given:8443"


def test_a_profiles_url_is_refused_by_name() -> None:
    for config, name in (
        (replace(PROFILE, service_endpoint_url="http://x"), "sagemaker_runtime_http2 for profile"),
        (SharedConfig(profile="bots", endpoint_url="x"), "endpoint_url of profile 'bots'"),
    ):
        with pytest.raises(ConfigurationError, match=f"{name}.* is not of the form"):
            resolve_url(None, "us-east-1", {}, config=config)


def test_fips_and_dual_stack_of_the_profile_give_way_to_the_environment() -> None:
    config = SharedConfig(use_fips=True, use_dualstack=True)

    def host(environment: dict[str, str], *, dualstack: bool | None = None) -> str:
        return resolve_url(None, "us-east-1", environment, use_dualstack=dualstack, config=config)

    assert host({}) == "https://runtime-fips.sagemaker.us-east-1.api.aws:8443"
    off = {"AWS_USE_FIPS_ENDPOINT": "false"}
    assert host(off) == "https://runtime.sagemaker.us-east-1.api.aws:8443"
    assert (
        host({}, dualstack=False) == "https://runtime-fips.sagemaker.us-east-1.amazonaws.com:8443"
    )


@pytest.mark.parametrize(
    "region",
    ["us east 1", "evil.com/", "us-east-1:443", "-", "é-1", "US-EAST-1", "us-east-1\n"],
)
def test_what_is_no_region_is_refused(region: str) -> None:
    with pytest.raises(ConfigurationError, match="region"):
        resolve_region(region, {})


def test_an_address_is_written_as_in_a_url() -> None:
    assert str(Address("::1", 8443)) == "[::1]:8443"
    assert str(parse_url("https://host", "url")) == "host:8443"
