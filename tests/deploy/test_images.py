# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
"""What a URI in ECR names."""

import pytest

from pipecat_sagemaker_deepgram.deploy.images import image_reference

ECR = "123456789012.dkr.ecr.eu-west-1.amazonaws.com"


@pytest.mark.parametrize(
    ("uri", "repository", "identifier"),
    [
        (f"{ECR}/bots/echo:7", "bots/echo", {"imageTag": "7"}),
        (f"{ECR}/echo", "echo", {"imageTag": "latest"}),
        (f"{ECR}/echo@sha256:ab", "echo", {"imageDigest": "sha256:ab"}),
        (f"{ECR}/echo:7@sha256:ab", "echo", {"imageDigest": "sha256:ab"}),
        (f"{ECR}.cn/echo:7", "echo", {"imageTag": "7"}),
    ],
)
def test_an_image_in_ecr(uri: str, repository: str, identifier: dict[str, str]) -> None:
    found = image_reference(uri)
    assert found is not None
    assert found.region == "eu-west-1"
    assert found.place == {"registryId": "123456789012", "repositoryName": repository}
    assert found.identifier == identifier


@pytest.mark.parametrize("uri", ["", "python:3.12", "ghcr.io/someone/image:1", f"{ECR}/"])
def test_an_image_elsewhere(uri: str) -> None:
    assert image_reference(uri) is None
