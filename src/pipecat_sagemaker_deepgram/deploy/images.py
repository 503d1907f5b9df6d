# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
"""Images in Amazon ECR: what a URI names. Pure."""

import re
from dataclasses import dataclass

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
