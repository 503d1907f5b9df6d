# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
"""Deepgram's SDK, our transport, an emulated endpoint and a container, on real sockets."""

import asyncio
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

from deepgram.core.events import EventType

from deepgram import AsyncDeepgramClient
from pipecat_sagemaker_deepgram.client.records import SessionEvent
from pipecat_sagemaker_deepgram.container import ScriptedBehavior, ScriptedTurns, marked_audio
from pipecat_sagemaker_deepgram.deepgram_sdk import SageMakerTransportFactory

from ..local_path import LocalPath, credentials_of, local_path

HEARING = ScriptedBehavior(
    interim_interval=0.1,
    final_interval=0.95,
    final_lag=0.65,
    turns=ScriptedTurns(pause=0.4, lag=0.3, word_lag=0.2),
)
"""Finals and turns come late, and cut through words."""

SPEECH = marked_audio(0, 25) + bytes(32_000) + marked_audio(25, 25)
COUNT = 50

V1: dict[str, Any] = {"model": "nova-3", "interim_results": "true"}
V2: dict[str, Any] = {"model": "flux-general-en"}
LINEAR16: dict[str, Any] = {"encoding": "linear16", "sample_rate": "16000"}

DEADLINE = 20.0


@dataclass
class SdkPath:
    """A factory that leads to an emulated endpoint, and what has happened to its sessions."""

    path: LocalPath
    events: list[SessionEvent] = field(default_factory=list)

    @property
    def access(self) -> dict[str, Any]:
        """Options that lead to the endpoint, for ``client_config``."""
        emulator = self.path.emulator
        return {
            "endpoint_url": emulator.endpoint_url,
            "ca_bundle": emulator.ca_bundle,
            "credentials": credentials_of(emulator),
        }

    def factory(
        self, *, client_config: Mapping[str, Any] | None = None, **options: Any
    ) -> SageMakerTransportFactory:
        return SageMakerTransportFactory(
            "deepgram",
            self.path.emulator.region,
            client_config=self.access | dict(client_config or {}),
            on_event=self.events.append,
            **options,
        )

    def of[E](self, kind: type[E]) -> list[E]:
        return [event for event in self.events if isinstance(event, kind)]


@asynccontextmanager
async def sdk_path(*faults: str) -> AsyncIterator[SdkPath]:
    """Run an endpoint that listens."""
    async with local_path(*faults, behavior=HEARING) as path:
        yield SdkPath(path)


def deepgram_client(factory: Any) -> AsyncDeepgramClient:
    return AsyncDeepgramClient(api_key="unused", transport_factory=factory)


@dataclass
class Listened:
    """What a program that uses the SDK has heard."""

    messages: list[Any] = field(default_factory=list)
    errors: list[Exception] = field(default_factory=list)

    @property
    def words(self) -> list[str]:
        """The words of all finals, or of all ended turns, in order."""
        found: list[str] = []
        for message in self.messages:
            if message.type == "Results" and message.is_final:
                found += [word.word for word in message.channel.alternatives[0].words]
            elif message.type == "TurnInfo" and message.event == "EndOfTurn":
                # The SDK's version 6 leaves these as they are.
                found += [w["word"] if isinstance(w, dict) else w.word for w in message.words]
        return found

    def of(self, kind: str) -> list[Any]:
        return [message for message in self.messages if message.type == kind]


async def speak(connection: Any, audio: bytes, *, speed: float = 8.0) -> None:
    for start in range(0, len(audio), 640):
        await connection.send_media(audio[start : start + 640])
        await asyncio.sleep(0.02 / speed)


async def transcribe(factory: Any, version: str, audio: bytes = SPEECH, **query: Any) -> Listened:
    """Send audio through the SDK and give what it has handed on."""
    heard = Listened()
    listen = getattr(deepgram_client(factory).listen, version)
    options = {"v1": V1, "v2": V2}[version] | LINEAR16 | query
    async with asyncio.timeout(DEADLINE):
        async with listen.connect(**options) as connection:
            connection.on(EventType.MESSAGE, heard.messages.append)
            connection.on(EventType.ERROR, heard.errors.append)
            listening = asyncio.create_task(connection.start_listening())
            await speak(connection, audio)
            await connection.send_close_stream()
            await listening
    return heard
