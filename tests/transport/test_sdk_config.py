# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
"""What streams share of the AWS SDK's configuration, for how long, and what is their own."""

from copy import deepcopy
from pathlib import Path
from traceback import TracebackException
from typing import Any

import aws_sdk_sagemaker_runtime_http2.config as sdk_config
import pytest

from pipecat_sagemaker_deepgram.exceptions import ConfigurationError
from pipecat_sagemaker_deepgram.transport.sdk_config import KEPT_FOR, SdkConfigs

PLACE = {"region": "eu-west-1", "endpoint_uri": "https://host:8443"}

reads_files = pytest.mark.skipif(
    not hasattr(sdk_config, "AsyncSageMakerRuntimeHTTP2Config"),
    reason="This version of the SDK reads no files",
)


class SteppedClock:
    """A clock that a test sets."""

    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The shared configuration file, which names an application."""
    path = tmp_path / "config"
    monkeypatch.setenv("AWS_CONFIG_FILE", str(path))
    name_application(path, "first")
    return path


def name_application(path: Path, name: str) -> None:
    path.write_text(f"[default]\nsdk_ua_app_id = {name}\n")


async def resolve(configs: SdkConfigs, overrides: dict[str, Any] | None = None) -> Any:
    own = {"transport": object(), "aws_credentials_identity_resolver": object()}
    return await configs.resolve(own, PLACE, overrides or {})


async def test_each_stream_has_fields_of_its_own(file: Path) -> None:
    configs = SdkConfigs()
    one, other = [await resolve(configs) for _ in range(2)]
    transport = one.transport
    assert transport is not other.transport
    other.interceptors = ["of the other"]
    third = await resolve(configs)
    assert one.interceptors == third.interceptors == []
    assert one.transport is transport
    assert (third.region, third.endpoint_uri) == ("eu-west-1", "https://host:8443")


@reads_files
@pytest.mark.parametrize("overrides", [{}, {"sdk_ua_app_id": "mine"}])
async def test_the_sdk_copies_no_configuration_that_only_one_stream_has(
    file: Path, overrides: dict[str, Any]
) -> None:
    configs = SdkConfigs()
    config = await resolve(configs, overrides)
    assert deepcopy(config) is config
    deepcopy(config).interceptors = ["that a plugin adds"]
    assert (await resolve(configs, overrides)).interceptors == []


@reads_files
async def test_files_are_read_again_after_a_while(file: Path) -> None:
    clock = SteppedClock()
    configs = SdkConfigs(clock)
    names = []
    for later in (0.0, KEPT_FOR - 1, 1.0):
        clock.now += later
        names.append((await resolve(configs)).sdk_ua_app_id)
        name_application(file, "second")
    assert names == ["first", "first", "second"]


@reads_files
async def test_another_environment_is_another_configuration(
    file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    configs = SdkConfigs()
    assert (await resolve(configs)).sdk_ua_app_id == "first"
    monkeypatch.setenv("AWS_SDK_UA_APP_ID", "named")
    assert (await resolve(configs)).sdk_ua_app_id == "named"


@reads_files
async def test_what_is_overridden_is_not_shared(file: Path) -> None:
    configs = SdkConfigs()
    overridden = await resolve(configs, {"sdk_ua_app_id": "mine", "region": "eu-west-3"})
    assert (overridden.sdk_ua_app_id, overridden.region) == ("mine", "eu-west-3")
    plain = await resolve(configs)
    assert (plain.sdk_ua_app_id, plain.region) == ("first", "eu-west-1")


@reads_files
async def test_a_profile_that_is_missing_is_refused_until_it_exists(
    file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AWS_PROFILE", "bots")
    configs = SdkConfigs()
    with pytest.raises(ConfigurationError, match="bots"):
        await resolve(configs)
    file.write_text("[profile bots]\nsdk_ua_app_id = bots\n")
    assert (await resolve(configs)).sdk_ua_app_id == "bots"


@reads_files
async def test_no_frame_of_a_refusal_holds_the_environments_secrets(
    file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AWS_PROFILE", "bots")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "what-nobody-may-see")
    with pytest.raises(ConfigurationError) as refusal:
        await resolve(SdkConfigs())
    shown = TracebackException.from_exception(refusal.value, capture_locals=True).format()
    assert "what-nobody-may-see" not in "".join(shown)
