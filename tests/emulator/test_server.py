# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause

"""The emulator as a whole: its addresses, the AWS SDK as its client, and faults at connect."""

import asyncio
import os
import socket
import ssl
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace

import pytest
from aws_sdk_sagemaker_runtime_http2.client import AsyncSageMakerRuntimeHTTP2Client
from aws_sdk_sagemaker_runtime_http2.config import AsyncSageMakerRuntimeHTTP2Config
from aws_sdk_sagemaker_runtime_http2.models import (
    InvokeEndpointWithBidirectionalStreamInput,
    RequestPayloadPart,
    RequestStreamEventPayloadPart,
    ResponseStreamEventPayloadPart,
)
from h2.errors import ErrorCodes
from smithy_core.exceptions import CallError
from smithy_http.aio.crt import AWSCRTHTTPClient
from websockets.asyncio.server import ServerConnection

from pipecat_sagemaker_deepgram.emulator import (
    AddressInUseError,
    EmulatorCredentials,
    EmulatorSettings,
    FaultScript,
    SageMakerEmulator,
    parse_fault,
)

from .bare_client import TIMEOUT, BareClient
from .conftest import EmulatorFactory, container

CONTAINER = "ws://127.0.0.1:1"


def script(*lines: str) -> FaultScript:
    return FaultScript(parse_fault(line) for line in lines)


# Addresses and life


async def test_the_environment_leads_clients_here(emulator_for: EmulatorFactory):
    known = EmulatorCredentials("AKIDEXAMPLE", "secret", "token")
    async with emulator_for(credentials=known, region="eu-west-1") as emulator:
        assert emulator.environment() == {
            "AWS_ENDPOINT_URL_SAGEMAKER_RUNTIME": emulator.endpoint_url,
            "AWS_ENDPOINT_URL_SAGEMAKER_RUNTIME_HTTP2": emulator.endpoint_url,
            "AWS_ENDPOINT_URL_SAGEMAKER": emulator.endpoint_url,
            "AWS_ENDPOINT_URL_STS": emulator.endpoint_url,
            "AWS_ENDPOINT_URL_IAM": emulator.endpoint_url,
            "AWS_CA_BUNDLE": str(emulator.ca_bundle),
            "AWS_REGION": "eu-west-1",
            "AWS_DEFAULT_REGION": "eu-west-1",
            "AWS_ACCESS_KEY_ID": "AKIDEXAMPLE",
            "AWS_SECRET_ACCESS_KEY": "secret",
            "AWS_SESSION_TOKEN": "token",
        }


async def test_without_a_session_token_there_is_no_variable_for_it(emulator: SageMakerEmulator):
    assert "AWS_SESSION_TOKEN" not in emulator.environment()


async def test_two_emulators_have_different_ports_and_secrets():
    async with SageMakerEmulator(CONTAINER) as one, SageMakerEmulator(CONTAINER) as two:
        assert one.endpoint_url != two.endpoint_url
        assert one.credentials != two.credentials


async def test_the_certificate_folder_goes_away():
    async with SageMakerEmulator(CONTAINER) as emulator:
        bundle = emulator.ca_bundle
        assert bundle.read_text().startswith("-----BEGIN CERTIFICATE-----")
    assert not bundle.parent.exists()


async def test_a_taken_port_is_named():
    async with SageMakerEmulator(CONTAINER) as first:
        port = int(first.endpoint_url.rpartition(":")[2])
        with pytest.raises(AddressInUseError, match=f"Port {port} on 127.0.0.1 is in use"):
            await SageMakerEmulator(CONTAINER, port=port).__aenter__()


async def test_before_it_runs_there_is_no_address():
    emulator = SageMakerEmulator(CONTAINER)
    with pytest.raises(RuntimeError, match="async with"):
        _ = emulator.endpoint_url
    with pytest.raises(RuntimeError, match="async with"):
        _ = emulator.ca_bundle


@pytest.mark.parametrize("url", ["http://127.0.0.1:8080", "ws://127.0.0.1", "127.0.0.1:8080"])
def test_another_container_address_is_refused(url: str):
    with pytest.raises(ValueError, match="ws://HOST:PORT"):
        SageMakerEmulator(url)


@pytest.mark.skipif(not socket.has_ipv6, reason="there is no IPv6 here")
async def test_it_listens_on_ipv6_too(emulator_for: EmulatorFactory):
    async with emulator_for(host="::1") as emulator:
        assert emulator.endpoint_url.startswith("https://[::1]:")


