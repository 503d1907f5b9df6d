# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
"""Faults at connect: the recoverable are retried and lose nothing, the fatal are named at once."""

import asyncio
import contextlib
import socket
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

import pytest

from pipecat_sagemaker_deepgram import (
    CertificateError,
    CredentialsError,
    ModelUnavailableError,
    RejectedError,
    SageMakerDeepgramError,
)
from pipecat_sagemaker_deepgram.client import ClientConfig, RetryPolicy, Target
from pipecat_sagemaker_deepgram.client import session_events as events
from pipecat_sagemaker_deepgram.transport import BotocoreCredentialsResolver

from ..local_path import Heard, listen, local_path, marked_audio, speak, transcribe, words
from .conftest import first_column

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


FAULTS = [
    *(f"at connect: {case.name}" for case in RECOVERABLE),
    "at connect: connection refused",
    "at connect: a name that does not resolve twice",
    "at connect: first target down, second used",
]
"""What README's table says of this file."""


def _record(record_property: Callable[[str, object], None], fault: str, heard: Heard) -> None:
    record_property("table", "faults")
    record_property("fault", fault)
    record_property("words lost", len(set(words(0, COUNT)) - set(heard.words)))
    record_property("words repeated", len(heard.words) - len(set(heard.words)))
    record_property("streams lost", 0)


@pytest.mark.parametrize("case", RECOVERABLE, ids=lambda case: case.name)
async def test_what_was_said_meanwhile_is_kept(
    case: Case, record_property: Callable[[str, object], None]
) -> None:
    async with local_path(*case.faults) as path:
        heard = await transcribe(
            path, marked_audio(0, COUNT), config=case.config, retry_policy=PATIENT
        )
        assert heard.words == words(0, COUNT)
        failed = [event for event in heard.events if isinstance(event, events.AttemptFailed)]
        assert len(failed) == case.failed_attempts
    _record(record_property, f"at connect: {case.name}", heard)


async def test_a_port_on_which_nobody_listens_at_first(
    record_property: Callable[[str, object], None],
) -> None:
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
    _record(record_property, "at connect: connection refused", heard)


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


async def test_a_name_that_does_not_resolve_twice(
    monkeypatch: pytest.MonkeyPatch, record_property: Callable[[str, object], None]
) -> None:
    loop = asyncio.get_running_loop()
    resolve, asked = loop.getaddrinfo, []

    async def getaddrinfo(host: Any, *arguments: Any, **options: Any) -> Any:
        if host == "localhost":
            asked.append(host)
            if len(asked) <= 2:
                raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")
        return await resolve(host, *arguments, **options)

    async with local_path() as path:
        monkeypatch.setattr(loop, "getaddrinfo", getaddrinfo)
        url = path.emulator.endpoint_url.replace("127.0.0.1", "localhost")
        heard = await transcribe(path, marked_audio(0, COUNT), endpoint_url=url)
    assert heard.words == words(0, COUNT)
    failed = [event.cause for event in heard.events if isinstance(event, events.AttemptFailed)]
    assert ["cannot be resolved" in str(cause) for cause in failed] == [True, True]
    _record(record_property, "at connect: a name that does not resolve twice", heard)


@dataclass(frozen=True)
class Fatal:
    """A fault at connect that another attempt cannot mend.

    Parameters:
        name: What it is called in README's table.
        error: The error it gives.
        says: What the error's sentence holds.
        faults: The emulator's script.
        client: Options of the client.
        emulator: Options of the emulator.
    """

    name: str
    error: type[SageMakerDeepgramError]
    says: str
    faults: tuple[str, ...] = ()
    client: dict[str, Any] = field(default_factory=dict)
    emulator: dict[str, Any] = field(default_factory=dict)


def _refused(answer: str) -> tuple[str, ...]:
    return (f"refuse={answer}@connect,streams=every",)


FATAL = [
    Fatal("certificate not trusted", CertificateError, "ca_bundle", client={"ca_bundle": None}),
    Fatal(
        "no credentials",
        CredentialsError,
        "credentials",
        client={"credentials": BotocoreCredentialsResolver()},
    ),
    Fatal(
        "403",
        RejectedError,
        "sagemaker:InvokeEndpointWithBidirectionalStream",
        _refused("403:AccessDeniedException"),
    ),
    Fatal(
        "400 validation",
        RejectedError,
        "ValidationException",
        _refused("400:ValidationException:bad"),
    ),
    Fatal(
        "unknown endpoint",
        RejectedError,
        "Endpoint deepgram-nova-3",
        emulator={"endpoint_names": {"another"}},
    ),
    Fatal(
        "424 for ever",
        ModelUnavailableError,
        "capacity.*query parameter.*/aws/sagemaker/Endpoints/deepgram-nova-3",
        _refused("424:ModelError"),
    ),
    Fatal(
        "credentials that stay expired",
        RejectedError,
        "ExpiredTokenException",
        _refused("403:ExpiredTokenException"),
    ),
]


@pytest.mark.parametrize("case", FATAL, ids=lambda case: case.name)
async def test_one_clear_error_within_two_seconds(
    case: Fatal, record_property: Callable[[str, object], None]
) -> None:
    async with local_path(*case.faults, **case.emulator) as path:
        client = path.client(**case.client)
        async with asyncio.timeout(2):
            with pytest.raises(case.error, match=case.says):
                await client.start_session()
        with pytest.raises(case.error):
            await client.receive_response()
        await client.close_session()
    record_property("table", "fatal faults")
    record_property("fault", case.name)
    record_property("error", f"`{case.error.__name__}`")
    record_property("attempts", client.stats.failed_attempts)


async def test_the_second_target_is_used_when_the_first_is_down(
    record_property: Callable[[str, object], None],
) -> None:
    standby = Target(endpoint_name="standby")
    async with local_path("refuse=503:ServiceUnavailableError@connect,streams=1") as path:
        heard = await transcribe(path, marked_audio(0, COUNT), targets=[standby])
    assert heard.words == words(0, COUNT)
    targets = [event.target for event in heard.events if isinstance(event, events.Connecting)]
    assert [target.endpoint_name for target in targets] == ["deepgram-nova-3", "standby"]
    _record(record_property, "at connect: first target down, second used", heard)


def test_readme_has_these_cases() -> None:
    assert first_column("fatal faults") == [case.name for case in FATAL]
