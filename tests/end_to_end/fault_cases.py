# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
"""The faults of docs/reliability.md, as data: for the client alone and for a whole pipeline."""

import asyncio
import contextlib
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

import pytest

from pipecat_sagemaker_deepgram import (
    CertificateError,
    CredentialsError,
    ModelUnavailableError,
    RejectedError,
    SageMakerDeepgramError,
)
from pipecat_sagemaker_deepgram.client import ClientConfig, RetryPolicy
from pipecat_sagemaker_deepgram.deepgram.controls import FINALIZE
from pipecat_sagemaker_deepgram.emulator import EmulatorSettings
from pipecat_sagemaker_deepgram.transport import BotocoreCredentialsResolver

from ..local_path import RATE, marked_audio

# On an open stream

COUNT = 50
"""Words that are said on a stream that meets a fault."""


@dataclass(frozen=True)
class StreamFault:
    """A fault on an open stream, which a session survives.

    Attributes:
        name: What the table calls it.
        faults: The emulator's script.
        losses: Streams that are lost by it.
        config: The client's configuration.
        settings: The emulator's.
        max_speed: How many times faster than real time the container takes audio.
        then: What follows the first ``COUNT`` words: audio, or ``FINALIZE``.
        more: Words that ``then`` says.
        pause: Seconds of silence before those.
    """

    name: str
    faults: tuple[str, ...]
    losses: int = 1
    config: ClientConfig | None = None
    settings: EmulatorSettings | None = None
    max_speed: float | None = None
    then: tuple[bytes | str, ...] = ()
    more: int = 0
    pause: float = 0.0

    def allows(self, losses: int) -> bool:
        """Whether so many streams may be lost.

        A stream that lives for a second ends once more where a busy machine needs longer for all.
        """
        return losses == self.losses or (self.settings is SHORT and losses > self.losses)


# A stream may last 1.2 s here instead of 30 minutes.
SHORT = EmulatorSettings(time_scale=30 * 60 / 1.2)
NO_ROTATION = ClientConfig(rotate_after=None)
ROTATION = ClientConfig(rotate_after=0.5, rotate_jitter=0.0, rotate_by=1.0)
ROTATION_IN_A_PAUSE = ClientConfig(rotate_after=0.5, rotate_jitter=0.0, rotate_by=60.0)

QUICK_STALL = ClientConfig(stall_timeout=0.4)
QUICK_SEND = ClientConfig(send_timeout=0.4, stall_timeout=0.6)

MORE = marked_audio(COUNT, 20)

STREAM_FAULTS = [
    StreamFault("END_STREAM not asked for", ("end@bytes=60000",)),
    StreamFault("RST_STREAM", ("reset@bytes=60000",)),
    StreamFault("connection dropped", ("drop@bytes=60000",)),
    StreamFault("GOAWAY with an error", ("goaway=INTERNAL_ERROR@bytes=60000",)),
    StreamFault("GOAWAY, the stream served on", ("goaway@bytes=60000",), losses=0),
    StreamFault("GOAWAY after each 200", ("goaway@seconds=0,streams=every",), losses=0),
    StreamFault("ModelStreamError", ("model-stream-error@bytes=60000",)),
    StreamFault("InternalStreamFailure", ("internal-stream-failure@bytes=60000",)),
    StreamFault("an unmodelled error event", ("error@bytes=60000",)),
    StreamFault(
        "Deepgram's own Error",
        ('text={"type":"Error","variant":"InternalError","description":"d"}@bytes=60000',),
    ),
    StreamFault("an event with a bad checksum", ("bad-checksum@bytes=60000",)),
    StreamFault("an event cut in half", ("cut@bytes=60000",)),
    StreamFault(
        "a peer that goes silent while speech flows", ("silence@bytes=60000",), config=QUICK_STALL
    ),
    StreamFault("a peer that stops reading", ("stop-reading@bytes=60000",), config=QUICK_SEND),
    StreamFault("two in a row", ("reset@bytes=60000", "drop@bytes=20000,streams=2"), losses=2),
    StreamFault(
        "one during a replay",
        ("reset@bytes=60000", "reset@bytes=4000,streams=2"),
        losses=2,
    ),
    StreamFault("one during drain", ("reset@control=CloseStream",)),
    StreamFault("messages in PARTIAL parts", ("fragment=7:inside-characters@seconds=0",), losses=0),
    StreamFault("a message of 1 MiB", ("big@bytes=60000",), losses=0),
    StreamFault(
        "unknown and malformed messages", ("malformed@bytes=40000", "unknown-event@bytes=60000"), 0
    ),
    StreamFault("a first connect of 3 s", ("late=3@connect",), losses=0),
    StreamFault("a container that throttles the replay", ("reset@bytes=60000",), max_speed=8.0),
    StreamFault(
        "one between Finalize and its answer",
        ("reset@control=Finalize",),
        then=(FINALIZE, MORE),
        more=20,
    ),
    StreamFault("the 30-minute end", (), settings=SHORT, config=NO_ROTATION, then=(MORE,), more=20),
    StreamFault(
        "before the 30-minute end, in unbroken speech",
        (),
        losses=0,
        settings=SHORT,
        config=ROTATION,
        then=(MORE,),
        more=20,
    ),
    StreamFault(
        "before the 30-minute end, in a pause",
        (),
        losses=0,
        config=ROTATION_IN_A_PAUSE,
        then=(bytes(RATE * 4), MORE),
        more=20,
        pause=4.0,
    ),
]

