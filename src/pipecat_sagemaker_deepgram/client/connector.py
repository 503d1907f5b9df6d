# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
"""How a client's streams are opened: where, with which credentials, within which limits."""

import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace

from pipecat_sagemaker_deepgram.client.config import ClientConfig, Target
from pipecat_sagemaker_deepgram.client.limits import process_gates, stream_slot
from pipecat_sagemaker_deepgram.client.options import ConnectionOptions
from pipecat_sagemaker_deepgram.client.stream_protocol import StreamProtocol
from pipecat_sagemaker_deepgram.transport import (
    SageMakerStream,
    StreamOpener,
    StreamRequest,
    TransportConfig,
    as_resolver,
    ca_bundle_from,
    client_context,
    load_shared_config,
    resolve_region,
    resolve_url,
)


class Connector:
    """Opens streams to targets.

    Args:
        protocol: Provides path and query.
        config: Time limits and limits on the number of streams.
        region: AWS region of targets without one; ``None`` takes the environment's or the
            profile's.
        options: Where to connect and with which credentials.
    """

    def __init__(
        self,
        protocol: StreamProtocol,
        config: ClientConfig,
        region: str | None,
        options: ConnectionOptions,
    ) -> None:
        self._protocol = protocol
        self._config = config
        self._region = region
        self._options = options
        self._shared = load_shared_config(
            os.environ, profile=options.get("profile"), session=options.get("credentials")
        )
        self._credentials = as_resolver(
            options.get("credentials"),
            profile=options.get("profile"),
            timeout=config.credentials_timeout,
        )
        ca_bundle = ca_bundle_from(options.get("ca_bundle"), os.environ, self._shared)
        self._opener = StreamOpener(client_context(ca_bundle), _transport_config(config))

    def targets(self, endpoint_name: str) -> tuple[Target, ...]:
        """List the targets of streams, the endpoint first.

        Raises:
            ConfigurationError: A field of a target is not valid, or a target has no region.
        """
        options = self._options
        first = Target(endpoint_name=endpoint_name, target_variant=options.get("target_variant"))
        return tuple(self.complete(each) for each in (first, *options.get("targets", ())))

    def complete(self, target: Target) -> Target:
        """Fill in what a target leaves to the environment and the profile, and check it.

        Raises:
            ConfigurationError: A field is not valid, or there is no region.
        """
        options = self._options
        own_region = resolve_region(self._region, os.environ, self._shared)
        region = target.region or own_region
        own_url = options.get("endpoint_url") if region == own_region else None
        url = resolve_url(
            target.endpoint_url or own_url,
            region,
            os.environ,
            use_fips=options.get("use_fips"),
            use_dualstack=options.get("use_dualstack"),
            config=self._shared,
        )
        complete = replace(target, region=region, endpoint_url=url)
        self._request(complete)
        return complete

    @asynccontextmanager
    async def open(
        self, target: Target, *, needs_fresh_credentials: bool
    ) -> AsyncIterator[SageMakerStream]:
        """Open a stream, and close it at the end of the block.

        Raises:
            SageMakerDeepgramError: The stream could not be opened; the class says why.
        """
        self._opener.prepare()
        async with stream_slot(self._config.max_concurrency, timeout=self._acquire_timeout):
            async with process_gates().connecting.enter(self._config.max_concurrent_connects):
                request = self._request(target)
                credentials = await self._credentials.resolve(refresh=needs_fresh_credentials)
                stream = await self._opener.open(request, credentials)
            try:
                yield stream
            finally:
                await stream.close(timeout=1.0)

    @property
    def _acquire_timeout(self) -> float:
        timeout = self._config.connection_acquire_timeout
        return self._config.connection_timeout if timeout is None else timeout

    def _request(self, target: Target) -> StreamRequest:
        return StreamRequest(
            endpoint_name=target.endpoint_name,
            region=target.region or "",
            url=target.endpoint_url or "",
            invocation_path=self._protocol.invocation_path,
            query_string=self._protocol.query(),
            target_variant=target.target_variant,
        )


def _transport_config(config: ClientConfig) -> TransportConfig:
    return TransportConfig(
        connection_timeout=config.connection_timeout,
        subscription_timeout=config.subscription_timeout,
        send_timeout=config.send_timeout,
        ping_interval=config.ping_interval,
        ping_timeout=config.ping_timeout,
        proxy=config.proxy,
        sdk_config=config.sdk_config,
    )
