# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
"""Reading the manifest and the labels of an image. Pure.

An image's manifest names its configuration by a digest, and the configuration holds the labels
(OCI Image Format Specification, "Image Manifest" and "Image Configuration").
"""

import json
from collections.abc import Mapping
from typing import Any

MANIFEST_TYPES = (
    "application/vnd.docker.distribution.manifest.v2+json",
    "application/vnd.oci.image.manifest.v1+json",
)
"""The manifest types of a single image; SageMaker does not accept an index of several."""


def config_digest(manifest: str) -> str | None:
    """Read the digest of an image's configuration.

    Args:
        manifest: The image's manifest.

    Returns:
        The digest; ``None`` if the manifest is not that of a single image.
    """
    config = _object(manifest).get("config")
    digest = config.get("digest") if isinstance(config, Mapping) else None
    return digest if isinstance(digest, str) else None


def labels_of(configuration: str | bytes) -> Mapping[str, str]:
    """Read the labels of an image.

    Args:
        configuration: The image's configuration.
    """
    config = _object(configuration).get("config")
    labels = config.get("Labels") if isinstance(config, Mapping) else None
    return labels if isinstance(labels, Mapping) else {}


def _object(text: str | bytes) -> Mapping[str, Any]:
    try:
        value = json.loads(text)
    except ValueError:
        return {}
    return value if isinstance(value, Mapping) else {}
