# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
"""This project's client, with Deepgram's protocol: acknowledgement and replay are on.

It is loaded before streams are opened, like the other libraries; the section ``start`` measures
how long loading takes.
"""

from typing import Any

from loguru import logger

from benchmarks.access import ENDPOINT_NAME, QUERY, REGION, Access
from pipecat_sagemaker_deepgram import ClientConfig, SageMakerBidiClient
from pipecat_sagemaker_deepgram.deepgram.v1.protocol import nova_protocol
from pipecat_sagemaker_deepgram.transport import opening as _loaded  # noqa: F401

logger.remove()


class OurDriver:
    """One session."""

    def __init__(self, access: Access, options: dict[str, Any]) -> None:
        self._client = SageMakerBidiClient(
            endpoint_name=ENDPOINT_NAME,
            region=REGION,
            endpoint_url=access.url,
            ca_bundle=access.ca_bundle,
            protocol=nova_protocol(
                query=lambda: QUERY,
                bytes_per_second=lambda: 32_000,
                frame_size=2,
                has_interims=lambda: True,
            ),
            config=ClientConfig(**options),
        )

    async def open(self) -> None:
        await self._client.start_session()

    async def send(self, audio: bytes) -> None:
        await self._client.send_audio_chunk(audio)

    async def receive(self) -> str | None:
        message = await self._client.receive_response()
        return message.decode() if isinstance(message, bytes) else message

    async def close(self) -> None:
        await self._client.close_session()


def make(access: Access, options: dict[str, Any]) -> OurDriver:
    """Make a driver; the options are fields of ``ClientConfig``."""
    return OurDriver(access, options)
