# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause

"""`InvokeEndpoint`, asked by an unmodified boto3 over a real socket."""

import asyncio
import ssl
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import boto3
import httpx
import pytest
from aiohttp import web
from botocore import UNSIGNED
from botocore.auth import SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.config import Config
from botocore.credentials import Credentials
from botocore.exceptions import ClientError, ConnectionClosedError

from pipecat_sagemaker_deepgram.emulator import (
    ControlPlane,
    EmulatorCredentials,
    EmulatorSettings,
    EndpointVariant,
    FaultScript,
    SageMakerEmulator,
    parse_fault,
)
from pipecat_sagemaker_deepgram.emulator.api.exchange import LONGEST_BODY

from .model_container import Handler, hello, model_container

NAME = "deepgram"


@asynccontextmanager
async def endpoint(
    handler: Handler = hello, *faults: str, **options: Any
) -> AsyncIterator[SageMakerEmulator]:
    script = FaultScript([parse_fault(text) for text in faults])
    async with (
        model_container(handler) as url,
        SageMakerEmulator(url, endpoint_names=[NAME], faults=script, **options) as emulator,
    ):
        yield emulator


async def invoke(
    emulator: SageMakerEmulator,
    *,
    operation: str = "invoke_endpoint",
    keys: EmulatorCredentials | None = None,
    config: Config | None = None,
    **parameters: Any,
) -> dict[str, Any]:
    """Calls an operation; its answer, the body read."""
    keys = keys or emulator.credentials
    parameters = {"EndpointName": NAME, **parameters}
    options = Config(connect_timeout=5, read_timeout=20, retries={"total_max_attempts": 1})
    client = boto3.client(
        "sagemaker-runtime",
        region_name=emulator.region,
        endpoint_url=emulator.endpoint_url,
        verify=str(emulator.ca_bundle),
        aws_access_key_id=keys.access_key_id,
        aws_secret_access_key=keys.secret_access_key,
        aws_session_token=keys.session_token,
        config=options.merge(config) if config is not None else options,
    )

    def ask() -> dict[str, Any]:
        answer = getattr(client, operation)(**parameters)
        if "Body" in answer:
            answer["Body"] = answer["Body"].read()
        return answer

    try:
        return await asyncio.to_thread(ask)
    finally:
        client.close()


async def refusal(emulator: SageMakerEmulator, **options: Any) -> dict[str, Any]:
    """The answer to a call that is refused."""
    with pytest.raises(ClientError) as caught:
        await invoke(emulator, **options)
    return {**caught.value.response, "Text": str(caught.value)}


def code_of(answer: dict[str, Any]) -> tuple[int, str]:
    return answer["ResponseMetadata"]["HTTPStatusCode"], answer["Error"]["Code"]


async def test_the_container_is_given_what_the_caller_sent_and_answers_as_it_likes():
    seen: list[tuple[dict[str, str], bytes]] = []

    async def speak(request: web.Request) -> web.Response:
        seen.append(({k.lower(): v for k, v in request.headers.items()}, await request.read()))
        return web.Response(
            body=b"\xff\x00",
            headers={
                "Content-Type": "audio/mpeg",
                "X-Amzn-SageMaker-Custom-Attributes": "dg-request-id=1",
                "Server-Secret": "no",
            },
        )

    async with endpoint(speak) as emulator:
        answer = await invoke(
            emulator,
            ContentType="application/json",
            Accept="audio/mpeg",
            CustomAttributes="v1/speak?model=aura-2-thalia-en&encoding=mp3",
            InferenceId="id-1",
            SessionId="NEW_SESSION",
            Body=b'{"text": "hello"}',
        )
        (record,) = emulator.streams
    ((headers, body),) = seen
    assert body == b'{"text": "hello"}'
    assert headers.pop("host").startswith("127.0.0.1:")
    assert headers == {
        "content-type": "application/json",
        "content-length": str(len(body)),
        "accept": "audio/mpeg",
        "x-amzn-sagemaker-custom-attributes": "v1/speak?model=aura-2-thalia-en&encoding=mp3",
        "x-amzn-sagemaker-inference-id": "id-1",
        "x-amzn-sagemaker-session-id": "NEW_SESSION",
    }
    assert (answer["Body"], answer["ContentType"]) == (b"\xff\x00", "audio/mpeg")
    assert answer["InvokedProductionVariant"] == "AllTraffic"
    assert answer["CustomAttributes"] == "dg-request-id=1"
    metadata = answer["ResponseMetadata"]
    assert metadata["RequestId"] == record.request_id
    assert "server-secret" not in metadata["HTTPHeaders"]
    assert (record.operation, record.path, record.status) == ("InvokeEndpoint", "v1/speak", 200)
    assert record.query == "model=aura-2-thalia-en&encoding=mp3"
    assert record.ended == "answered: 200"


