# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
"""What a client finds in the profile, where neither it nor the environment is told."""

from pathlib import Path
from typing import Any

import pytest

from pipecat_sagemaker_deepgram import (
    ConfigurationError,
    DeepgramFluxSageMakerSTTService,
    DeepgramSageMakerSTTService,
    SageMakerBidiClient,
)
from pipecat_sagemaker_deepgram.client.config import Target


@pytest.fixture
def configured(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Two profiles, in the file that botocore reads."""
    config = tmp_path / "config"
    config.write_text(
        "[default]\nregion = eu-west-1\n"
        "[profile work]\nregion = us-west-2\nuse_fips_endpoint = true\n"
        "[profile own]\nregion = us-west-2\nservices = own\n"
        "[services own]\nsagemaker_runtime_http2 =\n  endpoint_url = https://own.example:9443\n"
    )
    monkeypatch.setenv("AWS_CONFIG_FILE", str(config))


def target_of(client: SageMakerBidiClient) -> Target:
    (target,) = client._session._streams._targets
    return target


@pytest.mark.parametrize(
    ("options", "region", "url"),
    [
        ({}, "eu-west-1", "https://runtime.sagemaker.eu-west-1.amazonaws.com:8443"),
        (
            {"profile": "work"},
            "us-west-2",
            "https://runtime-fips.sagemaker.us-west-2.amazonaws.com:8443",
        ),
        ({"profile": "own"}, "us-west-2", "https://own.example:9443"),
        (
            {"profile": "work", "region": "us-east-1", "use_fips": False},
            "us-east-1",
            "https://runtime.sagemaker.us-east-1.amazonaws.com:8443",
        ),
    ],
)
@pytest.mark.usefixtures("configured")
def test_region_and_url_are_found_in_the_profile(
    options: dict[str, Any], region: str, url: str
) -> None:
    for target in (
        target_of(SageMakerBidiClient("e", **options)),
        target_of(DeepgramSageMakerSTTService(endpoint_name="e", **options)._call.client),
        target_of(DeepgramFluxSageMakerSTTService(endpoint_name="e", **options)._call.client),
    ):
        assert (target.region, target.endpoint_url) == (region, url)


@pytest.mark.usefixtures("configured")
def test_a_profile_that_does_not_exist_is_named() -> None:
    with pytest.raises(ConfigurationError, match="nowhere"):
        SageMakerBidiClient("e", profile="nowhere")
