# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
"""A voice without a model, and talking to it."""

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed

from pipecat_sagemaker_deepgram.container import (
    ContainerOptions,
    ModelContainer,
    ScriptedRecognizer,
)
from pipecat_sagemaker_deepgram.container.recognizers.recognizer import ModelInfo

MS_PER_CHARACTER = 50


class Beeps:
    """Speaks 50 ms for each character that is a letter, and nothing else."""

    sample_rate = 24000
    model_info = ModelInfo("beeps", "1", "none", "11111111-2222-3333-4444-555555555555")

    def __init__(self) -> None:
        self.spoken: list[str] = []

    def load(self) -> None:
        """There is nothing to load."""

    def speak(self, text: str, speed: float) -> NDArray[np.float32]:
        """Speak."""
        self.spoken.append(text)
        seconds = sum(map(str.isalpha, text)) * MS_PER_CHARACTER / 1000 / speed
        wave = np.sin(np.arange(round(seconds * self.sample_rate)) / 9.0)
        return (0.5 * wave).astype(np.float32)


@asynccontextmanager
async def speaking_container(
    synthesizer: object | None = None, **options: float
) -> AsyncIterator[ModelContainer]:
    """A container with that voice; speech comes at any speed unless said otherwise."""
    chosen = ContainerOptions(**({"speech_pace": 1e9} | options))  # pyright: ignore[reportArgumentType]
    async with ModelContainer(
        ScriptedRecognizer(),
        synthesizer=synthesizer or Beeps(),  # pyright: ignore[reportArgumentType]
        options=chosen,
    ) as container:
        await container.wait_until_ready()
        yield container


@dataclass
class Heard:
    """What came on one connection, in order."""

    items: list[dict | bytes] = field(default_factory=list)
    close_code: int | None = None
    close_reason: str | None = None

    @property
    def messages(self) -> list[dict]:
        """The JSON messages."""
        return [item for item in self.items if isinstance(item, dict)]

    @property
    def audio(self) -> bytes:
        """The speech."""
        return b"".join(item for item in self.items if isinstance(item, bytes))

    @property
    def kinds(self) -> list[str]:
        """Types of messages; a run of speech is ``audio``."""
        kinds: list[str] = []
        for item in self.items:
            kind = item["type"] if isinstance(item, dict) else "audio"
            if kind != "audio" or kinds[-1:] != ["audio"]:
                kinds.append(kind)
        return kinds

    def of(self, kind: str) -> list[dict]:
        """The messages of a type."""
        return [message for message in self.messages if message["type"] == kind]


class Talk:
    """A connection to v1/speak or v2/speak."""

    def __init__(self, websocket: ClientConnection) -> None:
        self.websocket = websocket
        self.heard = Heard()

    async def say(self, *messages: dict) -> None:
        """Send messages."""
        for message in messages:
            await self.websocket.send(json.dumps(message))

    async def wait_for(self, kind: str) -> dict | bytes:
        """Listen until a message of a type, or speech, comes."""
        while True:
            item = await self._receive()
            if (item["type"] if isinstance(item, dict) else "audio") == kind:
                return item

    async def hear_out(self) -> Heard:
        """Listen until the connection is closed."""
        try:
            while True:
                await self._receive()
        except ConnectionClosed:
            self.heard.close_code = self.websocket.close_code
            self.heard.close_reason = self.websocket.close_reason
        return self.heard

    async def _receive(self) -> dict | bytes:
        frame = await self.websocket.recv()
        item = json.loads(frame) if isinstance(frame, str) else frame
        self.heard.items.append(item)
        return item


@asynccontextmanager
async def talking(container: ModelContainer, path: str) -> AsyncIterator[Talk]:
    """Open a connection."""
    async with connect(container.url + path, compression=None) as websocket, asyncio.timeout(20):
        yield Talk(websocket)


async def say(container: ModelContainer, path: str, *messages: dict) -> Heard:
    """Send messages and Close; return all that comes."""
    async with talking(container, path) as talk:
        await talk.say(*messages, {"type": "Close"})
        return await talk.hear_out()


def speak(text: str) -> dict:
    """A ``Speak``."""
    return {"type": "Speak", "text": text}


FLUSH = {"type": "Flush"}
