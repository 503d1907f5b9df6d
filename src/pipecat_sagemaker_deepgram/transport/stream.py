# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
"""One stream to SageMaker, from connecting to closing: what the client is built on."""

import asyncio
import math
import os
import ssl
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from pipecat_sagemaker_deepgram.exceptions import (
    ConfigurationError,
    ConnectTimeoutError,
    SageMakerDeepgramError,
    StreamIdentity,
)
from pipecat_sagemaker_deepgram.transport.aws import RESERVED_FIELDS, Exchange, invoke
from pipecat_sagemaker_deepgram.transport.credentials import Credentials
from pipecat_sagemaker_deepgram.transport.dialing import dial
from pipecat_sagemaker_deepgram.transport.endpoint import Address
from pipecat_sagemaker_deepgram.transport.http2 import ABORT_TIMEOUT, Http2Stream
from pipecat_sagemaker_deepgram.transport.liveness import Liveness
from pipecat_sagemaker_deepgram.transport.proxy import parse_proxy, proxy_for
from pipecat_sagemaker_deepgram.transport.request import StreamRequest

_SDK_TIME = 2.0


@dataclass(frozen=True, kw_only=True)
class TransportConfig:
    """How streams are opened and watched.

    Parameters:
        connection_timeout: Most seconds for name resolution, TCP, the proxy and TLS.
        subscription_timeout: Most seconds from the request to the response's headers.
        send_timeout: Most seconds that a write waits for a peer that takes nothing.
        ping_interval: Seconds without a received byte before an HTTP/2 ping; ``None`` never
            pings.
        ping_timeout: Further seconds without a received byte before the peer counts as gone.
        proxy: URL of an HTTP proxy, ``http://[user:password@]host[:port]``; ``None`` does as
            ``HTTPS_PROXY`` and ``NO_PROXY`` say, ``""`` connects directly.
        sdk_config: Fields of the AWS SDK's configuration to set otherwise.

    Raises:
        ConfigurationError: A time is not above 0, the proxy's URL is none, or a field of
            ``sdk_config`` cannot be set.
    """

    connection_timeout: float = 5.0
    subscription_timeout: float = 5.0
    send_timeout: float = 3.0
    ping_interval: float | None = 15.0
    ping_timeout: float = 15.0
    proxy: str | None = field(default=None, repr=False)
    sdk_config: Mapping[str, Any] = field(default_factory=dict, repr=False)

    def __post_init__(self) -> None:
        for name in ("connection_timeout", "subscription_timeout", "send_timeout", "ping_timeout"):
            _check_time(name, getattr(self, name))
        if self.ping_interval is not None:
            _check_time("ping_interval", self.ping_interval)
        if self.proxy:
            parse_proxy(self.proxy, "proxy")
        for name in self.sdk_config:
            if name in RESERVED_FIELDS:
                raise ConfigurationError(f"sdk_config cannot set {name}: {RESERVED_FIELDS[name]}")


class SageMakerStream:
    """An open stream. One task may receive while others send.

    Attributes:
        identity: Its request id and production variant.
        send_now: Sends one whole message if that needs no waiting, and returns whether it did;
            takes what ``send`` takes. Otherwise ``send`` can send it, or raises what is wrong.
    """

    def __init__(self, http2: Http2Stream, exchange: Exchange) -> None:
        self._http2 = http2
        self._publisher = exchange.publisher
        self.send_now = exchange.publisher.send_now
        self._receiver = exchange.receiver
        self.identity: StreamIdentity = exchange.identity

    @property
    def has_ended(self) -> bool:
        """Whether the endpoint has ended the stream properly; what it sent may still be read."""
        return self._http2.remote_ended

    async def send(self, data: bytes, *, is_text: bool = False) -> None:
        """Send one whole message to the container.

        A send that is cancelled while the peer does not take it ends the stream: its events are
        signed in a chain that has no gaps.

        Args:
            data: The message's bytes.
            is_text: Whether the container gets a WebSocket text frame instead of a binary one.

        Raises:
            StreamError: The stream has failed.
            ClosedError: The stream or its input has been closed.
        """
        try:
            await self._publisher.send(data, "UTF8" if is_text else "BINARY")
        except SageMakerDeepgramError as error:
            _identify(error, self.identity)
            raise

    async def receive(self) -> str | bytes | None:
        """Wait for the next whole message of the container; may be cancelled at no loss.

        Returns:
            The message; ``None`` when the endpoint has ended the stream properly.

        Raises:
            StreamError: The stream has failed.
            ClosedError: The stream has been closed.
        """
        try:
            return await self._receiver.receive()
        except SageMakerDeepgramError as error:
            _identify(error, self.identity)
            raise

    async def end_input(self) -> None:
        """End the input: SageMaker closes the container's WebSocket, losing what it still has.

        Raises:
            StreamError: The stream has failed.
            ClosedError: The stream has been closed.
        """
        try:
            await self._publisher.close()
        except SageMakerDeepgramError as error:
            _identify(error, self.identity)
            raise

    def watch_draining(self, on_draining: Callable[[], None]) -> None:
        """Have a function called should the peer drain: go on with this stream and open no other.

        Args:
            on_draining: Called once, unless the peer has said so with its answer: one that
                serves one request per connection always does.
        """
        self._http2.on_draining = on_draining

    def abort(self) -> None:
        """Drop the stream now; whoever waits on it gets an error."""
        self._http2.abort()

    async def close(self, *, timeout: float) -> None:
        """Close the connection within ``timeout`` seconds, by force if need be."""
        await self._http2.close(timeout=timeout)


class StreamOpener:
    """Opens streams.

    Args:
        context: TLS context that verifies the endpoint and offers ``h2``.
        config: Deadlines and the like.
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

    async def open(self, request: StreamRequest, credentials: Credentials) -> SageMakerStream:
        """Connect, sign, send the request and wait until the endpoint has accepted it.

        Raises:
            RejectedError: The endpoint answered with an error status.
            ConnectError: No connection could be made in time.
            StreamError: The connection failed before the endpoint answered.
            ConfigurationError: The proxy's URL or ``sdk_config`` is not valid.
        """
        http2 = self._new_http2()
        try:
            exchange = await self._exchange(http2, request, credentials)
        except SageMakerDeepgramError as error:
            await _give_up(http2)
            _identify(error, request.identity())
            raise
        except BaseException:
            await _give_up(http2)
            raise
        return SageMakerStream(http2, exchange)

    async def _exchange(
        self, http2: Http2Stream, request: StreamRequest, credentials: Credentials
    ) -> Exchange:
        config = self._config

        async def connect(address: Address) -> None:
            await dial(
                lambda: http2,
                address,
                context=self._context,
                timeout=config.connection_timeout,
                proxy=proxy_for(address, self._environment, proxy_url=config.proxy),
            )

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

    def _new_http2(self) -> Http2Stream:
        config = self._config
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


def _identify(error: SageMakerDeepgramError, identity: StreamIdentity) -> None:
    if error.identity is None:
        error.identity = identity


def _check_time(name: str, seconds: float) -> None:
    if not (seconds > 0 and math.isfinite(seconds)):
        raise ConfigurationError(f"{name} is {seconds:g}; it must be a number of seconds above 0")
