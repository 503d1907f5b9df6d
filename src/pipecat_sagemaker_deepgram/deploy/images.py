# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
"""Parsing the URIs of images in Amazon ECR. Pure."""

import re
from dataclasses import dataclass

_URI = re.compile(
    r"(?P<account>\d{12})\.dkr\.ecr(?:-fips)?\.(?P<region>[a-z0-9-]+)\.[^/]+/"
    r"(?P<repository>[^:@]+)(?::(?P<tag>[^@]+))?(?:@(?P<digest>.+))?"
)


@dataclass(frozen=True, kw_only=True)
class ImageReference:
    """An image in ECR.

    Attributes:
        account: The registry's account.
        region: The registry's region.
        repository: Its repository.
        tag: Its tag; ``None`` if the digest is given.
        digest: Its digest; ``None`` if the tag is given.
    """

    account: str
    region: str
    repository: str
    tag: str | None = None
    digest: str | None = None

    @property
    def place(self) -> dict[str, str]:
        """The request parameters that name its repository."""
        return {"registryId": self.account, "repositoryName": self.repository}

    @property
    def identifier(self) -> dict[str, str]:
        """The request parameters that name it within its repository."""
        if self.digest is not None:
            return {"imageDigest": self.digest}
        return {"imageTag": self.tag or "latest"}


def image_reference(uri: str) -> ImageReference | None:
    """Read an image's URI.

    Args:
        uri: The URI.

    Returns:
        The image; ``None`` if it is not in ECR.
    """
    found = _URI.fullmatch(uri)
    return ImageReference(**found.groupdict()) if found else None