async def test_a_body_of_25_mib_is_taken_and_one_byte_more_is_not():
    async with endpoint() as emulator:
        answer = await invoke(emulator, Body=bytes(LONGEST_BODY))
        refused = await refusal(emulator, Body=bytes(LONGEST_BODY + 1))
    assert answer["Body"] == b'{"bytes": 26214400}'
    assert code_of(refused) == (413, "413")
    assert "HTTP content length exceeded 26214400 bytes" in refused["Text"]


async def test_the_containers_own_error_is_in_the_callers():
    async def refuse(request: web.Request) -> web.Response:
        return web.json_response({"err_msg": "unsupported_parameter: bogus"}, status=400)

    async with endpoint(refuse) as emulator:
        answer = await refusal(emulator, Body=b"x")
        (record,) = emulator.streams
    assert code_of(answer) == (424, "ModelError")
    assert answer["OriginalStatusCode"] == 400
    assert answer["OriginalMessage"] == '{"err_msg": "unsupported_parameter: bogus"}'
    log = "arn:aws:logs:us-east-1:000000000000:log-group:/aws/sagemaker/Endpoints/deepgram"
    assert answer["LogStreamArn"] == f"{log}:log-stream:AllTraffic"
    assert 'Received client error (400) from primary with message "{"err_msg":' in answer["Text"]
    assert record.ended == "refused: 424 ModelError"


async def test_a_long_error_is_cut_to_what_the_service_model_allows():
    async def fail(request: web.Request) -> web.Response:
        return web.Response(text="x" * 10_000, status=500)

    async with endpoint(fail) as emulator:
        answer = await refusal(emulator, Body=b"x")
    assert "Received server error (500)" in answer["Text"]
    assert len(answer["Error"]["Message"]) == 2048


async def test_a_container_has_sixty_seconds():
    async def never(request: web.Request) -> web.Response:
        await asyncio.Event().wait()
        raise AssertionError

    async with endpoint(never, settings=EmulatorSettings(time_scale=200)) as emulator:
        answer = await refusal(emulator, Body=b"x")
    assert code_of(answer) == (424, "ModelError")
    assert answer["OriginalStatusCode"] == 0
    assert "timed out while waiting for a response from container primary" in answer["Text"]


async def test_a_container_that_breaks_off_and_one_that_is_not_there():
    async def cut(request: web.Request) -> web.Response:
        response = web.StreamResponse(headers={"Content-Length": "10"})
        await response.prepare(request)
        await response.write(b"half")
        assert request.transport is not None
        request.transport.abort()
        return web.Response()

    async with endpoint(cut) as emulator:
        cut_off = await refusal(emulator, Body=b"x")
    async with SageMakerEmulator("ws://127.0.0.1:9") as emulator:
        absent = await refusal(emulator, Body=b"x")
    for answer in (cut_off, absent):
        assert code_of(answer) == (424, "ModelError")
        assert answer["OriginalStatusCode"] == 0
        assert "did not send a complete response" in answer["Text"]


async def test_a_redirect_of_the_container_is_not_followed():
    async def move(request: web.Request) -> web.Response:
        return web.Response(status=307, headers={"Location": "http://127.0.0.1:9/"})

    async with endpoint(move) as emulator:
        answer = await refusal(emulator, Body=b"x")
    assert (code_of(answer), answer["OriginalStatusCode"]) == ((424, "ModelError"), 307)


