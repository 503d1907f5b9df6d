# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
"""The echo container."""

import asyncio

import pytest
from websockets.asyncio.client import connect
from websockets.exceptions import InvalidStatus

from pipecat_sagemaker_deepgram.container import EchoContainer
from pipecat_sagemaker_deepgram.container.echo import DEFAULT_PATH

from .conversation import get


async def test_text_comes_back_as_text_and_bytes_as_bytes_in_order():
    sent = ["one", b"\x00\x01", "", b"", "two", bytes(100_000)]
    async with EchoContainer() as container:
        async with connect(container.url + DEFAULT_PATH) as websocket:
            for message in sent:
                await websocket.send(message)
            assert [await websocket.recv() for _ in sent] == sent


async def test_the_query_of_an_invocation_does_not_matter():
    async with EchoContainer() as container:
        async with connect(f"{container.url}{DEFAULT_PATH}?a=b") as websocket:
            await websocket.send("here")
            assert await websocket.recv() == "here"


async def test_it_is_ready_at_once():
    async with EchoContainer() as container:
        await container.wait_until_ready()
        assert await get(container.url, "/ping") == (200, "ready\n")


async def test_other_paths_are_not_found():
    async with EchoContainer() as container:
        with pytest.raises(InvalidStatus) as refused:
            await connect(f"{container.url}/v1/listen")
        assert refused.value.response.status_code == 404


async def test_closing_ends_open_connections_and_leaves_no_task():
    async with EchoContainer() as container:
        websocket = await connect(container.url + DEFAULT_PATH, ping_interval=None)
    await websocket.wait_closed()
    assert websocket.close_code == 1001
    assert [task for task in asyncio.all_tasks() if task is not asyncio.current_task()] == []
