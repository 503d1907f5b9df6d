# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause

"""The WebSocket to the container."""

import asyncio
import re

import pytest
from websockets.asyncio.server import ServerConnection
from websockets.frames import Opcode

from pipecat_sagemaker_deepgram.emulator.stream.container_link import (
    ContainerLink,
    ContainerRefusedError,
)

from ..bare_client import TIMEOUT
from ..conftest import container, echo, raw_container


class Listener:
    """Notes what the container does."""

    def __init__(self) -> None:
        self.frames: asyncio.Queue[tuple[Opcode, bytes, bool]] = asyncio.Queue()
        self.opened = 0
        self.pongs = asyncio.Event()
        self.closed: asyncio.Future[tuple[int, str]] = asyncio.get_running_loop().create_future()
        self.lost: list[ContainerLink] = []

    def container_opened(self) -> None:
        self.opened += 1

    def frame_received(self, opcode: Opcode, payload: bytes, is_final: bool) -> None:
        self.frames.put_nowait((opcode, payload, is_final))

    def frames_ended(self) -> None:
        pass

    def pong_received(self) -> None:
        self.pongs.set()

    def container_closed(self, code: int, reason: str) -> None:
        self.closed.set_result((code, reason))

    def input_paused(self, paused: bool) -> None:
        pass

    def link(self, url: str, close_timeout: float = 5) -> ContainerLink:
        return ContainerLink(
            url, self, close_timeout=close_timeout, on_lost=lambda link: self.lost.append(link)
        )


@pytest.fixture
async def listener() -> Listener:
    return Listener()


async def test_frames_go_both_ways_as_they_are(listener: Listener):
    async def split(websocket: ServerConnection) -> None:
        message = await websocket.recv()
        assert isinstance(message, str)
        await websocket.send([message[:2], message[2:]])

    async with container(split) as url:
        link = listener.link(url)
        await link.open(TIMEOUT)
        assert listener.opened == 1
        link.send(Opcode.TEXT, b"h\xc3", False)
        link.send(Opcode.CONT, b"\xa9llo", True)
        frames = [await listener.frames.get() for _ in range(3)]
        assert frames == [
            (Opcode.TEXT, "hé".encode(), False),
            (Opcode.CONT, b"llo", False),
            (Opcode.CONT, b"", True),
        ]
        await link.wait_lost()
    assert await listener.closed == (1000, "")
    assert listener.lost == [link]


async def test_a_first_message_in_the_same_packet_as_the_handshake_is_not_lost(listener: Listener):
    async def greet(websocket: ServerConnection) -> None:
        await websocket.send("Connected")
        await websocket.wait_closed()

    async with container(greet) as url:
        link = listener.link(url)
        await link.open(TIMEOUT)
        assert (await listener.frames.get())[1] == b"Connected"
        link.close(1000)
        await link.wait_lost()


async def test_pings_are_answered(listener: Listener):
    async with container(echo) as url:
        link = listener.link(url)
        await link.open(TIMEOUT)
        link.ping()
        async with asyncio.timeout(TIMEOUT):
            await listener.pongs.wait()
        link.close(1000)
        await link.wait_lost()


async def test_nothing_can_be_sent_after_a_close(listener: Listener):
    async with container(echo) as url:
        link = listener.link(url)
        await link.open(TIMEOUT)
        link.close(1001)
        link.send(Opcode.TEXT, b"late", True)
        link.ping()
        link.close(1000)
        await link.wait_lost()
        assert await listener.closed == (1001, "")
        assert listener.frames.empty()


async def test_a_container_that_does_not_answer_a_close_is_cut_off(listener: Listener):
    async def never_read(websocket: ServerConnection) -> None:
        websocket.transport.pause_reading()
        await listener.closed
        websocket.transport.abort()

    async with container(never_read) as url:
        link = listener.link(url, close_timeout=0.05)
        await link.open(TIMEOUT)
        link.close(1000)
        async with asyncio.timeout(TIMEOUT):
            await link.wait_lost()
            assert (await listener.closed)[0] == 1006


async def test_an_abort_is_silent(listener: Listener):
    async with container(echo) as url:
        link = listener.link(url)
        await link.open(TIMEOUT)
        link.abort()
        await link.wait_lost()
        assert not listener.closed.done()


@pytest.mark.parametrize(
    "answer",
    [
        b"HTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n",
        b"no HTTP at all\r\n\r\n",
        b"",
    ],
)
async def test_a_handshake_that_fails_is_a_refusal(listener: Listener, answer: bytes):
    async def answer_so(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        writer.write(answer)
        writer.close()

    async with raw_container(answer_so) as url:
        link = listener.link(url)
        with pytest.raises(ContainerRefusedError, match=re.escape(url)):
            await link.open(TIMEOUT)
        await link.wait_lost()
        assert listener.opened == 0
        assert not listener.closed.done()


async def test_nobody_listening_is_a_refusal(listener: Listener):
    link = listener.link("ws://127.0.0.1:1")
    with pytest.raises(ContainerRefusedError):
        await link.open(TIMEOUT)
    await link.wait_lost()


async def test_a_cancelled_open_leaves_no_connection(listener: Listener):
    seen = asyncio.Event()

    async def mute(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        seen.set()
        await reader.read()
        writer.close()

    async with raw_container(mute) as url:
        link = listener.link(url)
        opening = asyncio.create_task(link.open(TIMEOUT))
        await seen.wait()
        opening.cancel()
        with pytest.raises(asyncio.CancelledError):
            await opening
        await link.wait_lost()