@pytest.mark.parametrize(
    ("parameters", "words"),
    [
        ({"CustomAttributes": "x" * 1025}, "'customAttributes' failed to satisfy constraint"),
        ({"InferenceId": "x" * 65}, "'inferenceId' failed to satisfy constraint"),
        ({"ContentType": "x" * 1025}, "'contentType' failed to satisfy constraint"),
        ({"TargetVariant": "-"}, "'targetVariant' failed to satisfy constraint"),
        ({"TargetVariant": "red"}, "Variant red not found"),
        ({"EndpointName": "e" * 64}, "'endpointName' failed to satisfy constraint"),
        ({"EndpointName": "other"}, "Endpoint other of account 000000000000 not found."),
        ({"TargetModel": "m"}, "is not a multi-model endpoint"),
        ({"TargetContainerHostname": "h"}, "is not a multi-container endpoint"),
        ({"InferenceComponentName": "c"}, "no inference components"),
        ({"EnableExplanations": "`true`"}, "no online explainability"),
    ],
)
async def test_what_the_endpoint_cannot_do_is_a_validation_error(
    parameters: dict[str, str], words: str
):
    async with endpoint() as emulator:
        answer = await refusal(emulator, Body=b"x", **parameters)
    assert code_of(answer) == (400, "ValidationError")
    assert words in answer["Text"]


async def test_a_variant_can_be_asked_for():
    plane = ControlPlane(variants=(EndpointVariant(name="blue"), EndpointVariant(name="green")))
    async with endpoint(control_plane=plane) as emulator:
        answer = await invoke(emulator, Body=b"x", TargetVariant="green")
    assert answer["InvokedProductionVariant"] == "green"


async def test_signatures_are_verified_payload_and_clock_included():
    async with endpoint() as emulator:
        key = emulator.credentials.access_key_id
        wrong = await refusal(emulator, Body=b"x", keys=EmulatorCredentials(key, "wrong"))
        unknown = await refusal(emulator, Body=b"x", keys=EmulatorCredentials("AKIAX", "x"))
        unsigned = await refusal(emulator, Body=b"x", config=Config(signature_version=UNSIGNED))
        old = emulator.credentials
        emulator.rotate_credentials()
        expired = await refusal(emulator, Body=b"x", keys=old)
    assert code_of(wrong) == (403, "InvalidSignatureException")
    assert "does not match the signature you provided" in wrong["Text"]
    assert code_of(unknown) == (403, "UnrecognizedClientException")
    assert code_of(unsigned) == (403, "MissingAuthenticationTokenException")
    assert code_of(expired) == (403, "ExpiredTokenException")


@pytest.mark.parametrize(("offset", "words"), [(3600, "expired"), (-3600, "not yet current")])
async def test_another_clock_is_reported_in_awss_words(offset: float, words: str):
    async with endpoint(settings=EmulatorSettings(clock_offset=offset)) as emulator:
        answer = await refusal(emulator, Body=b"x")
    assert code_of(answer) == (403, "InvalidSignatureException")
    assert f"Signature {words}: " in answer["Text"]
    assert " 5 min." in answer["Text"]


async def test_what_is_denied_names_the_action():
    plane = ControlPlane(denied=frozenset({"sagemaker:InvokeEndpoint"}))
    async with endpoint(control_plane=plane) as emulator:
        answer = await refusal(emulator, Body=b"x")
    assert code_of(answer) == (403, "AccessDeniedException")
    assert "perform: sagemaker:InvokeEndpoint on resource: arn:aws:sagemaker" in answer["Text"]


@pytest.mark.parametrize(
    ("fault", "status", "code"),
    [
        ("refuse=400", 400, "ValidationError"),
        ("refuse=424", 424, "ModelError"),
        ("refuse=429", 429, "ThrottlingException"),
        ("refuse=500", 500, "InternalFailure"),
        ("refuse=503", 503, "ServiceUnavailable"),
        ("refuse=400:ThrottlingException", 400, "ThrottlingException"),
    ],
)
async def test_a_scripted_refusal_has_the_names_of_this_operation(
    fault: str, status: int, code: str
):
    async with endpoint(hello, fault) as emulator:
        answer = await refusal(emulator, Body=b"x")
        again = await invoke(emulator, Body=b"x")
    assert code_of(answer) == (status, code)
    assert again["Body"] == b'{"bytes": 1}'


async def test_a_scripted_refusal_can_say_when_to_come_again():
    async with endpoint(hello, "refuse=503", "retry-after=40") as emulator:
        answer = await refusal(emulator, Body=b"x")
    assert code_of(answer) == (503, "ServiceUnavailable")
    assert answer["ResponseMetadata"]["HTTPHeaders"]["retry-after"] == "40"


