# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
"""The endpoint of a command: one that is already running, or one that is started for it."""

from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

from pipecat_sagemaker_deepgram.cli.endpoint_arguments import RemoteEndpoint
from pipecat_sagemaker_deepgram.cli.explanation import explain_refusal, latest_reason
from pipecat_sagemaker_deepgram.client import ConnectionOptions
from pipecat_sagemaker_deepgram.exceptions import SageMakerDeepgramError
from pipecat_sagemaker_deepgram.transport import Credentials, StaticCredentialsResolver

if TYPE_CHECKING:
    from pipecat_sagemaker_deepgram.container.recognizers.recognizer import Recognizer

_LOCAL_NAME = "local"


@dataclass(frozen=True, kw_only=True)
class EndpointAddress:
    """The address of an endpoint.

    Attributes:
        name: Its name.
        region: Its AWS region; ``None`` is the environment's or the profile's.
        options: How to reach it, and with which credentials.
        explain: Replaces an error of a stream by one that states the cause, if that is known here.
    """

    name: str
    region: str | None
    options: ConnectionOptions
    explain: Callable[[SageMakerDeepgramError], SageMakerDeepgramError] = explain_refusal


@asynccontextmanager
async def open_place(
    endpoint: RemoteEndpoint | None, faults: Sequence[str]
) -> AsyncIterator[EndpointAddress]:
    """Provide an endpoint while the context is open.

    Args:
        endpoint: The one that is already running; ``None`` starts one.
        faults: Faults to inject at the one that is started.

    Yields:
        Its name, region and options.

    Raises:
        SageMakerDeepgramError: No endpoint can be started; the message explains why.
        ImportError: The extra ``local`` is needed and not installed.
    """
    if endpoint is not None:
        yield _remote_place(endpoint)
        return
    async with local_place(_LOCAL_NAME, faults) as place:
        yield place


@asynccontextmanager
async def local_place(
    name: str, faults: Sequence[str], *, recognizer: "Recognizer | None" = None
) -> AsyncIterator[EndpointAddress]:
    """Start an endpoint on this machine while the context is open.

    Args:
        name: Its name.
        faults: Faults to inject.
        recognizer: The recogniser of its container; Moonshine by default.

    Yields:
        Its name, region and options.

    Raises:
        SageMakerDeepgramError: No endpoint can be started; the message explains why.
        ImportError: The extra ``local`` is needed and not installed.
    """
    from pipecat_sagemaker_deepgram.cli.local_endpoint import read_faults, run_local_endpoint

    script = read_faults(faults)
    async with run_local_endpoint(
        endpoint_name=name, faults=script, recognizer=recognizer
    ) as emulator:
        keys = Credentials(
            access_key_id=emulator.credentials.access_key_id,
            secret_access_key=emulator.credentials.secret_access_key,
            session_token=emulator.credentials.session_token,
        )
        yield EndpointAddress(
            name=name,
            region=emulator.region,
            options=ConnectionOptions(
                endpoint_url=emulator.endpoint_url,
                ca_bundle=emulator.ca_bundle,
                credentials=StaticCredentialsResolver(keys),
            ),
            explain=lambda error: explain_refusal(
                error, reason=latest_reason(each.container_reason for each in emulator.streams)
            ),
        )


def _remote_place(remote: RemoteEndpoint) -> EndpointAddress:
    """The place of a running endpoint; the client finds what is not given."""
    return EndpointAddress(
        name=remote.name,
        region=remote.region,
        options=ConnectionOptions(
            target_variant=remote.variant,
            endpoint_url=remote.url,
            use_fips=remote.use_fips,
            use_dualstack=remote.use_dualstack,
            ca_bundle=remote.ca_bundle,
            profile=remote.profile,
        ),
    )
