# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
"""The example bots: every transport and pipeline is built, and hears through a local endpoint."""

import asyncio
import re
import runpy
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from pathlib import Path
from types import ModuleType
from typing import cast

import aiohttp
import pytest
from examples.bots import failover_bot, flux_bot, nova_bot, observed_bot, settings_bot
from fastapi import WebSocket
from pipecat.frames.frames import (
    ErrorFrame,
    InputAudioRawFrame,
    STTMetadataFrame,
    STTUpdateSettingsFrame,
    TranscriptionFrame,
)
from pipecat.observers.base_observer import BaseObserver, FramePushed
from pipecat.pipeline.worker import PipelineWorker
from pipecat.processors.filters.identity_filter import IdentityFilter
from pipecat.processors.frame_processor import FrameProcessor
from pipecat.runner.types import DailyRunnerArguments, RunnerArguments, WebSocketRunnerArguments
from pipecat.runner.utils import create_transport
from pipecat.tests.utils import run_test
from pipecat.transports.base_transport import BaseTransport
from pipecat.workers.runner import WorkerRunner
from prometheus_client import start_http_server
from prometheus_client.parser import text_string_to_metric_families

from pipecat_sagemaker_deepgram import DeepgramSageMakerSTTService
from pipecat_sagemaker_deepgram.cli.outcome import words_of
from pipecat_sagemaker_deepgram.container import marked_audio

from ..flux_pipelines import flux_path
from ..local_path import LocalPath

BOTS = (nova_bot, flux_bot, failover_bot, settings_bot, observed_bot)
FOLDER = Path(nova_bot.__file__).parent

NOVA, FLUX = "a-nova", "a-flux"
NOBODY = "http://127.0.0.1:9"
FRAME_BYTES = 640


@pytest.fixture(autouse=True)
def bot_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    variables = {
        "DEEPGRAM_SAGEMAKER_STT_ENDPOINT_NAME": NOVA,
        "DEEPGRAM_FLUX_SAGEMAKER_STT_ENDPOINT_NAME": FLUX,
        "AWS_REGION": "us-east-1",
        "AWS_FALLBACK_REGION": "us-west-2",
        "BEDROCK_MODEL_ID": "a-model",
        "AWS_ACCESS_KEY_ID": "key",
        "AWS_SECRET_ACCESS_KEY": "secret",
        "AWS_ENDPOINT_URL_BEDROCK_RUNTIME": NOBODY,
        "AWS_ENDPOINT_URL_POLLY": NOBODY,
    }
    for name, value in variables.items():
        monkeypatch.setenv(name, value)


def name_of(bot: ModuleType) -> str:
    return Path(str(bot.__file__)).stem


@pytest.mark.parametrize("bot", BOTS, ids=name_of)
async def test_the_daily_transport_and_the_pipeline_are_built(bot: ModuleType) -> None:
    arguments = DailyRunnerArguments(room_url="https://example.daily.co/room")
    transport = await create_transport(arguments, bot.transport_params)
    worker = bot.build_worker(transport, arguments)
    assert type(transport).__name__ == "DailyTransport"
    assert worker.params.enable_metrics
    assert worker.params.enable_usage_metrics


@pytest.mark.parametrize("bot", BOTS, ids=name_of)
def test_every_transport_takes_sound_and_gives_it(bot: ModuleType) -> None:
    assert {"daily", "webrtc"} <= set(bot.transport_params)
    for make in bot.transport_params.values():
        params = make()
        assert params.audio_in_enabled
        assert params.audio_out_enabled


@pytest.mark.parametrize("bot", BOTS, ids=name_of)
def test_a_bot_is_short_and_needs_no_variable_that_env_example_lacks(bot: ModuleType) -> None:
    source = Path(str(bot.__file__)).read_text()
    assert len(source.splitlines()) <= 130
    named = set(re.findall(r'os\.environ(?:\.get\(|\[)"(\w+)"', source))
    offered = (FOLDER / "env.example").read_text()
    assert named
    assert all(f"\n{name}=" in offered for name in named)


@pytest.mark.parametrize("bot", BOTS, ids=name_of)
def test_missing_variables_are_one_sentence_before_the_first_call(
    bot: ModuleType, monkeypatch: pytest.MonkeyPatch
) -> None:
    source = Path(str(bot.__file__)).read_text()
    needed = set(re.findall(r'os\.environ\["(\w+)"\]', source))
    assert needed == set(bot.VARIABLES)
    monkeypatch.setattr("dotenv.load_dotenv", lambda **_: False)
    for name in ("AWS_REGION", "BEDROCK_MODEL_ID"):
        monkeypatch.setenv(name, "")
    with pytest.raises(SystemExit) as caught:
        runpy.run_path(str(bot.__file__), run_name="__main__")
    assert caught.value.code == (
        "error: set AWS_REGION, BEDROCK_MODEL_ID; see env.example next to this file"
    )


@pytest.mark.parametrize("bot", [nova_bot, flux_bot], ids=name_of)
async def test_a_telephone_call_runs_at_the_telephones_rate(bot: ModuleType) -> None:
    arguments = WebSocketRunnerArguments(websocket=cast(WebSocket, None))
    assert "twilio" in bot.transport_params
    async with flux_path() as path, calling(bot, path, arguments) as call:
        assert call.sample_rates == (8000, 8000)
        await call.hear(10)
        [stream] = path.emulator.streams
        assert "sample_rate=8000" in stream.query


