# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
"""What every service of a session does: it begins, keeps time, and ends."""

import asyncio
import time
from typing import Any

import pytest
from pipecat.frames.frames import EndFrame
from pipecat.services.settings import STTSettings

from pipecat_sagemaker_deepgram import ClientConfig, ConfigurationError, Message
from pipecat_sagemaker_deepgram.container import ScriptedBehavior
from pipecat_sagemaker_deepgram.stt.nova_protocol import nova_protocol
from pipecat_sagemaker_deepgram.stt.service_base import SageMakerSTTService

from ..local_path import QUERY, RATE, LocalPath, credentials_of, local_path, marked_audio
from ..pipelines import RunningPipeline, nova, running

TALKATIVE = ScriptedBehavior(interim_interval=0.02)


class _Recorder(SageMakerSTTService):
    """Writes down what it is called for, and by which task."""

    def __init__(self, path: LocalPath, **options: Any) -> None:
        super().__init__(
            protocol=nova_protocol(
                query=lambda: QUERY,
                bytes_per_second=lambda: RATE,
                frame_size=2,
                has_interims=True,
            ),
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