async def test_an_answer_can_be_late_and_a_connection_can_go_away():
    async with endpoint(hello, "late=0.1", "goaway@connect,streams=2") as emulator:
        answer = await invoke(emulator, Body=b"x")
        with pytest.raises(ConnectionClosedError):
            await invoke(emulator, Body=b"x")
        records = emulator.streams
    assert answer["Body"] == b'{"bytes": 1}'
    assert records[1].ended == "fault: goaway=NO_ERROR"


async def test_the_container_is_left_alone_once_the_caller_is_gone():
    asked, left = asyncio.Event(), asyncio.Event()

    async def wait(request: web.Request) -> web.Response:
        asked.set()
        while request.transport is not None:
            await asyncio.sleep(0.01)
        left.set()
        return web.Response()

    async with endpoint(wait) as emulator:
        calling = asyncio.create_task(invoke(emulator, Body=b"x", config=Config(read_timeout=0.2)))
        async with asyncio.timeout(10):
            await asked.wait()
            with pytest.raises(Exception, match="Read timeout"):
                await calling
            await left.wait()
        (record,) = emulator.streams
        assert record.ended == "connection lost: by the client"


@pytest.mark.parametrize(
    ("operation", "parameters", "words"),
    [
        (
            "invoke_endpoint_async",
            {"InputLocation": "s3://b/k"},
            "accepts no InvokeEndpointAsync, which Deepgram's models do not support",
        ),
        ("invoke_endpoint_with_response_stream", {"Body": b"x"}, "no container that streams"),
    ],
)
async def test_other_operations_say_what_to_do_instead(
    operation: str, parameters: dict[str, Any], words: str
):
    async with endpoint() as emulator:
        answer = await refusal(emulator, operation=operation, **parameters)
    assert code_of(answer) == (400, "ValidationError")
    assert words in answer["Text"]
    assert "Use InvokeEndpoint" in answer["Text"]


async def post_over_http2(
    emulator: SageMakerEmulator, body: bytes, *, signed: bytes | None = None
) -> httpx.Response:
    """The same operation by a client that speaks HTTP/2, its headers signed by botocore."""
    request = AWSRequest(
        "POST",
        f"{emulator.endpoint_url}/endpoints/{NAME}/invocations",
        data=body if signed is None else signed,
        headers={"Content-Type": "audio/wav"},
    )
    keys = Credentials(emulator.credentials.access_key_id, emulator.credentials.secret_access_key)
    SigV4Auth(keys, "sagemaker", emulator.region).add_auth(request)
    context = ssl.create_default_context(cafile=emulator.ca_bundle)
    async with httpx.AsyncClient(http2=True, verify=context, trust_env=False) as client:
        return await client.post(str(request.url), headers=dict(request.headers), content=body)


async def test_the_operation_is_there_over_http2_too():
    async with endpoint() as emulator:
        answer = await post_over_http2(emulator, bytes(100_000))
        long = await post_over_http2(emulator, bytes(LONGEST_BODY + 1))
        other = await post_over_http2(emulator, b"what is sent", signed=b"what is signed")
    assert answer.http_version == long.http_version == "HTTP/2"
    assert (answer.status_code, answer.json()) == (200, {"bytes": 100_000})
    assert answer.headers["x-amzn-invoked-production-variant"] == "AllTraffic"
    assert long.status_code == 413
    assert other.status_code == 403
    assert other.headers["x-amzn-errortype"] == "InvalidSignatureException"


async def test_a_call_whose_body_never_ends_leaves_nothing_behind():
    async with endpoint() as emulator:
        host, port = emulator.endpoint_url.removeprefix("https://").split(":")
        context = ssl.create_default_context(cafile=emulator.ca_bundle)
        reader, writer = await asyncio.open_connection(host, int(port), ssl=context)
        writer.write(
            f"POST /endpoints/{NAME}/invocations HTTP/1.1\r\nHost: h\r\n"
            "Content-Length: 9\r\n\r\nhalf".encode()
        )
        await writer.drain()
        writer.close()
        await writer.wait_closed()
        assert await reader.read() == b""
        assert emulator.streams == []
        await invoke(emulator, Body=b"x")
        assert [each.number for each in emulator.streams] == [1]
