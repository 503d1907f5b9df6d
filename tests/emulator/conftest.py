# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause

"""Containers and emulators for the tests."""

import asyncio
import json
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from pathlib import Path
from typing import Any

import pytest
from websockets.asyncio.server import ServerConnection, serve

from pipecat_sagemaker_deepgram.emulator import SageMakerEmulator

from .bare_client import BareClient

type Handler = Callable[[ServerConnection], Awaitable[None]]
type EmulatorFactory = Callable[..., AbstractAsyncContextManager[SageMakerEmulator]]

VECTORS = Path(__file__).parent.parent / "data" / "signed_events.json"


@pytest.fixture(scope="session")
def vectors() -> dict[str, Any]:
    """Bytes that the AWS SDK signed and encoded."""
    return json.loads(VECTORS.read_text())


async def echo(websocket: ServerConnection) -> None:
    """Sends every message back."""
    async for message in websocket:
        await websocket.send(message)


@asynccontextmanager
async def container(handler: Handler = echo) -> AsyncIterator[str]:
    """A container; gives its address."""
    async with serve(handler, "127.0.0.1", 0, compression=None) as server:
        port = next(iter(server.sockets)).getsockname()[1]
        yield f"ws://127.0.0.1:{port}"


@pytest.fixture
def emulator_for() -> EmulatorFactory:
    """Starts a container with a handler and an emulator in front of it."""

    @asynccontextmanager
    async def start(handler: Handler = echo, **options: Any) -> AsyncIterator[SageMakerEmulator]:
        async with container(handler) as url, SageMakerEmulator(url, **options) as emulator:
            yield emulator

    return start


@pytest.fixture
async def emulator(emulator_for: EmulatorFactory) -> AsyncIterator[SageMakerEmulator]:
    """An emulator in front of a container that echoes."""
    async with emulator_for() as running:
        yield running


@pytest.fixture
async def client(emulator: SageMakerEmulator) -> AsyncIterator[BareClient]:
    """A connection to that emulator."""
    async with BareClient.connect(emulator) as connected:
        yield connected


@asynccontextmanager
async def raw_container(
    handler: Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]],
) -> AsyncIterator[str]:
    """A container without a WebSocket library; gives its address."""
    server = await asyncio.start_server(handler, "127.0.0.1", 0)
    async with server:
        yield f"ws://127.0.0.1:{server.sockets[0].getsockname()[1]}"
