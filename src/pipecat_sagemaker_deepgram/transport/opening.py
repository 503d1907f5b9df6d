# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
"""Opening one stream: connection, request and response, all within deadlines.

This module imports the AWS SDK and ``h2``, so ``opener.py`` imports it late, in a thread.
"""

import asyncio
import ssl
from collections.abc import Mapping

from pipecat_sagemaker_deepgram.exceptions import ConnectTimeoutError, SageMakerDeepgramError
from pipecat_sagemaker_deepgram.transport.aws import AcceptedStream, Connect, invoke
from pipecat_sagemaker_deepgram.transport.config import TransportConfig
from pipecat_sagemaker_deepgram.transport.credentials import Credentials
from pipecat_sagemaker_deepgram.transport.dialing import dial
from pipecat_sagemaker_deepgram.transport.endpoint import Address
from pipecat_sagemaker_deepgram.transport.http2 import ABORT_TIMEOUT, Http2Stream
from pipecat_sagemaker_deepgram.transport.liveness import Liveness
from pipecat_sagemaker_deepgram.transport.proxy import proxy_for
from pipecat_sagemaker_deepgram.transport.request import StreamRequest
from pipecat_sagemaker_deepgram.transport.stream import SageMakerStream, identify

_SDK_TIME = 2.0


async def open_stream(
    request: StreamRequest,
    credentials: Credentials,
    *,
    context: ssl.SSLContext,
    config: TransportConfig,
    environment: Mapping[str, str],
) -> SageMakerStream:
    """Open a stream, as ``StreamOpener.open`` says."""
    http2 = _new_http2(config)

    async def connect(address: Address) -> None:
        await dial(
            lambda: http2,
            address,
            context=context,
            timeout=config.connection_timeout,
            proxy=proxy_for(address, environment, proxy_url=config.proxy),
        )

    try:
        exchange = await _exchange(http2, connect, request, credentials, config)
    except SageMakerDeepgramError as error:
        await _give_up(http2)
        identify(error, request.identity())
        raise
    except BaseException:
        await _give_up(http2)
        raise
    return SageMakerStream(http2, exchange)


async def _exchange(
    http2: Http2Stream,
    connect: Connect,
    request: StreamRequest,
    credentials: Credentials,
    config: TransportConfig,
) -> AcceptedStream:
    limit = config.connection_timeout + config.subscription_timeout + _SDK_TIME
    try:
        async with asyncio.timeout(limit):
            return await invoke(
                http2,
                connect,
                request=request,
                credentials=credentials,
                response_timeout=config.subscription_timeout,
                overrides=config.sdk_config,
            )
    except ConnectTimeoutError:
        raise
    except TimeoutError as error:
        raise ConnectTimeoutError(f"Opening the stream took longer than {limit:g} s") from error


def _new_http2(config: TransportConfig) -> Http2Stream:
    liveness = None
    if config.ping_interval is not None:
        liveness = Liveness(
            now=asyncio.get_running_loop().time(),
            interval=config.ping_interval,
            timeout=config.ping_timeout,
        )
    return Http2Stream(send_timeout=config.send_timeout, liveness=liveness)


async def _give_up(http2: Http2Stream) -> None:
    """Leave no socket behind."""
    http2.abort()
    await http2.close(timeout=ABORT_TIMEOUT)
