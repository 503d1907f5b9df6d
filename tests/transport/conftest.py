# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
"""A clean environment for every test, a certificate authority, and the bare peer."""

import os
import ssl
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest
import trustme
from websockets.asyncio.server import ServerConnection, serve

from pipecat_sagemaker_deepgram.emulator import FaultScript, SageMakerEmulator, parse_faults
from pipecat_sagemaker_deepgram.transport import (
    Credentials,
    StreamOpener,
    StreamRequest,
    TransportConfig,
    client_context,
)

from .bare_peer import BareServer, Script

SECRETS = ("AKIDOFTHETEST", "secretofthetest", "tokenofthetest")

type EmulatorStart = Callable[..., AbstractAsyncContextManager[SageMakerEmulator]]
type BareStart = Callable[[Script], AbstractAsyncContextManager[BareServer]]


@pytest.fixture(autouse=True)
def _clean_environment(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    for name in list(os.environ):
        if name.startswith("AWS_") or name.lower().endswith("_proxy") or name == "SSL_CERT_FILE":
            monkeypatch.delenv(name)
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("AWS_CONFIG_FILE", str(tmp_path / "config"))
    monkeypatch.setenv("AWS_SHARED_CREDENTIALS_FILE", str(tmp_path / "credentials"))
    monkeypatch.setenv("AWS_EC2_METADATA_DISABLED", "true")


@dataclass(frozen=True)
class Authority:
    """A certificate authority, with a certificate for this machine."""

    ca_bundle: Path
    server_context: ssl.SSLContext

    def client_context(self) -> ssl.SSLContext:
        """A context that trusts it."""
        return client_context(self.ca_bundle)


@pytest.fixture(scope="session")
def authority(tmp_path_factory: pytest.TempPathFactory) -> Authority:
    """The authority that the client trusts."""
    authority = trustme.CA()
    path = tmp_path_factory.mktemp("authority") / "ca.pem"
    authority.cert_pem.write_to_path(str(path))
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.set_alpn_protocols(["h2"])
    authority.issue_cert("127.0.0.1", "::1", "localhost").configure_cert(context)
    return Authority(path, context)


@pytest.fixture
def bare_server(authority: Authority) -> BareStart:
    """Starts a bare HTTP/2 server that follows a script for each connection."""

    @asynccontextmanager
    async def start(script: Script) -> AsyncIterator[BareServer]:
        async with BareServer(script, authority.server_context) as server:
            yield server

    return start


async def echo(websocket: ServerConnection) -> None:
    """Send every message back."""
    async for message in websocket:
        await websocket.send(message)


@pytest.fixture
def emulator() -> EmulatorStart:
    """Starts an emulator with faults in front of a container that echoes."""

    @asynccontextmanager
    async def start(faults: str = "", **options: object) -> AsyncIterator[SageMakerEmulator]:
        async with serve(echo, "127.0.0.1", 0, compression=None) as container:
            port = next(iter(container.sockets)).getsockname()[1]
            script = FaultScript(parse_faults(faults)) if faults else None
            url = f"ws://127.0.0.1:{port}"
            async with SageMakerEmulator(url, faults=script, **options) as running:  # type: ignore[arg-type]
                yield running

    return start


def credentials_of(emulator: SageMakerEmulator) -> Credentials:
    """What the emulator accepts."""
    accepted = emulator.credentials
    return Credentials(
        access_key_id=accepted.access_key_id,
        secret_access_key=accepted.secret_access_key,
        session_token=accepted.session_token,
    )


def request_to(url: str, **fields: str) -> StreamRequest:
    """A request for an endpoint at a URL."""
    return StreamRequest(
        **{"endpoint_name": "deepgram", "region": "us-east-1", "url": url, **fields}
    )


def opener_for(emulator: SageMakerEmulator, **fields: object) -> StreamOpener:
    """An opener that trusts the emulator."""
    config = TransportConfig(**fields)  # type: ignore[arg-type]
    return StreamOpener(client_context(emulator.ca_bundle), config)


def known_credentials() -> Credentials:
    """Credentials that no log line and no error may show."""
    key, secret, token = SECRETS
    return Credentials(access_key_id=key, secret_access_key=secret, session_token=token)
