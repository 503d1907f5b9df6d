# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
"""A container closes in bounded time, whatever its clients do."""

import asyncio
import base64
import os
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from urllib.parse import urlsplit

from websockets.asyncio.client import ClientConnection, connect

from pipecat_sagemaker_deepgram.container import (
    EchoContainer,
    ModelContainer,
    ScriptedRecognizer,
)
from pipecat_sagemaker_deepgram.container.echo import DEFAULT_PATH

from .conversation import CLOSE_STREAM, listen_url


def masked_text(text: str) -> bytes:
    """A text frame of a client; a mask of zeros leaves the text as it is (RFC 6455, 5.3)."""
    return bytes([0x81, 0x80 | len(text)]) + bytes(4) + text.encode()


@asynccontextmanager
async def silent_client(url: str, say: str = "") -> AsyncIterator[asyncio.StreamReader]:
    """A WebSocket client that says one thing and then nothing, not even to a close frame."""
    address = urlsplit(url)
    reader, writer = await asyncio.open_connection(address.hostname, address.port)
    key = base64.b64encode(os.urandom(16)).decode()
    writer.write(
        f"GET {address.path}?{address.query} HTTP/1.1\r\nHost: {address.netloc}\r\n"
        "Connection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\n"
        f"Sec-WebSocket-Key: {key}\r\n\r\n".encode()
    )
    await reader.readuntil(b"\r\n\r\n")
    if say:
        writer.write(masked_text(say))
    yield reader
    writer.close()
    await writer.wait_closed()


async def test_a_client_that_never_finishes_the_closing_handshake_holds_nothing_up():
    async with AsyncExitStack() as stack, asyncio.timeout(10):
        container = await stack.enter_async_context(ModelContainer(ScriptedRecognizer()))
        await container.wait_until_ready()
        async with silent_client(listen_url(container.url)) as reader:
            await stack.aclose()
            assert await reader.read() == b"\x88\x02" + (1001).to_bytes(2)


async def test_close_stream_ends_the_connection_although_the_client_never_closes():
    async with ModelContainer(ScriptedRecognizer()) as container, asyncio.timeout(10):
        await container.wait_until_ready()
        async with silent_client(listen_url(container.url), say=CLOSE_STREAM) as reader:
            said = await reader.read()
        assert b'"type": "Metadata"' in said
        assert said.endswith(b"\x88\x02" + (1000).to_bytes(2))


async def test_a_client_that_does_not_read_holds_nothing_up():
    """Its buffers are full, so not even the close frame goes out."""
    async with AsyncExitStack() as stack, asyncio.timeout(20):
        container = await stack.enter_async_context(EchoContainer())
        websocket = await connect(container.url + DEFAULT_PATH, compression=None)
        websocket.transport.pause_reading()
        await fill_buffers(websocket)
        await stack.aclose()
        websocket.transport.resume_reading()
        await websocket.wait_closed()
        assert websocket.close_code == 1006


async def fill_buffers(websocket: ClientConnection) -> None:
    """Send until the container stops taking more, since nobody reads its echo."""
    try:
        while True:
            async with asyncio.timeout(0.3):
                await websocket.send(bytes(2**19))
    except TimeoutError:
        return
