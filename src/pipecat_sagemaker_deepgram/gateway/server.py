# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
"""A running gateway."""

from typing import Self

from pipecat_sagemaker_deepgram.container.http.front import Front
from pipecat_sagemaker_deepgram.gateway.endpoints import EndpointList
from pipecat_sagemaker_deepgram.gateway.options import GatewayOptions
from pipecat_sagemaker_deepgram.gateway.routes import Routes
from pipecat_sagemaker_deepgram.gateway.sessions import Sessions


class Gateway:
    """Speaks Deepgram's API in front of SageMaker endpoints; an async context manager.

    Args:
        options: What is served.
        host: Address to listen on.
        port: Port to listen on; 0 for any free one.

    Raises:
        OSError: On entering, when the address cannot be had.
    """

    def __init__(self, options: GatewayOptions, *, host: str = "127.0.0.1", port: int = 0) -> None:
        endpoints = EndpointList(options.endpoints)
        routes = Routes(options, Sessions(options, endpoints))
        self._front = routes.front = Front(
            routes.table(), host=host, port=port, max_body=options.max_body
        )

    @property
    def url(self) -> str:
        """``http://host:port``, without a path."""
        return self._front.url.replace("ws://", "http://")

    async def __aenter__(self) -> Self:
        await self._front.__aenter__()
        return self

    async def __aexit__(self, *exc: object) -> None:
        await self._front.__aexit__(*exc)
