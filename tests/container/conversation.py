# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
"""Talking to a running container over a real WebSocket."""

import asyncio
import contextlib
import io
import json
import wave
from collections.abc import AsyncIterator, Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

import aiohttp
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed
from yarl import URL

CLOSE_STREAM = '{"type":"CloseStream"}'


@dataclass(frozen=True)
class Reply:
    """All that a container said on one connection."""

    messages: list[dict]
    close_code: int | None
    close_reason: str | None

    @property
    def finals(self) -> list[dict]:
        """The results that are not stated again."""
        return [message for message in self.messages if message.get("is_final")]

    @property
    def text(self) -> str:
        """The finals put together."""
        return " ".join(filter(None, map(transcript, self.finals)))


def transcript(message: dict) -> str:
    """The text of a ``Results``."""
    return message["channel"]["alternatives"][0]["transcript"]


def listen_url(url: str, query: str = "", *, sample_rate: int = 16000) -> str:
    """Where to listen to linear16 with interims; ``query`` is put at the end."""
    asked = f"encoding=linear16&sample_rate={sample_rate}&interim_results=true{query}"
    return f"{url}/v1/listen?{asked}"


@contextlib.asynccontextmanager
async def listening(
    url: str, query: str = "", *, sample_rate: int = 16000
) -> AsyncIterator[ClientConnection]:
    """A connection to v1/listen."""
    address = listen_url(url, query, sample_rate=sample_rate)
    async with connect(address, compression=None, max_size=None) as websocket:
        yield websocket


def flux_url(url: str, more: str = "") -> str:
    """Where to listen for turns in linear16; ``more`` is put at the end."""
    return f"{url}/v2/listen?model=flux-general-en&encoding=linear16&sample_rate=16000{more}"


@contextlib.asynccontextmanager
async def listening_for_turns(url: str, more: str = "") -> AsyncIterator[ClientConnection]:
    """A connection to v2/listen."""
    async with connect(flux_url(url, more), compression=None, max_size=None) as websocket:
        yield websocket


async def talk(url: str, frames: Iterable[bytes], more: str = "") -> Reply:
    """Send all frames and CloseStream to v2/listen; return all that is said."""
    async with listening_for_turns(url, more) as websocket:
        hearing = asyncio.create_task(hear_out(websocket))
        for frame in frames:
            await websocket.send(frame)
        await websocket.send(CLOSE_STREAM)
        return await hearing


async def hear_out(
    websocket: ClientConnection, note: Callable[[dict], None] | None = None
) -> Reply:
    """Read until the container closes; ``note`` is called with each message as it comes."""
    messages: list[dict] = []
    try:
        while True:
            messages.append(json.loads(await websocket.recv()))
            if note is not None:
                note(messages[-1])
    except ConnectionClosed:
        return Reply(messages, websocket.close_code, websocket.close_reason)


async def converse(
    url: str, frames: Iterable[str | bytes], query: str = "", *, sample_rate: int = 16000
) -> Reply:
    """Send all frames and CloseStream; return all that is said."""
    async with listening(url, query, sample_rate=sample_rate) as websocket:
        hearing = asyncio.create_task(hear_out(websocket))
        for frame in frames:
            await websocket.send(frame)
        await websocket.send(CLOSE_STREAM)
        return await hearing


async def count_pings(websocket: ClientConnection, hearing: asyncio.Task[Reply]) -> int:
    """Ping on and on until everything was heard."""
    answered = 0
    with contextlib.suppress(ConnectionClosed):
        while not hearing.done():
            await (await websocket.ping())
            answered += 1
    return answered


def cut(pcm: bytes, size: int = 640) -> list[bytes]:
    """Cut audio in frames of so many bytes; 640 are 20 ms."""
    return [pcm[at : at + size] for at in range(0, len(pcm), size)]


def wav(pcm: bytes, *, sample_rate: int = 16000, channels: int = 1) -> bytes:
    """Linear16 as a WAV file."""
    target = io.BytesIO()
    with wave.open(target, "wb") as file:
        file.setnchannels(channels)
        file.setsampwidth(2)
        file.setframerate(sample_rate)
        file.writeframes(pcm)
    return target.getvalue()


@dataclass(frozen=True)
class Answer:
    """An answer to a plain request."""

    status: int
    headers: Mapping[str, str]
    body: bytes

    @property
    def json(self) -> Any:
        """The body as JSON."""
        return json.loads(self.body)


async def submit(
    url: str,
    path: str,
    body: Any = None,
    *,
    method: str = "POST",
    headers: Mapping[str, str] | None = None,
) -> Answer:
    """Send a plain request; a body that is an async iterator goes in chunks."""
    address = url.replace("ws://", "http://") + path
    data = io.BytesIO(body) if isinstance(body, bytes) else body
    async with aiohttp.ClientSession() as session:
        target = URL(address, encoded=True)
        async with session.request(method, target, data=data, headers=headers) as response:
            return Answer(response.status, response.headers, await response.read())


async def get(url: str, path: str) -> tuple[int, str]:
    """A plain HTTP GET, as a health check sends it: status and body."""
    address = urlsplit(url)
    reader, writer = await asyncio.open_connection(address.hostname, address.port)
    head = f"GET {path} HTTP/1.1\r\nHost: {address.netloc}\r\nConnection: close\r\n\r\n"
    writer.write(head.encode())
    answer, _, body = (await reader.read()).partition(b"\r\n\r\n")
    writer.close()
    await writer.wait_closed()
    return int(answer.split()[1]), body.decode()
