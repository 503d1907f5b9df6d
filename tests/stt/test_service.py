# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
"""What every service of a session does: it begins, keeps time, and ends."""

import asyncio
import time
from dataclasses import replace
from typing import Any

import pytest
from pipecat.frames.frames import EndFrame, InputAudioRawFrame, MetricsFrame
from pipecat.metrics.metrics import STTUsageMetricsData
from pipecat.services.settings import STTSettings

from pipecat_sagemaker_deepgram import ClientConfig, ConfigurationError, Message
from pipecat_sagemaker_deepgram.client import Keepalive
from pipecat_sagemaker_deepgram.container import ScriptedBehavior
from pipecat_sagemaker_deepgram.deepgram.v1.protocol import nova_protocol
from pipecat_sagemaker_deepgram.stt.service import SageMakerSTTService

from ..flux_pipelines import flux, flux_path, flux_running
from ..local_path import QUERY, RATE, LocalPath, credentials_of, local_path, marked_audio
from ..pipelines import RunningPipeline, nova, running

TALKATIVE = ScriptedBehavior(interim_interval=0.02)


class _Recorder(SageMakerSTTService):
    """Writes down what it is called for, and by which task."""

    def __init__(
        self, path: LocalPath, *, keepalive: Keepalive | None = None, **options: Any
    ) -> None:
        protocol = nova_protocol(
            query=lambda: QUERY,
            bytes_per_second=lambda: RATE,
            frame_size=2,
            has_interims=lambda: True,
        )
        super().__init__(
            protocol=replace(protocol, keepalive=keepalive),
            settings=STTSettings(model="nova-3", language="en"),
            ttfs_p99_latency=0.3,
            endpoint_name="deepgram-nova-3",
            region=path.emulator.region,
            endpoint_url=path.emulator.endpoint_url,
            ca_bundle=path.emulator.ca_bundle,
            credentials=credentials_of(path.emulator),
            **options,
        )
        self.calls: list[str] = []
        self.tasks: set[asyncio.Task[Any] | None] = set()
        self.has_rung = asyncio.Event()
        self.again_in: float | None = None

    def ring_in(self, seconds: float | None) -> None:
        loop = asyncio.get_running_loop()
        self._set_timer(None if seconds is None else loop.time() + seconds)

    async def _handle_message(self, message: Message) -> None:
        self._note("message")

    async def _handle_timer(self) -> None:
        self._note("timer")
        self.has_rung.set()
        self.ring_in(self.again_in)

    async def _handle_end(self) -> None:
        self._note("end")

    def _note(self, call: str) -> None:
        self.calls.append(call)
        self.tasks.add(asyncio.current_task())


async def _up(pipeline: RunningPipeline) -> None:
    await pipeline.until(lambda p: ("on_connected",) in p.handled)


async def test_messages_the_timer_and_the_end_are_handled_by_one_task() -> None:
    async with local_path(behavior=TALKATIVE) as path:
        service = _Recorder(path)
        async with running(service) as pipeline:
            service.ring_in(0.1)
            await pipeline.speak(marked_audio(0, 20))
            await service.has_rung.wait()
    assert {"message", "timer", "end"} == set(service.calls)
    assert service.calls[-1] == "end"
    assert len(service.tasks) == 1


async def test_the_timer_rings_once_each_time_it_is_set() -> None:
    async with local_path() as path:
        service = _Recorder(path)
        async with running(service) as pipeline:
            await _up(pipeline)
            service.ring_in(0.0)
            await service.has_rung.wait()
            await asyncio.sleep(0.1)
    assert service.calls.count("timer") == 1


async def test_the_timer_can_be_set_where_it_rings() -> None:
    async with local_path() as path:
        service = _Recorder(path)
        service.again_in = 0.01
        async with running(service) as pipeline:
            await _up(pipeline)
            service.ring_in(0.0)
            async with asyncio.timeout(5):
                while service.calls.count("timer") < 3:
                    service.has_rung.clear()
                    await service.has_rung.wait()


async def test_a_timer_that_is_called_off_or_set_later_does_not_ring() -> None:
    async with local_path() as path:
        service = _Recorder(path)
        async with running(service) as pipeline:
            await _up(pipeline)
            service.ring_in(0.05)
            service.ring_in(None)
            await asyncio.sleep(0.1)
            service.ring_in(0.05)
            service.ring_in(60.0)
            await asyncio.sleep(0.1)
    assert "timer" not in service.calls


