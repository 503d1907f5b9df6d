# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
"""Streams by the AWS SDK for Python alone, of whichever version its interpreter has.

It imports nothing of this project. The environment says where the endpoint is; stdin has a JSON
list of scenarios, stdout gets what came of each. A scenario has a ``path``, a ``query`` and
``steps``, which are taken in turn:

- ``{"audio": BASE64, "chunk": BYTES}`` sends audio as BINARY;
- ``{"say": MESSAGE, "as": "UTF8"}`` sends a control message;
- ``{"wait": KIND, "count": N}`` waits until that many messages of a type or event, or that many
  pieces of ``audio``, have come;
- ``{"pause": SECONDS}`` waits;
- ``{"close": true}`` closes the input.

Then the output is read to its end and the input is closed, unless it is already.
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
        self.items: list[dict[str, Any]] = []
        self.kinds: list[str] = []
        self.news = asyncio.Condition()
        self.variant = ""
        self.ended = ""
        self.is_closed = False

    async def run(self) -> dict[str, Any]:
        try:
            return await self.converse()
        except Exception as error:
            return {"error": type(error).__name__, "message": str(error), "items": self.items}

    async def converse(self) -> dict[str, Any]:
        client = await make_client()
        request = self.models.InvokeEndpointWithBidirectionalStreamInput(
            endpoint_name=os.environ["SAGEMAKER_STT_ENDPOINT_NAME"],
            model_invocation_path=self.scenario["path"],
            model_query_string=self.scenario["query"],
        )
        self.stream = await client.invoke_endpoint_with_bidirectional_stream(request)
        async with asyncio.timeout(TIMEOUT):
            output, self.receiver = await self.stream.await_output()
        self.variant = output.invoked_production_variant
        reading = asyncio.create_task(self.read())
        for step in self.scenario["steps"]:
            await self.take(step)
        async with asyncio.timeout(TIMEOUT):
            await reading
        await self.close()
        return {"variant": self.variant, "items": self.items, "ended": self.ended}

    async def take(self, step: dict[str, Any]) -> None:
        if "audio" in step:
            await self.send_audio(base64.b64decode(step["audio"]), step.get("chunk", CHUNK))
        elif "say" in step:
            await self.send(json.dumps(step["say"]).encode(), step.get("as", "UTF8"))
        elif "wait" in step:
            await self.wait_for(step["wait"], step.get("count", 1))
        elif "pause" in step:
            await asyncio.sleep(step["pause"])
        else:
            await self.close()

    async def send_audio(self, audio: bytes, chunk: int) -> None:
        for start in range(0, len(audio), chunk):
            await self.send(audio[start : start + chunk], "BINARY")

    async def wait_for(self, kind: str, count: int) -> None:
        async with asyncio.timeout(TIMEOUT), self.news:
            await self.news.wait_for(lambda: self.ended or self.kinds.count(kind) >= count)

    async def close(self) -> None:
        if not self.is_closed:
            self.is_closed = True
            await self.stream.input_stream.close()

    async def read(self) -> None:
        """Receives to the end; never cancelled, since the SDK does not survive that."""
        ended = "cleanly"
        try:
            while (event := await self.receiver.receive()) is not None:
                if payload := getattr(event.value, "bytes_", None):
                    await self.note(payload, event.value.data_type)
        except Exception as error:
            ended = f"{type(error).__name__}: {error}"
        async with self.news:
            self.ended = ended
            self.news.notify_all()

    async def note(self, payload: bytes, data_type: str) -> None:
        is_audio = data_type == "BINARY"
        item = {"audio": base64.b64encode(payload).decode()} if is_audio else json.loads(payload)
        async with self.news:
            self.items.append(item)
            self.kinds += ["audio"] if is_audio else {item["type"], item.get("event")}
            self.news.notify_all()

    async def send(self, payload: bytes, data_type: str) -> None:
        part = self.models.RequestPayloadPart(bytes_=payload, data_type=data_type)
        await self.stream.input_stream.send(self.models.RequestStreamEventPayloadPart(value=part))


async def main() -> None:
    scenarios = json.load(sys.stdin)
    print(json.dumps(await asyncio.gather(*(Stream(each).run() for each in scenarios))))
    sys.stdout.flush()
    os._exit(0)  # the CRT's threads may hold the interpreter back


asyncio.run(main())
