# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause

"""The socket of a connection."""

import asyncio
import socket

from pipecat_sagemaker_deepgram.emulator import SageMakerEmulator
from pipecat_sagemaker_deepgram.emulator.http.connection import reset_on_close

from ..bare_client import TIMEOUT, BareClient


async def test_small_events_are_sent_without_delay(client: BareClient, emulator: SageMakerEmulator):
    """Nagle's algorithm is off on accepted sockets."""
    (connection,) = emulator._connections
    assert connection._transport is not None
    sock = connection._transport.get_extra_info("socket")
    assert sock.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY)


async def test_a_client_that_breaks_http2_loses_its_connection_and_nobody_elses(
    emulator: SageMakerEmulator,
):
    async with BareClient.connect(emulator) as bad, BareClient.connect(emulator) as good:
        broken, fine = await bad.opened(), await good.opened()
        bad.transport.write(b"\x00\x00\x01\x00\x00\x00\x00\x00\x63x")
        while (await broken.next())[0] != "closed":
            pass
        await fine.send_text("hello")
        assert (await fine.event()).payload == b"hello"
        assert emulator.streams[0].ended is not None
        assert emulator.streams[0].ended.startswith("connection lost")


async def test_a_socket_is_reset_when_asked_to():
    accepted: asyncio.Future[None] = asyncio.get_running_loop().create_future()

    async def reset(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        reset_on_close(writer.get_extra_info("socket"))
        writer.transport.abort()
        accepted.set_result(None)

    async with await asyncio.start_server(reset, "127.0.0.1", 0) as server:
        reader, writer = await asyncio.open_connection(*server.sockets[0].getsockname())
        await accepted
        try:
            async with asyncio.timeout(TIMEOUT):
                outcome = repr(await reader.read())
        except ConnectionResetError:
            outcome = "reset"
        writer.close()
        assert outcome == "reset"