async def test_closing_ends_open_streams():
    async with container() as url:
        emulator = await SageMakerEmulator(url).__aenter__()
        async with BareClient.connect(emulator) as client:
            stream = await client.opened()
            await emulator.__aexit__(None, None, None)
            assert (await stream.next())[0] == "closed"
            assert emulator.streams[0].ended == "emulator closed"


async def test_closing_does_not_wait_for_a_container_that_hangs():
    leave = asyncio.Event()

    async def hang(websocket: ServerConnection) -> None:
        websocket.transport.pause_reading()
        await leave.wait()
        websocket.transport.abort()

    async with container(hang) as url:
        async with (
            asyncio.timeout(TIMEOUT),
            SageMakerEmulator(url) as emulator,
            BareClient.connect(emulator) as client,
        ):
            await client.opened()
        leave.set()


async def test_an_ended_stream_no_longer_listens_to_the_script(client: BareClient):
    script = client.emulator.faults
    stream = await client.opened()
    assert len(script._listeners) == 1
    await stream.send_end()
    assert await stream.next() == ("end",)
    assert script._listeners == []


# The AWS SDK


@asynccontextmanager
async def sdk_stream(
    emulator: SageMakerEmulator, monkeypatch: pytest.MonkeyPatch, *, secret: str | None = None
) -> AsyncIterator[object]:
    """A stream of the unmodified SDK with its CRT transport."""
    monkeypatch.setenv("SSL_CERT_FILE", str(emulator.ca_bundle))
    known = emulator.credentials
    config = await AsyncSageMakerRuntimeHTTP2Config.resolve(
        region=emulator.region,
        endpoint_uri=emulator.endpoint_url,
        aws_access_key_id=known.access_key_id,
        aws_secret_access_key=secret or known.secret_access_key,
        aws_session_token=known.session_token,
        transport=AWSCRTHTTPClient(),
    )
    client = AsyncSageMakerRuntimeHTTP2Client(config=config)
    stream = await client.invoke_endpoint_with_bidirectional_stream(
        InvokeEndpointWithBidirectionalStreamInput(
            endpoint_name="deepgram",
            model_invocation_path="v1/listen",
            model_query_string="model=nova-3&keyterm=caf%C3%A9",
        )
    )
    yield stream
    await client.close()


def sdk_part(payload: bytes, data_type: str | None = None) -> RequestStreamEventPayloadPart:
    return RequestStreamEventPayloadPart(
        value=RequestPayloadPart(bytes_=payload, data_type=data_type)
    )


@pytest.mark.parametrize("token", [None, "session-token"])
async def test_the_aws_sdk_gets_its_bytes_back(
    emulator_for: EmulatorFactory, monkeypatch: pytest.MonkeyPatch, token: str | None
):
    known = EmulatorCredentials("AKIDEXAMPLE", "secret", token)
    async with (
        emulator_for(credentials=known) as emulator,
        sdk_stream(emulator, monkeypatch) as stream,
    ):
        output, receiver = await stream.await_output()  # pyright: ignore
        assert output.invoked_production_variant == "AllTraffic"
        for payload, data_type in ((b"\x00" * 3200, "BINARY"), (b'{"type": "KeepAlive"}', "UTF8")):
            await stream.input_stream.send(sdk_part(payload, data_type))  # pyright: ignore
            event = await receiver.receive()
            assert isinstance(event, ResponseStreamEventPayloadPart)
            assert event.value.bytes_ == payload
            assert event.value.data_type == data_type
            assert event.value.completion_state == "COMPLETE"
        await stream.input_stream.close()  # pyright: ignore
        assert await receiver.receive() is None
        record = emulator.streams[0]
        assert (record.path, record.query) == ("v1/listen", "model=nova-3&keyterm=caf%C3%A9")
        assert record.ended == "container closed: 1000"
        assert record.audio_bytes_in == 3200


async def test_the_aws_sdk_with_a_wrong_secret_gets_403(
    emulator: SageMakerEmulator, monkeypatch: pytest.MonkeyPatch
):
    async with sdk_stream(emulator, monkeypatch, secret="wrong") as stream:
        with pytest.raises(CallError, match="status: 403"):
            await stream.await_output()  # pyright: ignore
        assert emulator.streams[0].ended == "refused: 403 InvalidSignatureException"


# Requests that do not verify


async def test_no_authorization_gets_403(client: BareClient):
    headers = [pair for pair in client.signed_headers() if pair[0] != "authorization"]
    status, code, body = await client.request(headers).error()
    assert (status, code) == (403, "MissingAuthenticationTokenException")
    assert body == {"message": "Missing Authentication Token"}


