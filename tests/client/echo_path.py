# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
"""A client, an emulated endpoint and a container that echoes, on real sockets."""

import asyncio
import os
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Any

from pipecat_sagemaker_deepgram.client import SageMakerBidiClient, StreamProtocol
from pipecat_sagemaker_deepgram.client import records as events
from pipecat_sagemaker_deepgram.container.echo import EchoContainer
from pipecat_sagemaker_deepgram.emulator import FaultScript, SageMakerEmulator, parse_fault

from ..local_path import LocalPath

RATE = 32_000
DEADLINE = 5.0
"""Most seconds to wait for anything."""

REPLAYING = StreamProtocol(bytes_per_second=lambda: RATE, replays=True)
"""A protocol that replays everything the caller has not acknowledged."""


@asynccontextmanager
async def echo_path(*faults: str, **options: Any) -> AsyncIterator[LocalPath]:
    """Run an echo container and an emulator, with these faults in its script."""
    script = FaultScript([parse_fault(text) for text in faults])
    async with EchoContainer() as container:
        async with SageMakerEmulator(container.url, faults=script, **options) as emulator:
            yield LocalPath(emulator)


class Events:
    """The events of a client, as they come; pass it as ``on_event``."""

    def __init__(self) -> None:
        self.all: list[events.SessionEvent] = []
        self._came = asyncio.Event()

    def __call__(self, event: events.SessionEvent) -> None:
        self.all.append(event)
        self._came.set()

    @property
    def names(self) -> list[str]:
        return [type(event).__name__ for event in self.all]

    def of[E](self, kind: type[E]) -> list[E]:
        return [event for event in self.all if isinstance(event, kind)]

    async def wait_for[E](self, kind: type[E], count: int = 1) -> E:
        """Wait for the ``count``-th event of a kind."""
        async with asyncio.timeout(DEADLINE):
            while len(self.of(kind)) < count:
                self._came.clear()
                await self._came.wait()
        return self.of(kind)[count - 1]


def client_of(path: LocalPath, on_event: Callable | None = None, **options: Any):
    """A client that knows nothing of what the container says."""
    defaults: dict[str, Any] = {"protocol": None, "endpoint_name": "echo", "on_event": on_event}
    return path.client(**(defaults | options))


async def receive(client: SageMakerBidiClient) -> str | bytes | None:
    """The next message, in time."""
    async with asyncio.timeout(DEADLINE):
        return await client.receive_response()


async def until(condition: Callable[[], object], *, timeout: float = DEADLINE) -> None:
    """Wait until something is so."""
    for _ in range(int(timeout / 0.002)):
        if condition():
            return
        await asyncio.sleep(0.002)
    raise AssertionError("it did not come about")


async def receive_bytes(client: SageMakerBidiClient, count: int) -> list[bytes]:
    """Messages until so many bytes of audio have come back."""
    found: list[bytes] = []
    while sum(map(len, found)) < count:
        message = await receive(client)
        assert isinstance(message, bytes)
        found.append(message)
    return found


def sockets() -> int:
    """Sockets that this process has open."""
    found = 0
    for name in os.listdir("/proc/self/fd"):
        try:
            found += os.readlink(f"/proc/self/fd/{name}").startswith("socket:")
        except FileNotFoundError:
            continue
    return found


@asynccontextmanager
async def nothing_left_behind(*, within: float = DEADLINE) -> AsyncIterator[None]:
    """Fail if a task or a socket of the block is still there soon after it."""
    tasks, count = asyncio.all_tasks(), sockets()
    yield
    try:
        await until(lambda: asyncio.all_tasks() <= tasks and sockets() <= count, timeout=within)
    except AssertionError:
        left = asyncio.all_tasks() - tasks
        raise AssertionError(f"left: {left}, {sockets() - count} sockets") from None
