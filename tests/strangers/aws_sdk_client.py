# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
"""Streams by the AWS SDK for Python alone, of whichever version its interpreter has.

It imports nothing of this project. The environment says where the endpoint is; stdin has a JSON
list of scenarios, stdout gets what came of each.
"""

import asyncio
import base64
import json
import os
import sys
from importlib import import_module
from typing import Any

SDK = "aws_sdk_sagemaker_runtime_http2"
TIMEOUT = 30.0
CHUNK = 3200


async def make_client() -> Any:
    """A client on the CRT; its class and its configuration have had three names."""
    options = {
        "endpoint_uri": os.environ["AWS_ENDPOINT_URL_SAGEMAKER_RUNTIME_HTTP2"],
        "region": os.environ["AWS_REGION"],
        "aws_access_key_id": os.environ["AWS_ACCESS_KEY_ID"],
        "aws_secret_access_key": os.environ["AWS_SECRET_ACCESS_KEY"],
        "transport": import_module("smithy_http.aio.crt").AWSCRTHTTPClient(),
    }
    client, config = import_module(f"{SDK}.client"), import_module(f"{SDK}.config")
    make = getattr(client, "AsyncSageMakerRuntimeHTTP2Client", None)
    make = make or client.SageMakerRuntimeHTTP2Client
    if resolving := getattr(config, "AsyncSageMakerRuntimeHTTP2Config", None):
        return make(config=await resolving.resolve(**options))
    credentials = import_module("smithy_aws_core.identity.environment")
    resolver = credentials.EnvironmentCredentialsResolver()
    return make(config=config.Config(aws_credentials_identity_resolver=resolver, **options))


class Stream:
    """One stream on a client, and with it a connection, of its own."""

    def __init__(self, scenario: dict[str, Any]) -> None:
        self.scenario = scenario
        self.models = import_module(f"{SDK}.models")
        self.texts: list[str] = []
        self.variant = ""
        self.ended = "cleanly"

    async def run(self) -> dict[str, Any]:
        try:
            return await self.converse()
        except Exception as error:
            return {"error": type(error).__name__, "message": str(error), "texts": self.texts}

    async def converse(self) -> dict[str, Any]:
        client = await make_client()
        request = self.models.InvokeEndpointWithBidirectionalStreamInput(
            endpoint_name=os.environ["SAGEMAKER_STT_ENDPOINT_NAME"],
            model_invocation_path="v1/listen",
            model_query_string=self.scenario["query"],
        )
        self.stream = await client.invoke_endpoint_with_bidirectional_stream(request)
        async with asyncio.timeout(TIMEOUT):
            output, self.receiver = await self.stream.await_output()
        self.variant = output.invoked_production_variant
        reading = asyncio.create_task(self.read())
        await self.speak()
        async with asyncio.timeout(TIMEOUT):
            await reading
        if self.scenario["close"] != "bare":
            await self.stream.input_stream.close()
        return {"variant": self.variant, "texts": self.texts, "ended": self.ended}

    async def speak(self) -> None:
        audio = base64.b64decode(self.scenario["audio"])
        await self.send(b'{"type": "KeepAlive"}', "UTF8")
        for start in range(0, len(audio), CHUNK):
            await self.send(audio[start : start + CHUNK], "BINARY")
        if self.scenario["close"] == "bare":
            await self.stream.input_stream.close()
        else:
            await self.send(b'{"type": "CloseStream"}', self.scenario["close"])

    async def read(self) -> None:
        """Receives to the end; never cancelled, since the SDK does not survive that."""
        try:
            while (event := await self.receiver.receive()) is not None:
                if payload := getattr(event.value, "bytes_", None):
                    self.texts.append(payload.decode())
        except Exception as error:
            self.ended = f"{type(error).__name__}: {error}"

    async def send(self, payload: bytes, data_type: str) -> None:
        part = self.models.RequestPayloadPart(bytes_=payload, data_type=data_type)
        await self.stream.input_stream.send(self.models.RequestStreamEventPayloadPart(value=part))


async def main() -> None:
    scenarios = json.load(sys.stdin)
    print(json.dumps(await asyncio.gather(*(Stream(each).run() for each in scenarios))))
    sys.stdout.flush()
    os._exit(0)  # the CRT's threads may hold the interpreter back


asyncio.run(main())
