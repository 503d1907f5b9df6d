# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
"""Opens streams, once what that requires has been imported.

The AWS SDK and ``h2`` take longer to import than the rest of this package, so a thread imports them
when the first stream is opened, while the event loop keeps running.
"""

import asyncio
import os
import ssl
from collections.abc import Awaitable, Callable, Mapping
from concurrent.futures import Future
from functools import cache

from pipecat_sagemaker_deepgram.exceptions import ConfigurationError
from pipecat_sagemaker_deepgram.transport.config import TransportConfig
from pipecat_sagemaker_deepgram.transport.credentials import Credentials
from pipecat_sagemaker_deepgram.transport.daemon_thread import in_daemon_thread
from pipecat_sagemaker_deepgram.transport.request import StreamRequest
from pipecat_sagemaker_deepgram.transport.stream import SageMakerStream

type OpenStream = Callable[..., Awaitable[SageMakerStream]]


class StreamOpener:
    """Opens streams.

    Args:
        context: TLS context that verifies the endpoint and offers ``h2``.
        config: Deadlines, pings and the proxy.
        environment: Where the proxy is looked up; by default the process's environment.
    """

    def __init__(
        self,
        context: ssl.SSLContext,
        config: TransportConfig,
        *,
        environment: Mapping[str, str] | None = None,
    ) -> None:
        self._context = context
        self._config = config
        self._environment = os.environ if environment is None else environment

    @staticmethod
    def prepare() -> None:
        """Begin to import what opening requires, so that it is there when a stream is opened."""
        importing()

    async def open(self, request: StreamRequest, credentials: Credentials) -> SageMakerStream:
        """Connect, sign, send the request and wait until the endpoint has accepted it.

        Raises:
            RejectedError: The endpoint answered with an error status.
            ConnectError: No connection could be made in time.
            StreamError: The connection failed before the endpoint answered.
            ConfigurationError: The proxy's URL or ``sdk_config`` is not valid, or the AWS SDK
                cannot be imported.
        """
        open_stream = await _imported()
        return await open_stream(
            request,
            credentials,
            context=self._context,
            config=self._config,
            environment=self._environment,
        )


@cache
def importing() -> Future[OpenStream]:
    """Return this process's one import, which the first call begins."""
    return in_daemon_thread(_import, name="sagemaker-imports")


def _import() -> OpenStream:
    from pipecat_sagemaker_deepgram.transport.opening import open_stream

    return open_stream


async def _imported() -> OpenStream:
    imported = importing()
    try:
        return imported.result() if imported.done() else await asyncio.wrap_future(imported)
    except ImportError as error:
        raise ConfigurationError(
            f"The AWS SDK cannot be imported: {error}",
            advice="Reinstall pipecat-sagemaker-deepgram with its dependencies.",
        ) from error
