# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
"""Clients that vanish, do not read, or send faster than anybody listens."""

import asyncio
import socket

import pytest
from websockets.asyncio.client import connect

from pipecat_sagemaker_deepgram.container import ScriptedBehavior, marked_audio
from tests.container.conversation import CLOSE_STREAM, cut, flux_url, hear_out, listen_url
from tests.gateway.running import RunningGateway, running_gateway
from tests.local_path import words

CHATTY = ScriptedBehavior(interim_interval=0.01, final_interval=30.0)


async def until_free(gateway: RunningGateway) -> None:
    """Wait until the gateway serves nobody and its endpoint has no stream."""
    async with asyncio.timeout(20):
        await gateway.gateway.drain()
        while any(stream.ended is None for stream in gateway.emulator.streams):
            await asyncio.sleep(0.01)


@pytest.mark.parametrize("url", [listen_url, flux_url])
async def test_a_client_that_vanishes_leaves_nothing_behind(url):
    async with running_gateway() as gateway:
        websocket = await connect(url(gateway.url))
        for frame in cut(marked_audio(0, 20)):
            await websocket.send(frame)
        websocket.transport.abort()
        await until_free(gateway)


async def test_a_client_that_leaves_before_the_upgrade_leaves_nothing_behind():
    async with running_gateway("late=0.5@connect") as gateway:
        connecting = asyncio.create_task(connect(listen_url(gateway.url)).__aenter__())
        while not gateway.emulator.streams:
            await asyncio.sleep(0.01)
        connecting.cancel()
        await asyncio.wait([connecting])
        await until_free(gateway)


async def test_a_client_that_does_not_read_is_dropped():
    options = {"send_timeout": 0.2}
    async with running_gateway(behavior=CHATTY, options=options) as gateway:
        small = socket.socket()
        small.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        host, port = gateway.url.removeprefix("ws://").split(":")
        small.connect((host, int(port)))
        async with connect(listen_url(gateway.url), sock=small, max_queue=1) as websocket:
            websocket.transport.pause_reading()
            sending = asyncio.create_task(_send_on(websocket))
            async with asyncio.timeout(30):
                await sending
            await until_free(gateway)


async def _send_on(websocket) -> None:
    """Send until the connection is dropped."""
    try:
        for frame in cut(marked_audio(0, 3000), 6400):
            await websocket.send(frame)
    except Exception:
        return


@pytest.mark.parametrize("faults", [(), ("reset@bytes=1500000,streams=1",)])
async def test_a_client_far_ahead_is_held_back_and_loses_no_word(faults: tuple[str, ...]):
    options = {"most_unheard": 2.0}
    async with running_gateway(*faults, options=options) as gateway:
        async with connect(listen_url(gateway.url)) as websocket:
            hearing = asyncio.create_task(hear_out(websocket))
            for frame in cut(marked_audio(0, 600), 32000):
                await websocket.send(frame)
            await websocket.send(CLOSE_STREAM)
            async with asyncio.timeout(60):
                reply = await hearing
    assert reply.text.split() == words(0, 600)
