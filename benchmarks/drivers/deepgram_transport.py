# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
"""Deepgram's own transport for its SDK, used as the SDK uses it."""

from typing import Any

from deepgram_sagemaker import (  # pyright: ignore[reportMissingImports]  # not installed here
    SageMakerTransportFactory,
    transport,
)

from benchmarks.access import ENDPOINT_NAME, INVOCATION_PATH, QUERY, REGION, Access

_CONFIG = "AsyncSageMakerRuntimeHTTP2Config"


def use_endpoint(url: str) -> None:
    """Send streams to an endpoint other than AWS, for which the package has no option."""
    stock: Any = getattr(transport, _CONFIG)

    class LocalConfig(stock):
        @classmethod
        async def resolve(cls, **overrides: Any) -> Any:
            return await stock.resolve(**{**overrides, "endpoint_uri": url})

    setattr(transport, _CONFIG, LocalConfig)


class TransportDriver:
    """One transport."""

    def __init__(self) -> None:
        factory = SageMakerTransportFactory(endpoint_name=ENDPOINT_NAME, region=REGION)
        self._transport = factory(f"wss://api.deepgram.com/{INVOCATION_PATH}?{QUERY}", {})

    async def open(self) -> None:
        # It connects with the first message that is sent.
        await self._transport.send('{"type":"KeepAlive"}')

    async def send(self, audio: bytes) -> None:
        await self._transport.send(audio)

    async def receive(self) -> str | None:
        return await self._transport.recv()

    async def close(self) -> None:
        await self._transport.send('{"type":"CloseStream"}')
        await self._transport.close()


def make(access: Access, options: dict[str, Any]) -> TransportDriver:
    """Make a driver; it has no options."""
    if getattr(transport, _CONFIG).__name__ == _CONFIG:
        use_endpoint(access.url)
    return TransportDriver()
