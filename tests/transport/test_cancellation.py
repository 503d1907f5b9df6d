# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
"""Cancelled anywhere, a stream leaves no task, no socket and no complaint behind.

The peer runs in a thread with a loop of its own, so that every task and every new file descriptor
that is left in the end is the client's. Each run cancels after another number of event-loop
iterations, from none to as many as the whole exchange takes.
"""

import asyncio
import contextlib
import gc
import os
import socket
import ssl
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from random import Random
from typing import Any

import pytest

from pipecat_sagemaker_deepgram.exceptions import SageMakerDeepgramError
from pipecat_sagemaker_deepgram.transport import StreamOpener, TransportConfig

from .bare_peer import BarePeer, BareServer, Script
from .conftest import Authority, known_credentials, request_to
from .connect_proxy import RunningProxy, proxy

FILE_DESCRIPTORS = Path("/proc/self/fd")


class ServerThread:
    """The bare peer, and a proxy in front of it, on an event loop in a thread."""

    def __init__(self, script: Script, context: ssl.SSLContext) -> None:
        self._script = script
        self._context = context
        self._is_up = threading.Event()
        self._loop = asyncio.new_event_loop()
        self._stop: asyncio.Event
        self._thread = threading.Thread(target=self._main, name="peer")
        self.server: BareServer
        self.proxy: RunningProxy

    def _main(self) -> None:
        with asyncio.Runner(loop_factory=lambda: self._loop) as runner:
            runner.run(self._run())

    async def _run(self) -> None:
        self._stop = asyncio.Event()
        async with BareServer(self._script, self._context) as self.server, proxy() as self.proxy:
            self._is_up.set()
            await self._stop.wait()

    def __enter__(self) -> "ServerThread":
        self._thread.start()
        assert self._is_up.wait(5)
        return self

    def __exit__(self, *_: object) -> None:
        self._loop.call_soon_threadsafe(self._stop.set)
        self._thread.join(10)

    @property
    def open_connections(self) -> int:
        """Connections that the peer still has."""
        return sum(not peer.is_lost for peer in self.server.peers)


async def answers(peer: BarePeer) -> None:
    await peer.request()
    peer.respond()
    await peer.received(100_000)
    peer.send(b"\x00")
    await peer.until(lambda: peer.input_ended)
    peer.end()


async def refuses(peer: BarePeer) -> None:
    await peer.request()
    peer.respond(503)
    peer.send(b"{}")
    peer.end()


async def resets(peer: BarePeer) -> None:
    await peer.request()
    peer.reset()


async def goes_away(peer: BarePeer) -> None:
    peer.go_away()


async def never_answers(peer: BarePeer) -> None:
    await peer.request()


async def takes_nothing(peer: BarePeer) -> None:
    peer.is_acknowledging = False
    await peer.request()
    peer.respond()


async def exchange(opener: StreamOpener, url: str) -> None:
    """Open, send more than a window, read, end, close."""
    with contextlib.suppress(SageMakerDeepgramError):
        stream = await opener.open(request_to(url), known_credentials())
        try:
            await stream.send(bytes(100_000))
            await stream.end_input()
            await stream.receive()
        finally:
            await stream.close(timeout=0.05)


async def iterations_of(work: asyncio.Task[None]) -> int:
    """Run to the end and count the iterations of the event loop."""
    count = 0
    while not work.done():
        await asyncio.sleep(0)
        count += 1
    return count


async def settled(condition: Callable[[], bool]) -> bool:
    """Wait for a state that other threads and the next iterations bring about."""
    deadline = time.monotonic() + 2
    while not condition() and time.monotonic() < deadline:
        await asyncio.sleep(0.001)
    return condition()


@pytest.fixture
def complaints() -> Iterator[list[dict[str, Any]]]:
    """What the event loop would log, such as exceptions that nobody retrieved."""
    found: list[dict[str, Any]] = []
    yield found
    assert found == []


