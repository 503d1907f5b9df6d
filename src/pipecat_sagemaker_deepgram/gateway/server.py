# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
"""A running gateway."""

import asyncio
import ssl
from contextlib import AsyncExitStack
from ipaddress import ip_address
from typing import Self

from loguru import logger

from pipecat_sagemaker_deepgram.exceptions import ConfigurationError
from pipecat_sagemaker_deepgram.gateway.access.cors import cors
from pipecat_sagemaker_deepgram.gateway.access.door import Door
from pipecat_sagemaker_deepgram.gateway.log import log_requests
from pipecat_sagemaker_deepgram.gateway.options import GatewayOptions
from pipecat_sagemaker_deepgram.gateway.routes import Routes
from pipecat_sagemaker_deepgram.web.front import Front


class Gateway:
    """Serves Deepgram's API in front of SageMaker endpoints; an async context manager.

    Args:
        options: Options of the gateway.
        host: Address to listen on.
        port: Port to listen on; 0 picks a free one.
        tls: Certificate and key; ``None`` for plain HTTP.
        allows_anonymous: Whether it may listen beyond this machine without keys.

    Raises:
        ConfigurationError: It would listen beyond this machine without keys, or without TLS or a
            proxy that terminates it; or its keys cannot be read.
        OSError: On entering, if the address cannot be used.
    """

    def __init__(
        self,
        options: GatewayOptions,
        *,
        host: str = "127.0.0.1",
        port: int = 0,
        tls: ssl.SSLContext | None = None,
        allows_anonymous: bool = False,
    ) -> None:
        self._options = options
        self._door = Door(options.access)
        has_keys = self._door.needs_keys
        if not _is_loopback(host):
            _require_safety(
                host,
                is_guarded=has_keys or allows_anonymous,
                has_tls=tls is not None or options.access.proxy is not None,
            )
        self._routes = Routes(options, self._door)
        self._front = self._routes.front = Front(
            self._routes.table(),
            host=host,
            port=port,
            max_body=options.max_body,
            outer=[log_requests, cors(options.access.origins)],
            tls=tls,
        )

        self._for_prometheus = None
        if options.metrics_port is not None:
            self._for_prometheus = Front(
                self._routes.table_for_prometheus(), host="0.0.0.0", port=options.metrics_port
            )

    @property
    def metrics_url(self) -> str | None:
        """Base URL of the server of ``/metrics``, without a path."""
        if self._for_prometheus is None:
            return None
        return f"http://127.0.0.1:{self._for_prometheus.port}"

    @property
    def url(self) -> str:
        """``http://host:port`` or ``https://host:port``, without a path."""
        return self._front.url.replace("ws", "http", 1)

    async def __aenter__(self) -> Self:
        async with AsyncExitStack() as opened:
            opened.callback(self._routes.close)
            opened.push_async_callback(self._door.close)
            if self._routes.jobs is not None:
                await opened.enter_async_context(self._routes.jobs)
            if self._for_prometheus is not None:
                await opened.enter_async_context(self._for_prometheus)
            await opened.enter_async_context(self._front)
            self._opened = opened.pop_all()
        return self

    async def __aexit__(self, *exc: object) -> None:
        await self._opened.aclose()

    async def drain(self) -> None:
        """Accept no more requests and jobs, and wait until those in progress are done.

        Jobs that are not done by then are returned to the queue.
        """
        self._door.is_closed = True
        limit = self._options.drain_timeout
        async with asyncio.TaskGroup() as group:
            group.create_task(self._drain_requests(limit))
            if self._routes.jobs is not None:
                group.create_task(self._routes.jobs.drain(limit))

    async def _drain_requests(self, limit: float) -> None:
        try:
            async with asyncio.timeout(limit):
                await self._door.places.wait_until_free()
        except TimeoutError:
            count = self._door.places.taken
            logger.warning("requests still in progress after {:g} s: {}", limit, count)


def _require_safety(host: str, *, is_guarded: bool, has_tls: bool) -> None:
    if not is_guarded:
        raise ConfigurationError(
            f"Without keys, the gateway refuses to listen on {host}, which other machines can "
            "reach",
            advice="Create a key with 'keys add', or pass --allow-anonymous.",
        )
    if not has_tls:
        raise ConfigurationError(
            f"Without TLS, the gateway refuses to listen on {host}, because keys could be "
            "intercepted",
            advice="Pass --certificate and --private-key, or pass the address of the proxy that "
            "terminates TLS as --behind-proxy.",
        )


def _is_loopback(host: str) -> bool:
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
