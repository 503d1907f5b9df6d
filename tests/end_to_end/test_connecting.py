# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
"""Faults at connect: the recoverable are retried and lose nothing, the fatal are named at once."""

import asyncio
import contextlib
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from urllib.parse import urlsplit

import pytest

from pipecat_sagemaker_deepgram import (
    CertificateError,
    CredentialsError,
    ModelUnavailableError,
    RejectedError,
    SageMakerDeepgramError,
)
from pipecat_sagemaker_deepgram.client import ClientConfig, RetryPolicy
from pipecat_sagemaker_deepgram.client import session_events as events
from pipecat_sagemaker_deepgram.transport import BotocoreCredentialsResolver

from ..local_path import Heard, listen, local_path, marked_audio, speak, transcribe, words

COUNT = 20
QUICK = ClientConfig(connection_timeout=0.5, subscription_timeout=0.5)
PATIENT = RetryPolicy(max_retries=8)


@dataclass(frozen=True)
class Case:
    """A fault at connect that a session survives."""

    name: str
    faults: tuple[str, ...]
    failed_attempts: int
    config: ClientConfig = QUICK


RECOVERABLE = [
    Case("TLS that stalls", ("stall-tls@connect,streams=1",), 1),
    Case("connection reset before TLS", ("refuse-connection@connect,streams=1-2",), 2),
    Case("no response headers", ("never-answer@connect,streams=1",), 1),
    Case("400 ThrottlingException", ("refuse=400:ThrottlingException@connect,streams=1-2",), 2),
    Case("429", ("refuse=429:TooManyRequestsException@connect,streams=1-2",), 2),
    Case("500", ("refuse=500:InternalServerError@connect,streams=1-2",), 2),
    Case("503", ("refuse=503:ServiceUnavailableError@connect,streams=1-2",), 2),
    Case("424 twice", ("refuse=424:ModelError@connect,streams=1-2",), 2),
    Case("GOAWAY at once", ("goaway@connect,streams=1",), 1),
    Case(
        "connect that takes 3 s",
        ("late=3@connect",),
        0,
        ClientConfig(),
    ),
    Case("expired credentials", ("refuse=403:ExpiredTokenException@connect,streams=1",), 1),
]


@pytest.mark.parametrize("case", RECOVERABLE, ids=lambda case: case.name)
async def test_what_was_said_meanwhile_is_kept(case: Case) -> None:
    async with local_path(*case.faults) as path:
        heard = await transcribe(
            path, marked_audio(0, COUNT), config=case.config, retry_policy=PATIENT
        )
        assert heard.words == words(0, COUNT)
        failed = [event for event in heard.events if isinstance(event, events.AttemptFailed)]
        assert len(failed) == case.failed_attempts


async def test_a_port_on_which_nobody_listens_at_first() -> None:
    with socket.create_server(("127.0.0.1", 0)) as probe:
        port = probe.getsockname()[1]
    refused = asyncio.Event()
    heard = Heard()
    async with local_path() as path:
        upstream = urlsplit(path.emulator.endpoint_url)

        def on_event(event: events.SessionEvent) -> None:
            heard.events.append(event)
            if isinstance(event, events.AttemptFailed):
                refused.set()

        client = path.client(
            endpoint_url=f"https://127.0.0.1:{port}",
            on_event=on_event,
            retry_policy=RetryPolicy(max_retries=30, max_backoff=0.2),
        )
        listening = asyncio.create_task(listen(client, heard))
        client.connect()
        await speak(client, marked_audio(0, COUNT))
        await refused.wait()
        async with relay(port, upstream.hostname or "", upstream.port or 0):
            await client.close_session()
        await listening
    assert heard.words == words(0, COUNT)
    cause = next(event.cause for event in heard.events if isinstance(event, events.AttemptFailed))
    assert "refuses the connection" in str(cause)