async def test_naming_a_topic_changes_the_key_terms() -> None:
    said = TranscriptionFrame("I am looking for a stove.", "", "")
    down, up = await run_test(settings_bot.TopicKeyterms(), frames_to_send=[said])
    deltas = [frame.delta for frame in up if isinstance(frame, STTUpdateSettingsFrame)]
    assert deltas == [DeepgramSageMakerSTTService.Settings(keyterm=settings_bot.KEYTERMS["stove"])]
    assert said in down


async def test_deepgram_nova_hears_the_caller() -> None:
    async with flux_path() as path, calling(nova_bot, path) as call:
        await call.hear(10)
        assert [stream.path for stream in path.emulator.streams] == ["v1/listen"]


async def test_deepgram_flux_hears_the_caller() -> None:
    async with flux_path() as path, calling(flux_bot, path) as call:
        await call.hear(10)
        assert [stream.path for stream in path.emulator.streams] == ["v2/listen"]


async def test_deepgram_nova_takes_over_where_there_is_no_deepgram_flux() -> None:
    async with flux_path(endpoint_names=[NOVA]) as path, calling(failover_bot, path) as call:
        await call.be_silent_until_taken_over("DeepgramSageMakerSTTService")
        await call.hear(10)


async def scraped(url: str) -> dict[str, float]:
    """What Prometheus reads: samples by name and labels."""
    async with aiohttp.ClientSession() as session, session.get(url) as answer:
        text = await answer.text()
    return {
        f"{sample.name}{''.join(sample.labels.values())}": sample.value
        for family in text_string_to_metric_families(text)
        for sample in family.samples
    }


async def test_a_break_of_the_observed_bot_can_be_scraped() -> None:
    server, thread = start_http_server(0, addr="127.0.0.1", registry=observed_bot.METRICS)
    url = f"http://127.0.0.1:{server.server_port}/metrics"
    try:
        before = await scraped(url)
        async with flux_path("reset@bytes=16000,streams=1") as path:
            async with calling(observed_bot, path) as call:
                await call.hear(20)
        after = await scraped(url)
    finally:
        server.shutdown()
        server.server_close()
        await asyncio.to_thread(thread.join)
    grown = {name: value - before.get(name, 0.0) for name, value in after.items()}
    assert grown["deepgram_losses_total"] == 1
    assert grown["deepgram_connect_seconds_count"] == 2
    assert grown["deepgram_outage_seconds_count"] == 1
    assert grown["deepgram_replayed_seconds_total"] > 0
    assert grown["deepgram_lost_seconds_total"] == 0
    assert after["deepgram_active_connections"] == 0


class Watcher(BaseObserver):
    """Keeps what is transcribed, and which service announced itself since the last error."""

    def __init__(self) -> None:
        super().__init__()
        self.words: list[str] = []
        self.has_failed = False
        self.successor: str | None = None
        self.news = asyncio.Event()
        self._seen: set[int] = set()

    async def on_push_frame(self, data: FramePushed) -> None:
        frame = data.frame
        if isinstance(frame, TranscriptionFrame) and frame.id not in self._seen:
            self._seen.add(frame.id)
            self.words += words_of([frame.text])
            self.news.set()
        elif isinstance(frame, ErrorFrame):
            self.has_failed, self.successor = True, None
        elif isinstance(frame, STTMetadataFrame):
            self.successor = frame.service_name


class CallerTransport(BaseTransport):
    """A transport whose caller is the test."""

    def __init__(self) -> None:
        super().__init__()
        self._input, self._output = IdentityFilter(), IdentityFilter()

    def input(self) -> FrameProcessor:
        return self._input

    def output(self) -> FrameProcessor:
        return self._output


class Call:
    """A call that is going on.

    Args:
        worker: The bot's.
    """

    def __init__(self, worker: PipelineWorker) -> None:
        self._worker = worker
        params = worker.params
        self.sample_rates = (params.audio_in_sample_rate, params.audio_out_sample_rate)
        self._heard = Watcher()
        worker.add_observer(self._heard)

    async def be_silent_until_taken_over(self, service: str) -> None:
        """Wait until the first service has failed, and another one goes on."""
        async with asyncio.timeout(30):
            while not self._heard.has_failed or self._heard.successor is None:
                await self._send(bytes(FRAME_BYTES))
        assert self._heard.successor.startswith(service)

    async def hear(self, count: int) -> None:
        """Speak so many words until all were understood, each once."""
        audio = marked_audio(0, count, sample_rate=self.sample_rates[0])
        said = [f"w{number}" for number in range(count)]
        async with asyncio.timeout(30):
            for at in range(0, len(audio), FRAME_BYTES):
                await self._send(audio[at : at + FRAME_BYTES])
            while len(self._heard.words) < count:
                await self._send(bytes(FRAME_BYTES))
        assert self._heard.words == said

    async def _send(self, audio: bytes) -> None:
        await self._worker.queue_frame(InputAudioRawFrame(audio, self.sample_rates[0], 1))
        self._heard.news.clear()
        with suppress(TimeoutError):
            await asyncio.wait_for(self._heard.news.wait(), 0.01)


@asynccontextmanager
async def calling(
    bot: ModuleType, path: LocalPath, arguments: RunnerArguments | None = None
) -> AsyncIterator[Call]:
    """Run a bot on the emulated endpoint."""
    with pytest.MonkeyPatch.context() as environment:
        for name, value in path.emulator.environment().items():
            environment.setenv(name, value)
        worker = bot.build_worker(CallerTransport(), arguments or RunnerArguments())
        call = Call(worker)
        runner = WorkerRunner(handle_sigint=False)
        await runner.add_workers(worker)
        run = asyncio.create_task(runner.run())
        try:
            yield call
        finally:
            await runner.cancel()
            await asyncio.wait_for(run, 20)
