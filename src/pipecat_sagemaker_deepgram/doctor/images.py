# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
"""Images in Amazon ECR: what a URI names, and what their manifests say. Pure.

An image's manifest names its configuration by a digest, and the configuration holds the labels
(OCI Image Format Specification, "Image Manifest" and "Image Configuration").
"""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

MANIFEST_TYPES = (
    "application/vnd.docker.distribution.manifest.v2+json",
    "application/vnd.oci.image.manifest.v1+json",
)
"""The manifests of one image; SageMaker takes no index of several."""

_URI = re.compile(
    r"(?P<account>\d{12})\.dkr\.ecr(?:-fips)?\.(?P<region>[a-z0-9-]+)\.[^/]+/"
    r"(?P<repository>[^:@]+)(?::(?P<tag>[^@]+))?(?:@(?P<digest>.+))?"
)


@dataclass(frozen=True, kw_only=True)
class ImageReference:
    """An image in ECR.

    Parameters:
        account: The registry's account.
        region: The registry's region.
        repository: Its repository.
        tag: Its tag; ``None`` where the digest is given.
        digest: Its digest; ``None`` where the tag is given.
    """

    account: str
    region: str
    repository: str
    tag: str | None = None
    digest: str | None = None

    @property
    def place(self) -> dict[str, str]:
        """What names its repository in every request."""
        return {"registryId": self.account, "repositoryName": self.repository}

    @property
    def identifier(self) -> dict[str, str]:
        """What names it in its repository."""
        if self.digest is not None:
            return {"imageDigest": self.digest}
        return {"imageTag": self.tag or "latest"}


def image_reference(uri: str) -> ImageReference | None:
    """Read an image's URI.

    Args:
        uri: The URI.

    Returns:
        The image; ``None`` when it is not in ECR.
    """
    found = _URI.fullmatch(uri)
    return ImageReference(**found.groupdict()) if found else None


def config_digest(manifest: str) -> str | None:
    """The digest of an image's configuration.

    Args:
        manifest: The image's manifest.

    Returns:
        The digest; ``None`` when the manifest is not one image's.
    """
    config = _object(manifest).get("config")
    digest = config.get("digest") if isinstance(config, Mapping) else None
    return digest if isinstance(digest, str) else None


def labels_of(configuration: str | bytes) -> Mapping[str, str]:
    """The labels of an image.

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