def descriptors() -> int:
    return len(os.listdir(FILE_DESCRIPTORS)) if FILE_DESCRIPTORS.exists() else 0


@pytest.mark.parametrize("through_proxy", [False, True], ids=["direct", "proxy"])
@pytest.mark.parametrize(
    "script", [answers, refuses, resets, goes_away, never_answers, takes_nothing]
)
async def test_cancelled_at_any_step_nothing_is_left(
    script: Script,
    through_proxy: bool,
    authority: Authority,
    complaints: list[dict[str, Any]],
) -> None:
    asyncio.get_running_loop().set_exception_handler(lambda _, context: complaints.append(context))
    source = Random(f"{script.__name__} {through_proxy}")
    with ServerThread(script, authority.server_context) as thread:
        opener = StreamOpener(
            authority.client_context(),
            TransportConfig(
                subscription_timeout=0.05,
                send_timeout=0.05,
                proxy=thread.proxy.url if through_proxy else "",
            ),
        )
        url = thread.server.url
        whole = await iterations_of(asyncio.create_task(exchange(opener, url)))
        assert await settled(lambda: thread.open_connections == 0)
        baseline = descriptors()
        for steps in [*range(30), *(source.randrange(30, max(whole, 31)) for _ in range(30))]:
            work = asyncio.create_task(exchange(opener, url))
            for _ in range(steps):
                await asyncio.sleep(0)
            work.cancel()
            await asyncio.gather(work, return_exceptions=True)
            assert asyncio.all_tasks() == {asyncio.current_task()}, steps
        assert await settled(lambda: thread.open_connections == 0)
        assert await settled(lambda: descriptors() <= baseline)
        gc.collect()


async def test_cancelled_while_connecting_to_a_name_nothing_is_left(
    authority: Authority, complaints: list[dict[str, Any]], monkeypatch: pytest.MonkeyPatch
) -> None:
    """The name has two addresses: one that hangs in TLS, and one that refuses."""
    loop = asyncio.get_running_loop()
    loop.set_exception_handler(lambda _, context: complaints.append(context))
    with socket.socket() as hanging, socket.socket() as refusing:
        hanging.bind(("127.0.0.1", 0))
        hanging.listen()
        refusing.bind(("127.0.0.1", 0))

        async def resolve(*_: object, **__: object) -> list[tuple[Any, ...]]:
            await asyncio.sleep(0)
            return [
                (socket.AF_INET, socket.SOCK_STREAM, 0, "", each.getsockname())
                for each in (refusing, hanging)
            ]

        monkeypatch.setattr(loop, "getaddrinfo", resolve)
        opener = StreamOpener(authority.client_context(), TransportConfig(connection_timeout=0.05))
        url = "https://two.invalid:8443"
        whole = await iterations_of(asyncio.create_task(exchange(opener, url)))
        baseline = descriptors()
        for steps in range(min(whole, 60)):
            work = asyncio.create_task(exchange(opener, url))
            for _ in range(steps):
                await asyncio.sleep(0)
            work.cancel()
            await asyncio.gather(work, return_exceptions=True)
            assert asyncio.all_tasks() == {asyncio.current_task()}, steps
        assert await settled(lambda: descriptors() <= baseline)
        gc.collect()


async def test_an_exchange_that_is_not_cancelled_leaves_nothing_either(
    authority: Authority, complaints: list[dict[str, Any]]
) -> None:
    asyncio.get_running_loop().set_exception_handler(lambda _, context: complaints.append(context))
    with ServerThread(answers, authority.server_context) as thread:
        opener = StreamOpener(authority.client_context(), TransportConfig())
        await exchange(opener, thread.server.url)
        assert await settled(lambda: thread.open_connections == 0)
        baseline = descriptors()
        for _ in range(10):
            await exchange(opener, thread.server.url)
        assert asyncio.all_tasks() == {asyncio.current_task()}
        assert await settled(lambda: thread.open_connections == 0 and descriptors() <= baseline)
        gc.collect()
