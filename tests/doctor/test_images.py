# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
"""What an image says of itself."""

import pytest

from pipecat_sagemaker_deepgram.doctor.images import config_digest, labels_of


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