async def test_a_timer_that_is_due_and_then_called_off_costs_no_message() -> None:
    """Between its being due and its ringing there is room for another task."""
    async with local_path(behavior=TALKATIVE) as path:
        service = _Recorder(path)
        async with running(service) as pipeline:
            await _up(pipeline)
            for seconds in (0.0, None, 0.0, 0.0, None):
                service.ring_in(seconds)
                await asyncio.sleep(0)
            await pipeline.speak(marked_audio(0, 20))
            await pipeline.until(lambda _: service.calls.count("message") > 5)
    assert pipeline.errors == []


async def test_close_timeout_bounds_the_end_whatever_the_config_says() -> None:
    config = ClientConfig(close_timeout=60.0, stall_timeout=None)
    async with local_path("silence@seconds=0,streams=every") as path:
        service = nova(path, client_config=config, close_timeout=0.3)
        async with running(service, end=False) as pipeline:
            await pipeline.speak(marked_audio(0, 10))
            began = time.monotonic()
            await pipeline.send(EndFrame())
            await pipeline.until(lambda p: isinstance(p.down[-1], EndFrame), timeout=3)
            assert time.monotonic() - began < 1.3


async def test_a_close_timeout_below_0_is_refused() -> None:
    async with local_path() as path:
        with pytest.raises(ConfigurationError, match="close_timeout is -1"):
            nova(path, close_timeout=-1.0)


async def test_audio_behind_the_end_is_no_error() -> None:
    """Audio overtakes ``EndFrame``, so some may come while the service is closing."""
    config = ClientConfig(close_timeout=0.5, stall_timeout=None)
    async with local_path("silence@seconds=0,streams=every") as path:
        service = nova(path, client_config=config)
        async with running(service, end=False) as pipeline:
            await pipeline.speak(marked_audio(0, 10))
            await pipeline.send(EndFrame())
            while service._client.takes_audio:
                await asyncio.sleep(0.01)
            frame = InputAudioRawFrame(audio=bytes(640), sample_rate=16_000, num_channels=1)
            await service.queue_frame(frame)
            await pipeline.until(lambda p: frame in p.down, timeout=3)
            await pipeline.until(lambda p: isinstance(p.down[-1], EndFrame), timeout=3)
    assert pipeline.errors == []


async def test_a_service_can_be_brought_back_whatever_the_config_is_for() -> None:
    config = ClientConfig(stall_timeout=4.0)
    async with local_path("refuse=403:AccessDeniedException@connect,streams=1") as path:
        service = nova(path, client_config=config)
        async with running(service) as pipeline:
            await pipeline.until(lambda p: p.errors)
            await service.set_usable(True)
            await _up(pipeline)
    assert len(pipeline.errors) == 1


# Usage


def _usage(pipeline: RunningPipeline) -> float:
    """Seconds of audio that were told as usage, in all."""
    frames = [frame for frame in pipeline.down if isinstance(frame, MetricsFrame)]
    told = [each for frame in frames for each in frame.data]
    return sum(each.value.audio_seconds for each in told if isinstance(each, STTUsageMetricsData))


async def test_silence_that_keeps_a_stream_alive_is_usage() -> None:
    keepalive = Keepalive(interval=60.0, silence_seconds=0.3, first_audio_within=0.01)
    async with local_path() as path:
        async with running(_Recorder(path, keepalive=keepalive)) as pipeline:
            await _up(pipeline)
            await asyncio.sleep(0.1)
            await pipeline.speak(marked_audio(0, 10))
    assert _usage(pipeline) == pytest.approx(1.3)


async def test_silence_that_keeps_the_container_s_clock_going_is_usage() -> None:
    """A turn of Deepgram Flux is ended by silence where the audio stops: half a second and more."""
    async with flux_path(pause=0.4) as path, flux_running(flux(path)) as pipeline:
        await pipeline.speak(marked_audio(0, 10), speed=2)
        await pipeline.until(lambda p: p.finals, timeout=3)
    assert 1.3 <= _usage(pipeline) < 2.5


async def test_audio_that_is_sent_again_is_usage_once() -> None:
    async with local_path("reset@bytes=40000") as path, running(nova(path)) as pipeline:
        await pipeline.speak(marked_audio(0, 20))
    assert ("on_connected",) in pipeline.handled[2:]
    assert _usage(pipeline) == pytest.approx(2.0)
