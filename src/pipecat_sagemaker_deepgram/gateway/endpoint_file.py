# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
"""A TOML file of endpoints and the models that they serve, in order of preference.

::

    [[endpoints]]
    name = "deepgram-nova-3"
    region = "us-east-1"
    models = ["nova-3*"]     # default: all models
    variant = "AllTraffic"   # default: SageMaker chooses
    url = "https://..."      # default: the region's own URL
"""

import tomllib
from pathlib import Path

import msgspec

from pipecat_sagemaker_deepgram.client.config import Target
from pipecat_sagemaker_deepgram.exceptions import ConfigurationError
from pipecat_sagemaker_deepgram.gateway.endpoints import Endpoint


class _WrittenEndpoint(msgspec.Struct, forbid_unknown_fields=True):
    name: str
    region: str | None = None
    models: list[str] = []
    variant: str | None = None
    url: str | None = None


class _WrittenFile(msgspec.Struct, forbid_unknown_fields=True):
    endpoints: list[_WrittenEndpoint]


def read_endpoint_file(path: Path) -> tuple[Endpoint, ...]:
    """Read the endpoints of a gateway.

    Args:
        path: The file.

    Raises:
        ConfigurationError: It cannot be read; the message says why.
    """
    try:
        written = msgspec.convert(tomllib.loads(path.read_text()), _WrittenFile)
    except (OSError, ValueError, msgspec.ValidationError) as error:
        raise ConfigurationError(f"The endpoints in {path} cannot be read: {error}") from error
    if not written.endpoints:
        raise ConfigurationError(f"There are no endpoints in {path}")
    return tuple(_endpoint(each) for each in written.endpoints)


def _endpoint(written: _WrittenEndpoint) -> Endpoint:
    target = Target(
        endpoint_name=written.name,
        region=written.region,
        target_variant=written.variant,
        endpoint_url=written.url,
    )
    return Endpoint(target=target, models=tuple(written.models))
