# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
"""A client that is cancelled at any moment leaves no task and no socket, on real sockets."""

import asyncio
from collections.abc import AsyncIterator, Coroutine
from contextlib import suppress
from typing import Any

import pytest

from pipecat_sagemaker_deepgram.client import SageMakerBidiClient

from ..local_path import LocalPath
from ..skipping_loop import skipping_waits
from .echo_path import client_of, echo_path, nothing_left_behind, receive

MOMENTS = (*range(12), *range(12, 60, 4), *range(60, 400, 40), 700, 1000)
"""Turns of the event loop after which to cancel; an open takes some hundreds."""


@pytest.fixture
async def path() -> AsyncIterator[LocalPath]:
    async with echo_path() as running:
        yield running


async def cancel_after(turns: int, work: Coroutine[Any, Any, Any]) -> bool:
    """Cancel work after so many turns of the event loop; gives whether it was still at it."""
    task = asyncio.create_task(work)
    for _ in range(turns):
        if task.done():
            break
        await asyncio.sleep(0)
    task.cancel()
    with suppress(asyncio.CancelledError):
        await task
    return task.cancelled()


async def test_a_start_that_is_cancelled_can_be_closed(path: LocalPath) -> None:
    cancelled = 0
    for turns in MOMENTS:
        async with nothing_left_behind():
            client = client_of(path)
            cancelled += await cancel_after(turns, client.start_session())
            await client.close_session()
            assert client.is_closed
    assert cancelled > 10


async def test_a_start_that_was_cancelled_can_be_made_again(path: LocalPath) -> None:
    for turns in (0, 1, 5, 20, 100):
        async with nothing_left_behind():
            client = client_of(path)
            await cancel_after(turns, client.start_session())
            await client.start_session()
            await client.send_text("x")
            assert await receive(client) == "x"
            await client.close_session()


async def test_a_block_that_is_cancelled_as_it_is_entered_leaves_nothing(path: LocalPath) -> None:
    client = client_of(path)

    async def enter() -> None:
        async with client:
            await asyncio.Event().wait()

    try:
        async with nothing_left_behind(within=0.3):
            await cancel_after(20, enter())
    finally:
        await client.close_session()


async def test_a_receive_that_is_cancelled_loses_no_message(path: LocalPath) -> None:
    async with nothing_left_behind():
        async with client_of(path) as client:
            received = []
            for turns in (0, 1, 2, 3, 5, 8, 20, 50, 100):
                text = f"message {turns}"
                await client.send_text(text)
                task = asyncio.create_task(client.receive_response())
                for _ in range(turns):
                    await asyncio.sleep(0)
                task.cancel()
                with suppress(asyncio.CancelledError):
                    received.append(await task)
                if len(received) == 0 or received[-1] != text:
                    received.append(await receive(client))
                assert received[-1] == text


def is_of_client(task: asyncio.Task[Any]) -> bool:
    """Whether a task is neither the emulator's nor the container's."""
    where = str(task.get_coro())
    return not any(
        name in where for name in ("emulator", "websockets", "container", "serve", "RequestHandler")
    )


async def closing(client: SageMakerBidiClient) -> None:
    await client.start_session()
    await client.send_audio_chunk(bytes(32_000))


async def test_a_close_that_is_cancelled_still_leaves_nothing(path: LocalPath) -> None:
    cancelled = 0
    for turns in MOMENTS:
        async with nothing_left_behind():
            client = client_of(path)
            await closing(client)
            cancelled += await cancel_after(turns, client.close_session())
            assert client.is_closed or turns == 0
            await client.close_session()
    assert cancelled > 10


async def test_a_close_that_is_cancelled_needs_no_second_one(path: LocalPath) -> None:
    for turns in (1, 2, 5, 10, 20, 50):
        async with nothing_left_behind():
            client = client_of(path)
            await closing(client)
            await cancel_after(turns, client.close_session())
            assert client.is_closed


@pytest.mark.parametrize(
    "fault",
    ["stall-tls@connect", "never-answer@connect", "stop-reading@seconds=0", "silence@seconds=0"],
)
@skipping_waits
async def test_a_close_during_any_trouble_leaves_nothing(fault: str) -> None:
    async with nothing_left_behind():
        async with echo_path(fault) as path:
            others = asyncio.all_tasks()
            client = client_of(path)
            client.connect()
            await client.send_audio_chunk(bytes(320_000))
            await asyncio.sleep(1.0)
            await client.close_session(timeout=0.1)
            assert client.is_closed
            assert not [each for each in asyncio.all_tasks() - others if is_of_client(each)]