@asynccontextmanager
async def relay(port: int, host: str, upstream_port: int) -> AsyncIterator[None]:
    """Pass TCP connections on until the block ends."""

    async def pump(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with contextlib.suppress(ConnectionError):
            while data := await reader.read(65_536):
                writer.write(data)
                await writer.drain()
        writer.close()

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        up_reader, up_writer = await asyncio.open_connection(host, upstream_port)
        await asyncio.gather(pump(reader, up_writer), pump(up_reader, writer))

    server = await asyncio.start_server(serve, "127.0.0.1", port)
    try:
        yield
    finally:
        server.close()
        await server.wait_closed()


async def test_a_name_that_does_not_resolve_twice(monkeypatch: pytest.MonkeyPatch) -> None:
    loop = asyncio.get_running_loop()
    resolve, asked = loop.getaddrinfo, []

    async def getaddrinfo(host: object, *arguments: object, **options: object) -> object:
        if host == "endpoint.test":
            asked.append(host)
            if len(asked) <= 2:
                raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")
            host = "127.0.0.1"
        return await resolve(host, *arguments, **options)  # type: ignore[arg-type]

    monkeypatch.setattr(loop, "getaddrinfo", getaddrinfo)
    async with local_path() as path:
        url = path.emulator.endpoint_url.replace("127.0.0.1", "endpoint.test")
        heard = Heard()
        client = path.client(heard, endpoint_url=url)
        # The third attempt resolves, to a certificate that does not carry the name.
        with pytest.raises(CertificateError):
            await client.start_session()
        failed = [e.cause for e in heard.events if isinstance(e, events.AttemptFailed)]
        assert ["cannot be resolved" in str(cause) for cause in failed] == [True, True, False]
        await client.close_session()


@dataclass(frozen=True)
class Fatal:
    """A fault at connect that another attempt cannot mend."""

    name: str
    faults: tuple[str, ...]
    error: type[SageMakerDeepgramError]
    says: str


FATAL = [
    Fatal(
        "403",
        ("refuse=403:AccessDeniedException@connect,streams=every",),
        RejectedError,
        "sagemaker:InvokeEndpointWithBidirectionalStream",
    ),
    Fatal(
        "400 validation",
        ("refuse=400:ValidationException:bad@connect,streams=every",),
        RejectedError,
        "ValidationException",
    ),
    Fatal(
        "424 for ever",
        ("refuse=424:ModelError@connect,streams=every",),
        ModelUnavailableError,
        "/aws/sagemaker/Endpoints/deepgram-nova-3",
    ),
    Fatal(
        "expired for ever",
        ("refuse=403:ExpiredTokenException@connect,streams=every",),
        RejectedError,
        "ExpiredTokenException",
    ),
]


@pytest.mark.parametrize("case", FATAL, ids=lambda case: case.name)
async def test_one_clear_error_within_two_seconds(case: Fatal) -> None:
    async with local_path(*case.faults) as path:
        client = path.client()
        async with asyncio.timeout(2):
            with pytest.raises(case.error, match=case.says):
                await client.start_session()
        with pytest.raises(case.error):
            await client.receive_response()
        await client.close_session()


async def test_a_certificate_that_is_not_trusted() -> None:
    async with local_path() as path:
        client = path.client(ca_bundle=None)
        async with asyncio.timeout(2):
            with pytest.raises(CertificateError, match="ca_bundle"):
                await client.start_session()
        await client.close_session()


async def test_no_credentials(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_PROFILE"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("AWS_EC2_METADATA_DISABLED", "true")
    monkeypatch.setenv("AWS_SHARED_CREDENTIALS_FILE", "/nonexistent")
    monkeypatch.setenv("AWS_CONFIG_FILE", "/nonexistent")
    async with local_path() as path:
        client = path.client(credentials=BotocoreCredentialsResolver())
        async with asyncio.timeout(2):
            with pytest.raises(CredentialsError, match="credentials"):
                await client.start_session()
        await client.close_session()


async def test_an_unknown_endpoint_is_named() -> None:
    async with local_path(endpoint_names={"another"}) as path:
        client = path.client()
        async with asyncio.timeout(2):
            with pytest.raises(RejectedError, match="deepgram-nova-3"):
                await client.start_session()
        await client.close_session()
