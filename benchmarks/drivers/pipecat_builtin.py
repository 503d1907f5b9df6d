# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
"""The client that Pipecat's built-in services use."""

from typing import Any

from aws_sdk_sagemaker_runtime_http2.models import ResponseStreamEventPayloadPart
from loguru import logger
from pipecat.services.aws.sagemaker.bidi_client import SageMakerBidiClient

from benchmarks.access import ENDPOINT_NAME, INVOCATION_PATH, QUERY, REGION, Access

logger.remove()


class PipecatDriver:
    """One session."""

    def __init__(self, access: Access) -> None:
        self._client = SageMakerBidiClient(
            endpoint_name=ENDPOINT_NAME,
            region=REGION,
            model_invocation_path=INVOCATION_PATH,
            model_query_string=QUERY,
        )
        self._client.bidi_endpoint = access.url

    async def open(self) -> None:
        await self._client.start_session()

    async def send(self, audio: bytes) -> None:
        await self._client.send_audio_chunk(audio)

    async def receive(self) -> str | None:
        while (event := await self._client.receive_response()) is not None:
            if isinstance(event, ResponseStreamEventPayloadPart) and event.value.bytes_:
                return event.value.bytes_.decode()
        return None

    async def close(self) -> None:
        await self._client.send_json({"type": "CloseStream"})
        await self._client.close_session()


def make(access: Access, options: dict[str, Any]) -> PipecatDriver:
    """Make a driver; it has no options."""
    return PipecatDriver(access)
