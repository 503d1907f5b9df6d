# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
"""An outage of an endpoint while somebody speaks through a pipeline, and what came of it."""

import asyncio
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from itertools import count
from urllib.parse import urlsplit

from benchmarks.pictures.soak_runs import SoakRun
from pipecat.frames.frames import InputAudioRawFrame

from pipecat_sagemaker_deepgram.client import ClientConfig
from pipecat_sagemaker_deepgram.emulator import (
    DropConnection,
    EmulatorSettings,
    Fault,
    parse_fault,
)

from ..flux_pipelines import flux, flux_path
from ..local_path import LocalPath, local_path, marked_audio, words
from ..pipelines import RunningPipeline, nova, record, running
from .fault_cases import closed_port, relay
from .run_observer import RunObserver

REFUSED = "connection refused"

KINDS: dict[str, tuple[str, ...]] = {
    REFUSED: (),
    "reset in TLS": ("refuse-connection",),
    "429": ("refuse=429:ThrottlingException",),
    "429 with Retry-After: 40": ("refuse=429:ThrottlingException", "retry-after=40"),
    "500": ("refuse=500:InternalServerError",),
    "503": ("refuse=503:ServiceUnavailableError",),
}
"""What an endpoint that is out does to whoever wants a stream."""

LENGTHS = (1.0, 3.0, 10.0, 30.0, 50.0)
SERVICES = ("nova", "flux")

BEFORE = AFTER = 10
"""Words that are said before an outage, and at least after it."""

FRAME_WORDS = 2
FRAME_SECONDS = 0.2

LONG = 600.0
"""Seconds for whatever happens at once where the machine has the time."""

PATIENT = ClientConfig(
    connection_timeout=LONG,
    subscription_timeout=LONG,
    credentials_timeout=LONG,
    send_timeout=LONG,
    stall_timeout=LONG,
    close_timeout=LONG,
    ping_interval=None,
)
"""Nothing but the outage ends a stream, however slow the machine is."""


@dataclass(frozen=True)
class OutageCase:
    """One outage.

    Attributes:
        kind: One of ``KINDS``.
        seconds: Its length, on the event loop's clock.
        service: Which service speaks to the endpoint.
    """

    kind: str
    seconds: float
    service: str

    def __str__(self) -> str:
        return f"{self.service}, {self.kind} for {self.seconds:g} s"

    @property
    def asks_to_wait(self) -> bool:
        """Whether the endpoint says when to come again."""
        return "Retry-After" in self.kind


@dataclass(frozen=True)
class OutageResult:
    """What came of an outage.

    Attributes:
        said: The words that were said.
        heard: The words that came out.
        losses: How many streams were lost.
        delays: Seconds before each attempt to open a stream again.
        flowed_after: Seconds from the endpoint's return to the first text.
        errors: Errors that the pipeline was told of, and reports of lost audio.
        run: What was observed of it.
    """

    said: list[str]
    heard: list[str]
    losses: int
    delays: list[float]
    flowed_after: float
    errors: list[str]
    run: SoakRun = field(repr=False)

    @property
    def lost(self) -> list[str]:
        """Words that did not come out."""
        return [word for word in self.said if word not in self.heard]

    @property
    def repeated(self) -> list[str]:
        """Words that came out twice."""
        return [word for word, times in Counter(self.heard).items() if times > 1]

    @property
    def is_good(self) -> bool:
        """Whether every word came once and in order, and nothing was complained of."""
        return self.heard == self.said and not self.errors


class _Endpoint:
    """An endpoint that can be out.

    Args:
        case: The outage.
        path: The emulated endpoint.
        port: A port in front of it that refuses connections when the endpoint does.
    """

    def __init__(self, case: OutageCase, path: LocalPath, port: int) -> None:
        self._path = path
        self._actions = KINDS[case.kind]
        self._is_refused = case.kind == REFUSED
        upstream = urlsplit(path.emulator.endpoint_url)
        self._upstream = (port, upstream.hostname or "", upstream.port or 0)
        self._listening = AsyncExitStack()
        self.url = f"https://127.0.0.1:{port}"

    async def come(self) -> None:
        """Serve."""
        self._path.emulator.faults.clear()
        await self._listening.enter_async_context(relay(*self._upstream))

    async def go(self) -> None:
        """Drop every stream and open none."""
        refusals = [parse_fault(f"{each}@connect,streams=every") for each in self._actions]
        self._path.emulator.faults.add(*refusals, Fault(DropConnection(), stream="current"))
        if self._is_refused:
            await self._listening.aclose()

    async def come_back(self) -> None:
        """Serve again."""
        self._path.emulator.faults.clear()
        if self._is_refused:
            await self.come()

    async def close(self) -> None:
        """Serve nobody any more."""
        await self._listening.aclose()


