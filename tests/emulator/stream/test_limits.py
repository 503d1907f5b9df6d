# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause

"""Pings and the longest connection time, on a clock that runs faster."""

import asyncio
import base64
import hashlib

import pytest
from h2.errors import ErrorCodes
from websockets.asyncio.server import ServerConnection
from websockets.frames import Frame, Opcode

from pipecat_sagemaker_deepgram.emulator import EmulatorSettings, SageMakerEmulator, parse_fault
from pipecat_sagemaker_deepgram.emulator.settings import CapEnding

from ..bare_client import TIMEOUT, BareClient
from ..conftest import EmulatorFactory, raw_container

_WEBSOCKET_GUID = b"258EAFA5-E914-47DA-95CA-C5AB0DC85B11"


class PingCounter:
    """A container that opens a WebSocket, counts pings and answers only the first ones."""

    def __init__(self, answers: int) -> None:
        self.pings = 0
        self._answers = answers

    async def __call__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        request = await reader.readuntil(b"\r\n\r\n")
        lines = dict(line.split(b": ", 1) for line in request.split(b"\r\n")[1:] if line)
        digest = hashlib.sha1(lines[b"Sec-WebSocket-Key"] + _WEBSOCKET_GUID).digest()
        writer.write(
            b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
            b"Sec-WebSocket-Accept: " + base64.b64encode(digest) + b"\r\n\r\n"
        )
        # A masked empty ping is the two bytes 0x89 0x80 and four bytes of mask.
        while (head := await reader.read(6)).startswith(b"\x89\x80"):
            self.pings += 1
            if self.pings <= self._answers:
                writer.write(Frame(Opcode.PONG, b"").serialize(mask=False))
        await reader.read()
        writer.close()
        assert not head or head[0] == 0x88


async def test_five_missed_pongs_end_the_stream():
    """A sixth ping is not sent; pongs before it make the count begin again."""
    settings = EmulatorSettings(time_scale=60 / 0.03, close_timeout=0.1)
    counter = PingCounter(answers=2)
    async with (
        raw_container(counter) as url,
        SageMakerEmulator(url, settings=settings) as emulator,
        BareClient.connect(emulator) as client,
    ):
        stream = await client.opened()
        event = await stream.event()
        assert event.headers[":exception-type"] == "ModelStreamError"
        assert event.json["Message"] == "The container missed 5 pongs"
        assert await stream.next() == ("end",)
        assert emulator.streams[0].ended == "missed pongs: 5"
        assert counter.pings == 7


async def test_a_container_that_answers_pings_stays(emulator_for: EmulatorFactory):
    settings = EmulatorSettings(time_scale=60 / 0.01)
    async with emulator_for(settings=settings) as emulator, BareClient.connect(emulator) as client:
        stream = await client.opened()
        emulator.faults.add(parse_fault("text=20 pings later@seconds=1200"))
        assert (await stream.event()).payload == b"20 pings later"
        assert emulator.streams[0].ended is None


@pytest.mark.parametrize(
    ("ending", "seen"),
    [("end-stream", ("end",)), ("reset", ("reset", ErrorCodes.INTERNAL_ERROR))],
)
async def test_missed_pongs_end_the_stream_as_they_are_told_to(
    ending: CapEnding, seen: tuple[object, ...]
):
    settings = EmulatorSettings(time_scale=60 / 0.01, close_timeout=0.1, missed_pongs_ending=ending)
    async with (
        raw_container(PingCounter(answers=0)) as url,
        SageMakerEmulator(url, settings=settings) as emulator,
        BareClient.connect(emulator) as client,
    ):
        stream = await client.opened()
        assert await stream.next() == seen
        assert emulator.streams[0].ended == "missed pongs: 5"


@pytest.mark.parametrize("ending", ["model-stream-error", "end-stream", "reset"])
async def test_the_longest_time_ends_the_stream(emulator_for: EmulatorFactory, ending: str):
    closed: asyncio.Future[int | None] = asyncio.get_running_loop().create_future()

    async def listen(websocket: ServerConnection) -> None:
        await websocket.wait_closed()
        closed.set_result(websocket.close_code)

    settings = EmulatorSettings(time_scale=1800 / 0.1, ping_interval=3600, cap_ending=ending)  # pyright: ignore[reportArgumentType]
    async with (
        emulator_for(listen, settings=settings) as emulator,
        BareClient.connect(emulator) as client,
    ):
        begun = asyncio.get_running_loop().time()
        stream = await client.opened()
        if ending == "model-stream-error":
            assert (await stream.event()).json["ErrorCode"] == "ModelInvocationTimeExceeded"
        expected = ("reset", ErrorCodes.INTERNAL_ERROR) if ending == "reset" else ("end",)
        assert await stream.next() == expected
        assert asyncio.get_running_loop().time() - begun >= 0.1
        assert emulator.streams[0].ended == f"connection cap: {ending}"
        async with asyncio.timeout(TIMEOUT):
            assert await closed == 1001
