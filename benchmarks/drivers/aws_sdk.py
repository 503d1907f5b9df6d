# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
"""The AWS SDK itself on its CRT transport, a client for each stream.

Deepgram asks for a connection for each stream, which is a client for each with this SDK.
"""

from typing import Any

from aws_sdk_sagemaker_runtime_http2.client import AsyncSageMakerRuntimeHTTP2Client
from aws_sdk_sagemaker_runtime_http2.config import AsyncSageMakerRuntimeHTTP2Config
from aws_sdk_sagemaker_runtime_http2.models import (
    InvokeEndpointWithBidirectionalStreamInput,
    RequestPayloadPart,
    RequestStreamEventPayloadPart,
    ResponseStreamEventPayloadPart,
)
from smithy_http.aio.crt import AWSCRTHTTPClient

from benchmarks.access import (
    ACCESS_KEY_ID,
    ENDPOINT_NAME,
    INVOCATION_PATH,
    QUERY,
    REGION,
    SECRET_ACCESS_KEY,
    Access,
)


class SdkDriver:
    """One stream on a client of its own."""

    def __init__(self, access: Access) -> None:
        self._access = access
        self._stream: Any = None
        self._output: Any = None

    async def open(self) -> None:
        config = await AsyncSageMakerRuntimeHTTP2Config.resolve(
            endpoint_uri=self._access.url,
            region=REGION,
            aws_access_key_id=ACCESS_KEY_ID,
            aws_secret_access_key=SECRET_ACCESS_KEY,
            transport=AWSCRTHTTPClient(),
        )
        client = AsyncSageMakerRuntimeHTTP2Client(config=config)
        self._stream = await client.invoke_endpoint_with_bidirectional_stream(
            InvokeEndpointWithBidirectionalStreamInput(
                endpoint_name=ENDPOINT_NAME,
                model_invocation_path=INVOCATION_PATH,
                model_query_string=QUERY,
            )
        )
        _, self._output = await self._stream.await_output()

    async def send(self, audio: bytes) -> None:
        await self._send(RequestPayloadPart(bytes_=audio, data_type="BINARY"))

    async def receive(self) -> str | None:
        while (event := await self._output.receive()) is not None:
            if isinstance(event, ResponseStreamEventPayloadPart) and event.value.bytes_:
                return event.value.bytes_.decode()
        return None

    async def close(self) -> None:
        await self._send(RequestPayloadPart(bytes_=b'{"type":"CloseStream"}', data_type="UTF8"))
        await self._stream.input_stream.close()

    async def _send(self, part: RequestPayloadPart) -> None:
        await self._stream.input_stream.send(RequestStreamEventPayloadPart(value=part))


def make(access: Access, options: dict[str, Any]) -> SdkDriver:
    """Make a driver; it has no options."""
    return SdkDriver(access)