@asynccontextmanager
async def _endpoint(case: OutageCase) -> AsyncIterator[tuple[LocalPath, _Endpoint]]:
    patient = EmulatorSettings(container_open_timeout=LONG, close_timeout=LONG)
    local = flux_path if case.service == "flux" else local_path
    async with local(settings=patient) as path, closed_port() as port:
        endpoint = _Endpoint(case, path, port)
        await endpoint.come()
        try:
            yield path, endpoint
        finally:
            await endpoint.close()


class _Speaker:
    """Says one word after the other, in real time."""

    def __init__(self, pipeline: RunningPipeline) -> None:
        self._pipeline = pipeline
        self.said = 0

    async def say(self, number: int) -> None:
        """Say at least so many words more."""
        for _ in range(-(-number // FRAME_WORDS)):
            await self._pipeline.send(_frame(marked_audio(self.said, FRAME_WORDS)))
            self.said += FRAME_WORDS
            await asyncio.sleep(FRAME_SECONDS)

    async def speak(self) -> None:
        """Say one word after the other until cancelled."""
        for _ in count():
            await self.say(FRAME_WORDS)


def _frame(audio: bytes) -> InputAudioRawFrame:
    return InputAudioRawFrame(audio=audio, sample_rate=16_000, num_channels=1)


async def hold(case: OutageCase) -> OutageResult:
    """Hold an outage in the middle of speech, and give back what came of it.

    Args:
        case: The outage.
    """
    now = asyncio.get_running_loop().time
    async with _endpoint(case) as (path, endpoint):
        service = (flux if case.service == "flux" else nova)(
            path, endpoint_url=endpoint.url, client_config=PATIENT
        )
        observer = RunObserver(service, str(case), model=case.service)
        async with running(
            service,
            start_timeout=LONG,
            end_timeout=2 * LONG,
            processors=[service, observer],
        ) as pipeline:
            record(service, "on_audio_lost", pipeline)
            speaker = _Speaker(pipeline)
            await pipeline.until(_is_connected, timeout=LONG)
            await speaker.say(BEFORE)
            await endpoint.go()
            async with asyncio.TaskGroup() as group:
                speaking = group.create_task(speaker.speak())
                await asyncio.sleep(case.seconds)
                await endpoint.come_back()
                returned_at = now()
                await _until_text_flows(pipeline)
                flowed_after = now() - returned_at
                speaking.cancel()
            await speaker.say(AFTER)
    return _judge(speaker.said, pipeline, flowed_after, observer.finish())


def _is_connected(pipeline: RunningPipeline) -> bool:
    return ("on_connected",) in pipeline.handled


async def _until_text_flows(pipeline: RunningPipeline) -> None:
    """Wait for text on another stream than the first."""
    await pipeline.until(
        lambda p: any(name == "on_reconnected" for name, *_ in p.handled), timeout=LONG
    )
    texts = len(pipeline.interims) + len(pipeline.finals)
    await pipeline.until(lambda p: len(p.interims) + len(p.finals) > texts, timeout=LONG)


def _judge(said: int, pipeline: RunningPipeline, flowed_after: float, run: SoakRun) -> OutageResult:
    reports = [each for each in pipeline.handled if each[0] == "on_audio_lost"]
    return OutageResult(
        said=words(0, said),
        heard=pipeline.words,
        losses=sum(each[0] == "on_reconnected" for each in pipeline.handled),
        delays=[each[2] for each in pipeline.handled if each[0] == "on_reconnecting"],
        flowed_after=flowed_after,
        errors=[*pipeline.errors, *map(str, reports)],
        run=run,
    )
