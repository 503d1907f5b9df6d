# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
"""How a client's streams are opened: where to, as whom, within which limits."""

import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from typing import Any

from pipecat_sagemaker_deepgram.client.config import ClientConfig, Target
from pipecat_sagemaker_deepgram.client.limits import a_place, process_gates
from pipecat_sagemaker_deepgram.client.stream_protocol import StreamProtocol
from pipecat_sagemaker_deepgram.transport import (
    SageMakerStream,
    StreamOpener,
    StreamRequest,
    TransportConfig,
    as_resolver,
    ca_bundle_from,
    client_context,
    resolve_region,
    resolve_url,
)


@dataclass(frozen=True, kw_only=True)
class Access:
    """Where a client's streams go and as whom, unless a target says otherwise.

    Parameters:
        region: AWS region; ``None`` is the environment's.
        endpoint_url: Base URL of that region; ``None`` is the environment's or the region's own.
        use_fips: Whether to use the FIPS host; ``None`` is as ``AWS_USE_FIPS_ENDPOINT`` says.
        use_dualstack: Whether to use the dual-stack host; ``None`` is as
            ``AWS_USE_DUALSTACK_ENDPOINT`` says.
        ca_bundle: PEM file of trusted certificates; ``None`` is the environment's.
        credentials: ``Credentials``, a botocore or boto3 session, or an object with an async
            ``resolve()``; ``None`` is botocore's chain.
        profile: Profile of the shared configuration files, for botocore's chain.
    """

    region: str | None = None
    endpoint_url: str | None = None
    use_fips: bool | None = None
    use_dualstack: bool | None = None
    ca_bundle: str | os.PathLike[str] | None = None
    credentials: Any = field(default=None, repr=False)
    profile: str | None = None


class Connector:
    """Opens streams to targets.

    Args:
        protocol: Gives path and query.
        config: Time limits and the like.
        access: Where and as whom, unless a target says otherwise.
    """

    def __init__(
        self,
        protocol: StreamProtocol,
        config: ClientConfig,
        access: "Access",
    ) -> None:
        self._protocol = protocol
        self._config = config
        self._access = access
        self._credentials = as_resolver(
            access.credentials, profile=access.profile, timeout=config.credentials_timeout
        )
        self._opener = StreamOpener(
            client_context(ca_bundle_from(access.ca_bundle, os.environ)),
            TransportConfig(
                connection_timeout=config.connection_timeout,
                subscription_timeout=config.subscription_timeout,
                send_timeout=config.send_timeout,
                ping_interval=config.ping_interval,
                ping_timeout=config.ping_timeout,
                proxy=config.proxy,
                sdk_config=config.sdk_config,
            ),
        )

    def complete(self, target: Target) -> Target:
        """Fill in what a target leaves to the environment, and check it.

        Raises:
            ConfigurationError: A field is not valid, or the region is nowhere given.
        """
        own_region = resolve_region(self._access.region, os.environ)
        region = target.region or own_region
        own_url = self._access.endpoint_url if region == own_region else None
        url = resolve_url(
            target.endpoint_url or own_url,
            region,
            os.environ,
            use_fips=self._access.use_fips,
            use_dualstack=self._access.use_dualstack,
        )
        complete = replace(target, region=region, endpoint_url=url)
        self._request(complete)
        return complete

    @asynccontextmanager
    async def open(
        self, target: Target, *, needs_fresh_credentials: bool
    ) -> AsyncIterator[SageMakerStream]:
        """Open a stream and close it in the end.

        Raises:
            SageMakerDeepgramError: It could not be opened; the class tells why.
        """
        config = self._config
        async with a_place(config.max_concurrency, timeout=config.connection_timeout):
            async with process_gates().connecting.enter(config.max_concurrent_connects):
                request = self._request(target)
                credentials = await self._credentials.resolve(refresh=needs_fresh_credentials)
                stream = await self._opener.open(request, credentials)
            try:
                yield stream
            finally:
                await stream.close(timeout=1.0)

    def _request(self, target: Target) -> StreamRequest:
        return StreamRequest(
            endpoint_name=target.endpoint_name,
            region=target.region or "",
            url=target.endpoint_url or "",
            invocation_path=self._protocol.invocation_path,
            query_string=self._protocol.query(),
            target_variant=target.target_variant,
        )