# At connect

CONNECT_COUNT = 20
"""Words that are said while a connect meets a fault."""

QUICK = ClientConfig(connection_timeout=2.0, subscription_timeout=2.0)
"""For what only the end of a wait shows."""

DEFAULT = ClientConfig()

PATIENT = RetryPolicy(max_retries=8)


@dataclass(frozen=True)
class ConnectFault:
    """A fault at connect that a session survives."""

    name: str
    faults: tuple[str, ...]
    failed_attempts: int
    config: ClientConfig = DEFAULT


CONNECT_FAULTS = [
    ConnectFault("TLS that stalls", ("stall-tls@connect,streams=1",), 1, QUICK),
    ConnectFault("connection reset before TLS", ("refuse-connection@connect,streams=1-2",), 2),
    ConnectFault("no response headers", ("never-answer@connect,streams=1",), 1, QUICK),
    ConnectFault(
        "400 ThrottlingException", ("refuse=400:ThrottlingException@connect,streams=1-2",), 2
    ),
    ConnectFault("429", ("refuse=429:TooManyRequestsException@connect,streams=1-2",), 2),
    ConnectFault("500", ("refuse=500:InternalServerError@connect,streams=1-2",), 2),
    ConnectFault("503", ("refuse=503:ServiceUnavailableError@connect,streams=1-2",), 2),
    ConnectFault("424 twice", ("refuse=424:ModelError@connect,streams=1-2",), 2),
    ConnectFault("GOAWAY at once", ("goaway@connect,streams=1",), 1),
    ConnectFault("connect that takes 3 s", ("late=3@connect",), 0),
    ConnectFault("expired credentials", ("refuse=403:ExpiredTokenException@connect,streams=1",), 1),
]


@asynccontextmanager
async def closed_port() -> AsyncIterator[int]:
    """A port that refuses connections; ``relay`` may listen there, and nobody else is given it."""
    with socket.socket() as reserved:
        reserved.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        reserved.bind(("127.0.0.1", 0))
        yield reserved.getsockname()[1]


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


def fail_to_resolve(name: str, times: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """Have the running event loop not find a host, so many times."""
    loop = asyncio.get_running_loop()
    resolve, asked = loop.getaddrinfo, []

    async def getaddrinfo(host: Any, *arguments: Any, **options: Any) -> Any:
        if host == name:
            asked.append(host)
            if len(asked) <= times:
                raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")
        return await resolve(host, *arguments, **options)

    monkeypatch.setattr(loop, "getaddrinfo", getaddrinfo)


# At connect, beyond repair


@dataclass(frozen=True)
class FatalFault:
    """A fault at connect that another attempt cannot mend.

    Attributes:
        name: What the table calls it.
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


FATAL_FAULTS = [
    FatalFault(
        "certificate not trusted", CertificateError, "ca_bundle", client={"ca_bundle": None}
    ),
    FatalFault(
        "no credentials",
        CredentialsError,
        "credentials",
        client={"credentials": BotocoreCredentialsResolver()},
    ),
    FatalFault(
        "403",
        RejectedError,
        "sagemaker:InvokeEndpointWithBidirectionalStream",
        _refused("403:AccessDeniedException"),
    ),
    FatalFault(
        "400 validation",
        RejectedError,
        "ValidationException",
        _refused("400:ValidationException:bad"),
    ),
    FatalFault(
        "unknown endpoint",
        RejectedError,
        "Endpoint deepgram-nova-3",
        emulator={"endpoint_names": {"another"}},
    ),
    FatalFault(
        "424 for ever",
        ModelUnavailableError,
        "capacity.*query parameter.*output of the local endpoint",
        _refused("424:ModelError"),
    ),
    FatalFault(
        "credentials that stay expired",
        RejectedError,
        "ExpiredTokenException",
        _refused("403:ExpiredTokenException"),
    ),
]
