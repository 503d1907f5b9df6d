# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
"""What the doctor examines, completed from the environment and the profile."""

import os
from dataclasses import dataclass, field, replace

from pipecat_sagemaker_deepgram.doctor.account_facts import Region
from pipecat_sagemaker_deepgram.doctor.failures import CheckFailure, Failure, failure_of
from pipecat_sagemaker_deepgram.doctor.limits import Limits
from pipecat_sagemaker_deepgram.exceptions import ConfigurationError
from pipecat_sagemaker_deepgram.transport import (
    CredentialsSource,
    SharedConfig,
    StreamRequest,
    resolve_url,
)
from pipecat_sagemaker_deepgram.transport.endpoint import find_region


@dataclass(frozen=True, kw_only=True)
class Wanted:
    """What the doctor examines.

    Attributes:
        endpoint_name: The endpoint.
        region: Its region; ``None`` for the environment's, else the profile's.
        target_variant: Production variant to use; ``None`` lets SageMaker choose one.
        endpoint_url: Base URL instead of the region's own.
        use_fips: Whether to use the FIPS host; ``None`` for the environment's or the profile's
            setting.
        use_dualstack: Whether to use the host with IPv6 and IPv4 addresses; ``None`` likewise.
        ca_bundle: PEM file of trusted certificates instead of the system's.
        credentials: Credentials, a session or a resolver; ``None`` is botocore's chain.
        profile: Profile of AWS's configuration files; ``None`` for the environment's.
        model: Deepgram's model; ``None`` tries all of them.
        language: The language for Deepgram Nova; ``None`` tries ``en`` and ``multi``.
        audio: A recording of speech, mono linear16 at 16 kHz; or the reason why there is none.
        limits: The timeouts.
    """

    endpoint_name: str
    region: str | None = None
    target_variant: str | None = None
    endpoint_url: str | None = None
    use_fips: bool | None = None
    use_dualstack: bool | None = None
    ca_bundle: str | None = None
    credentials: CredentialsSource | None = None
    profile: str | None = None
    model: str | None = None
    language: str | None = None
    audio: bytes | Failure = field(
        default=Failure(kind=CheckFailure.NOT_POSSIBLE, message="no recording was given")
    )
    limits: Limits = field(default_factory=Limits)


def region_of(wanted: Wanted, shared: SharedConfig) -> Region | Failure:
    """Find the region, and what it was taken from.

    Args:
        wanted: What the doctor examines.
        shared: The profile's settings.

    Raises:
        ConfigurationError: The requested region is not a valid name.
    """
    try:
        found = find_region(wanted.region, os.environ, shared)
    except ConfigurationError as error:
        if wanted.region:
            raise
        advice = "Pass --region, or set AWS_REGION, such as us-east-1, or use a profile with one."
        return replace(failure_of(error), advice=advice)
    return Region(name=found.name, source="--region" if wanted.region else found.source)


def url_of(wanted: Wanted, region: str, shared: SharedConfig) -> str:
    """Find the base URL; empty if it depends on an unknown region.

    Args:
        wanted: What the doctor examines.
        region: The region; empty for none.
        shared: The profile's settings.

    Raises:
        ConfigurationError: A setting is invalid.
    """

    def url_in(name: str) -> str:
        return resolve_url(
            wanted.endpoint_url,
            name,
            os.environ,
            use_fips=wanted.use_fips,
            use_dualstack=wanted.use_dualstack,
            config=shared,
        )

    url = url_in(region or "one")
    StreamRequest(
        endpoint_name=wanted.endpoint_name,
        region=region,
        url=url,
        target_variant=wanted.target_variant,
    )
    return "" if not region and url != url_in("another") else url
