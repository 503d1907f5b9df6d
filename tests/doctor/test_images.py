# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
"""What a URI in ECR names, and what an image says of itself."""

import pytest

from pipecat_sagemaker_deepgram.doctor.images import config_digest, image_reference, labels_of

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


@pytest.mark.parametrize(
    ("manifest", "digest"),
    [
        ('{"config": {"digest": "sha256:ab"}}', "sha256:ab"),
        ('{"manifests": []}', None),
        ('{"config": "sha256:ab"}', None),
        ("[]", None),
        ("no JSON", None),
    ],
)
def test_the_configuration_that_a_manifest_names(manifest: str, digest: str | None) -> None:
    assert config_digest(manifest) == digest


@pytest.mark.parametrize(
    ("configuration", "labels"),
    [
        ('{"config": {"Labels": {"a": "b"}}}', {"a": "b"}),
        ('{"config": {"Labels": null}}', {}),
        ('{"config": {}}', {}),
        ("<Error/>", {}),
    ],
)
def test_the_labels_that_a_configuration_has(configuration: str, labels: dict[str, str]) -> None:
    assert labels_of(configuration) == labels
