# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
"""What Deepgram's own SageMaker suites expect of the endpoint beside streams, by unmodified boto3.

Clients are made without an argument, as those suites make them: the exported environment leads them
here. The container is one that answers as Deepgram's documents say, so that what is shown is what
the endpoint makes of it: batch and speech of this project's own container have their own tests.
"""

import asyncio
import json
from collections.abc import AsyncIterator
from typing import Any
from urllib.parse import parse_qs

import pytest
from aiohttp import web
from boto3.session import Session
from botocore.exceptions import ClientError

from pipecat_sagemaker_deepgram.emulator import SageMakerEmulator

from ..emulator.api.model_container import model_container

NAME = "deepgram"
MIB = 2**20

MAGIC = {
    "audio/wav": b"RIFF",
    "audio/mpeg": b"\xff\xf3",
    "audio/flac": b"fLaC",
    "audio/ogg;codecs=opus": b"OggS",
    "audio/aac": b"\xff\xf1",
}
"""How audio of each type begins."""


async def deepgram(request: web.Request) -> web.Response:
    """Answers like Deepgram's container: by the path in the custom attributes."""
    path, _, query = request.headers["X-Amzn-SageMaker-Custom-Attributes"].partition("?")
    body = await request.read()
    if "bogus" in parse_qs(query):
        return _error(400, "unsupported_parameter: bogus")
    if path == "v1/listen":
        said = {"bytes": len(body), "type": request.content_type, "query": query}
        return web.json_response({"results": said})
    text = json.loads(body)["text"]
    if len(text) > 2000:
        return _error(413, "the text has more than 2000 characters")
    content_type = request.headers["Accept"]
    return web.Response(
        body=MAGIC[content_type] + bytes(len(text)), headers={"Content-Type": content_type}
    )


def _error(status: int, message: str) -> web.Response:
    return web.json_response({"err_msg": message}, status=status)


@pytest.fixture
async def call(monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Any]:
    """Calls an operation of a service by its names; gives the answer, its body read."""
    async with model_container(deepgram) as url:
        async with SageMakerEmulator(url, endpoint_names=[NAME]) as emulator:
            for name, value in emulator.environment().items():
                monkeypatch.setenv(name, value)
            yield _call


async def _call(service: str, operation: str, **parameters: Any) -> dict[str, Any]:
    client = Session().client(service)

    def ask() -> dict[str, Any]:
        answer = getattr(client, operation)(**parameters)
        if "Body" in answer:
            answer["Body"] = answer["Body"].read()
        return answer

    try:
        return await asyncio.to_thread(ask)
    finally:
        client.close()


async def invoke(call: Any, attributes: str, body: bytes, **options: Any) -> dict[str, Any]:
    return await call(
        "sagemaker-runtime",
        "invoke_endpoint",
        EndpointName=NAME,
        CustomAttributes=attributes,
        Body=body,
        **options,
    )


async def test_sts_get_caller_identity_and_iam_simulate(call: Any):
    arn = (await call("sts", "get_caller_identity"))["Arn"]
    action = "sagemaker:InvokeEndpointWithBidirectionalStream"
    said = await call("iam", "simulate_principal_policy", PolicySourceArn=arn, ActionNames=[action])
    assert said["EvaluationResults"][0]["EvalDecision"] == "allowed"


async def test_describe_endpoint_its_config_its_model_and_list_endpoints(call: Any):
    endpoint = await call("sagemaker", "describe_endpoint", EndpointName=NAME)
    config = await call(
        "sagemaker", "describe_endpoint_config", EndpointConfigName=endpoint["EndpointConfigName"]
    )
    model = config["ProductionVariants"][0]["ModelName"]
    assert (await call("sagemaker", "describe_model", ModelName=model))["ModelName"] == model
    listed = await call("sagemaker", "list_endpoints")
    assert [each["EndpointName"] for each in listed["Endpoints"]] == [NAME]
    assert listed["Endpoints"][0]["EndpointStatus"] == endpoint["EndpointStatus"] == "InService"


@pytest.mark.parametrize("size", [0, 44, 2 * MIB, 20 * MIB])
async def test_batch_stt_takes_a_wav_of_any_size(call: Any, size: int):
    query = "model=nova-3&smart_format=true&replace=a%3Ab"
    answer = await invoke(call, f"v1/listen?{query}", bytes(size), ContentType="audio/wav")
    assert answer["ContentType"] == "application/json; charset=utf-8"
    results = json.loads(answer["Body"])["results"]
    assert results == {"bytes": size, "type": "audio/wav", "query": query}


@pytest.mark.parametrize("value", ["true", "false"])
async def test_batch_stt_bogus_fails_with_unsupported_parameter_in_the_client_error(
    call: Any, value: str
):
    with pytest.raises(ClientError, match="unsupported_parameter") as caught:
        await invoke(call, f"v1/listen?bogus={value}", b"RIFF", ContentType="audio/wav")
    assert caught.value.response.get("OriginalStatusCode") == 400


@pytest.mark.parametrize("content_type", MAGIC)
async def test_tts_batch_has_the_magic_bytes_of_its_type(call: Any, content_type: str):
    answer = await invoke(
        call,
        "v1/speak?model=aura-2-thalia-en",
        b'{"text": "hello"}',
        ContentType="application/json",
        Accept=content_type,
    )
    assert answer["ContentType"] == content_type
    assert answer["Body"] == MAGIC[content_type] + bytes(5)


async def test_tts_batch_over_2000_characters_is_refused(call: Any):
    body = json.dumps({"text": "x" * 2001}).encode()
    with pytest.raises(ClientError, match="more than 2000 characters") as caught:
        await invoke(call, "v1/speak?model=aura-2", body, ContentType="application/json")
    assert caught.value.response.get("OriginalStatusCode") == 413


async def test_invoke_endpoint_async_says_that_it_is_not_there(call: Any):
    with pytest.raises(ClientError, match="takes no InvokeEndpointAsync") as caught:
        await call(
            "sagemaker-runtime",
            "invoke_endpoint_async",
            EndpointName=NAME,
            InputLocation="s3://bucket/key",
        )
    assert caught.value.response.get("Error", {}).get("Code") == "ValidationError"
