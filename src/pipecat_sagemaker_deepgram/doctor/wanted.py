# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
"""What the doctor is asked about, and where that is by the environment and the profile."""

import os
from dataclasses import dataclass, field, replace
from typing import Any

from pipecat_sagemaker_deepgram.doctor.facts import Region
from pipecat_sagemaker_deepgram.doctor.failures import Failure, FailureKind, failure_of
from pipecat_sagemaker_deepgram.doctor.limits import Limits
from pipecat_sagemaker_deepgram.exceptions import ConfigurationError
from pipecat_sagemaker_deepgram.transport import SharedConfig, StreamRequest, resolve_url
from pipecat_sagemaker_deepgram.transport.endpoint import find_region


@dataclass(frozen=True, kw_only=True)
class Wanted:
    """What the doctor is asked about.

    Parameters:
        endpoint_name: The endpoint.
        region: Its region; ``None`` takes the environment's, else the profile's.
        target_variant: Production variant to ask; ``None`` lets SageMaker choose.
        endpoint_url: Base URL instead of the region's own.
        use_fips: Whether to use the FIPS host; ``None`` takes the environment's or the profile's.
        use_dualstack: Whether to use the host with IPv6 and IPv4 addresses; ``None`` likewise.
        ca_bundle: PEM file of trusted certificates instead of the system's.
        credentials: Credentials, a session or a resolver; ``None`` is botocore's chain.
        profile: Profile of AWS's configuration files; ``None`` takes the environment's.
        model: Deepgram's model; ``None`` tries those there are.
        language: What Deepgram Nova is asked for; ``None`` tries ``en`` and ``multi``.
        audio: A recording of speech, mono linear16 at 16 kHz; or why there is none.
        limits: How long to wait.
    """

    endpoint_name: str
    region: str | None = None
    target_variant: str | None = None
    endpoint_url: str | None = None
    use_fips: bool | None = None
    use_dualstack: bool | None = None
    ca_bundle: str | None = None
    credentials: Any = None
    profile: str | None = None
    model: str | None = None
    language: str | None = None
    audio: bytes | Failure = field(
        default=Failure(kind=FailureKind.NOT_POSSIBLE, message="no recording was given")
    )
    limits: Limits = field(default_factory=Limits)


def region_of(wanted: Wanted, shared: SharedConfig) -> Region | Failure:
    """The region, and who names it.

    Args:
        wanted: What the doctor is asked about.
        shared: What the profile says.

    Raises:
        ConfigurationError: The wanted region is not one.
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
    """The base URL; empty when it would take a region to know it.

    Args:
        wanted: What the doctor is asked about.
        region: The region; empty for none.
        shared: What the profile says.

    Raises:
        ConfigurationError: What is wanted makes no sense.
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
