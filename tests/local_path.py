# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
"""The whole path on this machine, for tests: client, TLS, emulator, container."""

import asyncio
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any

from pipecat_sagemaker_deepgram.client import (
    ClientConfig,
    RetryPolicy,
    SageMakerBidiClient,
    Target,
)
from pipecat_sagemaker_deepgram.client.records import SessionEvent
from pipecat_sagemaker_deepgram.container import (
    ModelContainer,
    ScriptedBehavior,
    ScriptedRecognizer,
    marked_audio,
)
from pipecat_sagemaker_deepgram.container.recognizers.recognizer import Recognizer
from pipecat_sagemaker_deepgram.deepgram.v1.messages import Results
from pipecat_sagemaker_deepgram.deepgram.v1.protocol import nova_protocol
from pipecat_sagemaker_deepgram.emulator import (
    EmulatorSettings,
    FaultScript,
    SageMakerEmulator,
    parse_fault,
)
from pipecat_sagemaker_deepgram.transport import Credentials, StaticCredentialsResolver

RATE = 32_000
WORD_SECONDS = 0.1
FRAME_BYTES = 640
QUERY = "model=nova-3&encoding=linear16&sample_rate=16000&channels=1&interim_results=true"

HARD = ScriptedBehavior(interim_interval=0.1, final_interval=0.95, final_lag=0.65)
"""Finals come late, end before the last interim did, and cut through words."""


def credentials_of(emulator: SageMakerEmulator) -> StaticCredentialsResolver:
    """The credentials that an emulator takes."""
    return StaticCredentialsResolver(
        Credentials(
            access_key_id=emulator.credentials.access_key_id,
            secret_access_key=emulator.credentials.secret_access_key,
            session_token=emulator.credentials.session_token,
        )
    )


def words(first: int, count: int) -> list[str]:
    """The words that ``marked_audio(first, count)`` holds."""
    return [f"w{index}" for index in range(first, first + count)]


@dataclass
class Heard:
    """What came back.

    Attributes:
        words: The words of the finals, in the order they came.
        starts: Where each begins, in session seconds.
        events: The session's events.
    """

    words: list[str] = field(default_factory=list)
    starts: list[float] = field(default_factory=list)
    events: list[SessionEvent] = field(default_factory=list)


@dataclass
class LocalPath:
    """A running emulator in front of a running container."""

    emulator: SageMakerEmulator

    def client(
        self,
        heard: Heard | None = None,
        *,
        keyword_targets: tuple[Target, ...] = (),
        **options: Any,
    ) -> SageMakerBidiClient:
        """A client of the emulated endpoint that speaks Deepgram Nova's protocol."""
        defaults: dict[str, Any] = {
            "endpoint_name": "deepgram-nova-3",
            "region": self.emulator.region,
            "endpoint_url": self.emulator.endpoint_url,
            "ca_bundle": self.emulator.ca_bundle,
            "credentials": credentials_of(self.emulator),
            "protocol": nova_protocol(
                query=lambda: QUERY,
                bytes_per_second=lambda: RATE,
                frame_size=2,
                has_interims=lambda: True,
            ),
            "on_event": heard.events.append if heard is not None else None,
        }
        return SageMakerBidiClient(**(defaults | options))


@asynccontextmanager
async def local_path(
    *faults: str,
    behavior: ScriptedBehavior = HARD,
    recognizer: Recognizer | None = None,
    settings: EmulatorSettings | None = None,
    container_options: Mapping[str, Any] = MappingProxyType({}),
    **emulator_options: Any,
) -> AsyncIterator[LocalPath]:
    """Run container and emulator, with these faults in its script."""
    recognizer = recognizer or ScriptedRecognizer(behavior)
    script = FaultScript([parse_fault(text) for text in faults])
    async with ModelContainer(recognizer, **container_options) as container:
        await container.wait_until_ready(120)
        async with SageMakerEmulator(
            container.url, faults=script, settings=settings, **emulator_options
        ) as emulator:
            yield LocalPath(emulator)


async def listen(client: SageMakerBidiClient, heard: Heard) -> None:
    """Receive until the session ends, keeping the words of the finals."""
    while (message := await client.receive_message()) is not None:
        parsed, body = message.value
        if isinstance(parsed, Results) and parsed.is_final:
            found = body["channel"]["alternatives"][0]["words"]
            heard.words += [word["word"] for word in found]
            heard.starts += [word["start"] for word in found]


def send_without_waiting(client: SageMakerBidiClient, audio: bytes) -> None:
    """Send audio; fails if that would have waited for anything."""
    sending = client.send_audio_chunk(audio)
    try:
        sending.send(None)
    except StopIteration:
        return
    sending.close()
    raise AssertionError("send_audio_chunk waited")


async def speak(client: SageMakerBidiClient, audio: bytes, *, speed: float = 5.0) -> None:
    """Send audio in frames of 20 ms, so many times faster than real time."""
    for start in range(0, len(audio), FRAME_BYTES):
        send_without_waiting(client, audio[start : start + FRAME_BYTES])
        await asyncio.sleep(0.02 / speed)


async def transcribe(
    path: LocalPath,
    audio: bytes,
    *,
    speed: float = 5.0,
    meanwhile: Callable[[SageMakerBidiClient], Any] | None = None,
    **options: Any,
) -> Heard:
    """Send audio through a client and give back what was heard of it."""
    heard = Heard()
    client = path.client(heard, **options)
    listening = asyncio.create_task(listen(client, heard))
    client.connect()
    await speak(client, audio, speed=speed)
    if meanwhile is not None:
        await meanwhile(client)
    await client.close_session()
    await listening
    return heard


__all__ = [
    "HARD",
    "ClientConfig",
    "Heard",
    "LocalPath",
    "RetryPolicy",
    "listen",
    "local_path",
    "marked_audio",
    "speak",
    "transcribe",
    "words",
]