async def test_a_wrong_secret_gets_403(client: BareClient, emulator: SageMakerEmulator):
    wrong = replace(emulator.credentials, secret_access_key="wrong")
    status, code, _ = await client.open(credentials=wrong).error()
    assert (status, code) == (403, "InvalidSignatureException")


async def test_an_unknown_key_gets_403(client: BareClient):
    unknown = EmulatorCredentials("AKIDOTHER", "secret")
    status, code, _ = await client.open(credentials=unknown).error()
    assert (status, code) == (403, "UnrecognizedClientException")


async def test_another_region_gets_403(client: BareClient):
    status, code, _ = await client.open(region="eu-central-1").error()
    assert (status, code) == (403, "InvalidSignatureException")


async def test_rotated_credentials_expire_the_old_ones(
    client: BareClient, emulator: SageMakerEmulator
):
    old = emulator.credentials
    new = emulator.rotate_credentials()
    assert emulator.credentials == new
    status, code, body = await client.open(credentials=old).error()
    assert (status, code) == (403, "ExpiredTokenException")
    assert "expired" in body["message"]
    assert (await client.open(credentials=new).response())[0] == 200


async def test_credentials_can_be_expired_from_the_start(emulator_for: EmulatorFactory):
    known = EmulatorCredentials("AKIDEXAMPLE", "secret", expired=True)
    async with emulator_for(credentials=known) as emulator, BareClient.connect(emulator) as client:
        assert (await client.open().error())[1] == "ExpiredTokenException"


async def test_only_known_endpoints_are_found(emulator_for: EmulatorFactory):
    async with (
        emulator_for(endpoint_names=["ep-1"]) as emulator,
        BareClient.connect(emulator) as client,
    ):
        status, code, body = await client.open("ep-2").error()
        assert (status, code) == (400, "ValidationException")
        assert body == {"Message": "Endpoint ep-2 of account 000000000000 not found."}
        assert (await client.open("ep-1").response())[0] == 200


async def test_a_path_with_a_leading_slash_gets_400(client: BareClient):
    stream = client.open(model_invocation_path="/v1/listen")
    status, code, body = await stream.error()
    assert (status, code) == (400, "InputValidationError")
    assert "ModelInvocationPath" in body["Message"]


async def test_escaped_paths_are_signed_escaped_once_more(client: BareClient):
    """As SigV4 has it; the name is refused for what it is, not for its signature."""
    status, code, body = await client.open("a%20b").error()
    assert (status, code) == (400, "InputValidationError")
    assert "EndpointName" in body["Message"]


async def test_another_operation_gets_404(client: BareClient):
    status, body = await client.fetch("POST", "/endpoints/ep/inventions", b"{}")
    assert status == 404
    assert "no such operation" in body


# Faults at connect


async def test_refused_connection_is_reset_before_tls(emulator_for: EmulatorFactory):
    async with emulator_for(faults=script("refuse-connection,streams=1")) as emulator:
        with pytest.raises(OSError):  # noqa: PT011
            async with BareClient.connect(emulator):
                pass
        async with BareClient.connect(emulator) as client:
            await client.opened()
        assert [record.ended for record in emulator.streams] == ["fault: refuse-connection", None]


async def test_stalled_tls_accepts_and_says_nothing(emulator_for: EmulatorFactory):
    async with emulator_for(faults=script("stall-tls")) as emulator:
        port = int(emulator.endpoint_url.rpartition(":")[2])
        context = ssl.create_default_context(cafile=emulator.ca_bundle)
        connecting = asyncio.create_task(asyncio.open_connection("127.0.0.1", port, ssl=context))
        done, _ = await asyncio.wait({connecting}, timeout=0.3)
        assert not done
        assert emulator.streams[0].ended == "fault: stall-tls"
        connecting.cancel()
        await asyncio.wait({connecting})


async def test_never_answered_request_stays_open(emulator_for: EmulatorFactory):
    async with (
        emulator_for(faults=script("never-answer")) as emulator,
        BareClient.connect(emulator) as client,
    ):
        stream = client.open()
        other = await client.opened()
        await other.send_text("a round trip after the request")
        await other.event()
        assert stream.items.empty()
        assert emulator.streams[0].status is None
        stream.reset()
        await other.send_text("and one after the reset")
        await other.event()
        assert emulator.streams[0].ended == "reset by the client: CANCEL"


@pytest.mark.parametrize(
    ("fault", "status", "code", "body"),
    [
        (
            "refuse=400:ThrottlingException",
            400,
            "ThrottlingException",
            {"message": "Rate exceeded"},
        ),
        ("refuse=429", 429, "ThrottlingException", {"message": "Rate exceeded"}),
        ("refuse=500::down", 500, "InternalServerError", {"Message": "down"}),
        ("refuse=503:ServiceUnavailableError:busy", 503, "ServiceUnavailableError", None),
        ("refuse=403:ExpiredTokenException", 403, "ExpiredTokenException", None),
    ],
)
async def test_refusals_have_status_code_and_message(
    emulator_for: EmulatorFactory, fault: str, status: int, code: str, body: dict[str, str] | None
):
    async with (
        emulator_for(faults=script(fault)) as emulator,
        BareClient.connect(emulator) as client,
    ):
        found_status, found_code, found_body = await client.open().error()
        assert (found_status, found_code) == (status, code)
        assert body is None or found_body == body
        assert emulator.streams[0].ended == f"refused: {status} {code}"


async def test_a_scripted_424_looks_like_that_of_the_container(emulator_for: EmulatorFactory):
    async with (
        emulator_for(faults=script("refuse=424")) as emulator,
        BareClient.connect(emulator) as client,
    ):
        status, code, body = await client.open().error()
        assert (status, code, body["OriginalStatusCode"]) == (424, "ModelError", 424)
        assert "Failed to establish WebSocket connection" in body["Message"]


async def test_a_refused_stream_still_takes_input(emulator_for: EmulatorFactory):
    """As the service does, the connection goes on and the window opens again."""
    async with (
        emulator_for(faults=script("refuse=429")) as emulator,
        BareClient.connect(emulator) as client,
    ):
        stream = client.open()
        await stream.error()
        for _ in range(40):
            await stream.send_part(b"x" * 3200)
        other = await client.opened()
        await other.send_text("hello")
        assert (await other.event()).payload == b"hello"


async def test_late_answer_comes_after_its_time(emulator_for: EmulatorFactory):
    settings = EmulatorSettings(time_scale=100)
    async with (
        emulator_for(faults=script("late=30"), settings=settings) as emulator,
        BareClient.connect(emulator) as client,
    ):
        begun = asyncio.get_running_loop().time()
        stream = await client.opened()
        assert asyncio.get_running_loop().time() - begun >= 0.3
        await stream.send_text("hello")
        assert (await stream.event()).payload == b"hello"


async def test_goaway_at_connect_leaves_the_stream_unprocessed(emulator_for: EmulatorFactory):
    async with (
        emulator_for(faults=script("goaway@connect")) as emulator,
        BareClient.connect(emulator) as client,
    ):
        stream = client.open()
        assert await stream.next() == ("goaway", 0, ErrorCodes.NO_ERROR)
        assert (await stream.next())[0] == "closed"


# Connections


async def test_a_client_without_h2_is_answered_over_http1(emulator: SageMakerEmulator):
    """What it says is no stream, so that the next stream is still the first."""
    port = int(emulator.endpoint_url.rpartition(":")[2])
    context = ssl.create_default_context(cafile=emulator.ca_bundle)
    reader, writer = await asyncio.open_connection("127.0.0.1", port, ssl=context)
    writer.write(b"GET /_emulator/faults HTTP/1.1\r\nhost: it\r\n\r\n")
    async with asyncio.timeout(TIMEOUT):
        assert await reader.readline() == b"HTTP/1.1 200 \r\n"
        async with BareClient.connect(emulator) as client:
            await client.opened()
        writer.write(b"this is no request\r\n\r\n")
        assert b"HTTP/1.1 400" in await reader.read()
    writer.close()
    await writer.wait_closed()
    assert [record.number for record in emulator.streams] == [1]


async def test_a_client_that_does_not_trust_the_authority_harms_nobody(
    emulator: SageMakerEmulator,
):
    port = int(emulator.endpoint_url.rpartition(":")[2])
    with pytest.raises(ssl.SSLCertVerificationError):
        await asyncio.open_connection(
            "127.0.0.1", port, ssl=ssl.create_default_context(cadata=os.environ.get("NO_SUCH"))
        )
    async with BareClient.connect(emulator) as client:
        await client.opened()
    assert [record.number for record in emulator.streams] == [1]


async def test_numbers_go_to_streams_in_their_order(emulator: SageMakerEmulator):
    """A connection that never asks for a stream takes no number away."""
    async with BareClient.connect(emulator) as unused, BareClient.connect(emulator) as second:
        await unused.fetch("GET", "/_emulator/streams")
        await second.opened()
        await second.opened()
        await unused.opened()
    assert [record.number for record in emulator.streams] == [1, 2, 3]
    assert [record.connection for record in emulator.streams] == [2, 2, 1]
