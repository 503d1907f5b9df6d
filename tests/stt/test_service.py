# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
"""What every service of a session does: it begins, keeps time, and ends."""

import asyncio
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import pytest
from pipecat.frames.frames import EndFrame, InputAudioRawFrame, MetricsFrame
from pipecat.metrics.metrics import STTUsageMetricsData
from pipecat.services.settings import STTSettings

from pipecat_sagemaker_deepgram import ClientConfig, ConfigurationError, Message
from pipecat_sagemaker_deepgram.client import Keepalive, StreamProtocol
from pipecat_sagemaker_deepgram.client.records import (
    Closed,
    Connected,
    Connecting,
    Lost,
    Record,
    RetryScheduled,
)
from pipecat_sagemaker_deepgram.container import ScriptedBehavior
from pipecat_sagemaker_deepgram.deepgram.controls import FINALIZE
from pipecat_sagemaker_deepgram.deepgram.steps import SendText
from pipecat_sagemaker_deepgram.deepgram.v1.protocol import nova_protocol
from pipecat_sagemaker_deepgram.stt.service import SageMakerSTTService

from ..flux_pipelines import flux, flux_path, flux_running
from ..local_path import QUERY, RATE, LocalPath, credentials_of, local_path, marked_audio
from ..pipelines import RunningPipeline, nova, running
from ..skipping_loop import skipping_waits

TALKATIVE = ScriptedBehavior(interim_interval=0.02)


class _Conversation:
    """Writes down what it is called for, and by which task; its steps are what it was told."""

    def __init__(self, *, keepalive: Keepalive | None = None) -> None:
        protocol = nova_protocol(
            query=lambda: QUERY,
            bytes_per_second=lambda: RATE,
            frame_size=2,
            has_interims=lambda: True,
        )
        self.protocol: StreamProtocol = replace(protocol, keepalive=keepalive)
        self.records: list[Record] = []
        self.calls: list[str] = []
        self.tasks: set[asyncio.Task[Any] | None] = set()
        self.has_rung = asyncio.Event()
        self.rings_at: float | None = None
        self.again_in: float | None = None

    def observe(self, record: Record, now: float) -> list[Any]:
        self.records.append(record)
        self._note("message" if isinstance(record, Message) else "event")
        return [record]

    def get_timer(self) -> float | None:
        return self.rings_at

    def handle_timer(self, now: float) -> list[Any]:
        if self.rings_at is None or now < self.rings_at:
            return []
        self._note("timer")
        self.has_rung.set()
        self.rings_at = None if self.again_in is None else now + self.again_in
        return ["rung"]

    def change_settings(self, previous: Mapping[str, Any], now: float) -> list[Any]:
        raise NotImplementedError

    def muted(self, who: str, position: float) -> None:
        raise NotImplementedError

    def unmuted(self, who: str, position: float) -> list[Any]:
        raise NotImplementedError

    def _note(self, call: str) -> None:
        self.calls.append(call)
        self.tasks.add(asyncio.current_task())


class _Sink:
    """Keeps what it is given."""

    def __init__(self) -> None:
        self.steps: list[Any] = []
        self.tasks: set[asyncio.Task[Any] | None] = set()
        self.is_open = asyncio.Event()
        self.is_open.set()

    async def put(self, step: Any) -> None:
        self.tasks.add(asyncio.current_task())
        await self.is_open.wait()
        self.steps.append(step)


class _Service(SageMakerSTTService[_Conversation]):
    """Has a conversation and a sink of these tests."""

    def __init__(self, path: LocalPath, **options: Any) -> None:
        self.conversation = _Conversation(keepalive=options.pop("keepalive", None))
        self.sink = _Sink()
        super().__init__(
            new_conversation=lambda: self.conversation,
            new_sink=lambda speakers: self.sink,
            check_settings=lambda settings: None,
            settings=STTSettings(model="nova-3", language="en"),
            ttfs_p99_latency=0.3,
            endpoint_name="deepgram-nova-3",
            region=path.emulator.region,
            endpoint_url=path.emulator.endpoint_url,
            ca_bundle=path.emulator.ca_bundle,
            credentials=credentials_of(path.emulator),
            **options,
        )

    async def ring_in(self, seconds: float | None, *steps: Any) -> None:
        """Have the timer ring, as what the pipeline brings may."""
        loop = asyncio.get_running_loop()
        self.conversation.rings_at = None if seconds is None else loop.time() + seconds
        await self._call.follow(steps)


async def _up(pipeline: RunningPipeline) -> None:
    await pipeline.until(lambda p: ("on_connected",) in p.handled)


async def test_records_the_timer_and_steps_are_handled_by_one_task() -> None:
    async with local_path(behavior=TALKATIVE) as path:
        service = _Service(path)
        conversation, sink = service.conversation, service.sink
        async with running(service) as pipeline:
            await service.ring_in(0.1, "from the pipeline")
            await pipeline.speak(marked_audio(0, 20))
            await conversation.has_rung.wait()
    assert {"message", "event", "timer"} == set(conversation.calls)
    assert len(conversation.tasks | sink.tasks) == 1
    others = [step for step in sink.steps if isinstance(step, str)]
    assert sorted(others) == ["from the pipeline", "rung"]


async def test_records_come_in_order_and_the_end_comes_last() -> None:
    async with local_path("reset@bytes=40000", behavior=TALKATIVE) as path:
        service = _Service(path)
        async with running(service) as pipeline:
            await pipeline.speak(marked_audio(0, 20))
    records = service.conversation.records
    assert [type(record) for record in records if not isinstance(record, Message)] == [
        Connecting,
        Connected,
        Lost,
        RetryScheduled,
        Connecting,
        Connected,
        Closed,
    ]
    assert isinstance(records[-1], Closed)
    streams = [record.stream for record in records if isinstance(record, Message | Connected)]
    assert streams == sorted(streams)
    assert service.sink.steps == records


async def test_a_step_of_the_pipelines_waits_for_the_steps_before_it() -> None:
    async with local_path() as path:
        service = _Service(path)
        async with running(service) as pipeline:
            await _up(pipeline)
            service.sink.is_open.clear()
            await service.ring_in(0.0)
            await service.conversation.has_rung.wait()
            await service.ring_in(None, "first", "second")
            service.sink.is_open.set()
    first = service.sink.steps.index("rung")
    assert service.sink.steps[first : first + 3] == ["rung", "first", "second"]


async def test_a_command_of_the_pipelines_is_given_at_once() -> None:
    async with local_path() as path:
        service = _Service(path)
        async with running(service) as pipeline:
            await _up(pipeline)
            service.sink.is_open.clear()
            await service.ring_in(0.0)
            await service.conversation.has_rung.wait()
            await service.ring_in(None, SendText(FINALIZE, kind="Finalize"))
            async with asyncio.timeout(5):
                while not path.emulator.streams[0].events_in:
                    await asyncio.sleep(0.01)
            service.sink.is_open.set()


@skipping_waits
async def test_the_timer_rings_once_each_time_it_is_set() -> None:
    async with local_path() as path:
        service = _Service(path)
        async with running(service) as pipeline:
            await _up(pipeline)
            await service.ring_in(0.0)
            await service.conversation.has_rung.wait()
            await asyncio.sleep(60)
    assert service.conversation.calls.count("timer") == 1


async def test_the_timer_can_be_set_where_it_rings() -> None:
    async with local_path() as path:
        service = _Service(path)
        conversation = service.conversation
        conversation.again_in = 0.01
        async with running(service) as pipeline:
            await _up(pipeline)
            await service.ring_in(0.0)
            async with asyncio.timeout(5):
                while conversation.calls.count("timer") < 3:
                    conversation.has_rung.clear()
                    await conversation.has_rung.wait()


@skipping_waits
async def test_a_timer_that_is_called_off_or_set_later_does_not_ring() -> None:
    async with local_path() as path:
        service = _Service(path)
        async with running(service) as pipeline:
            await _up(pipeline)
            await service.ring_in(10.0)
            await service.ring_in(None)
            await asyncio.sleep(20)
            await service.ring_in(10.0)
            await service.ring_in(60.0)
            await asyncio.sleep(20)
    assert "timer" not in service.conversation.calls


async def test_a_timer_that_is_due_and_then_called_off_costs_no_message() -> None:
    """Between its being due and its ringing there is room for another task."""
    async with local_path(behavior=TALKATIVE) as path:
        service = _Service(path)
        async with running(service) as pipeline:
            await _up(pipeline)
            for seconds in (0.0, None, 0.0, 0.0, None):
                await service.ring_in(seconds)
                await asyncio.sleep(0)
            await pipeline.speak(marked_audio(0, 20))
            await pipeline.until(lambda _: service.conversation.calls.count("message") > 5)
    assert pipeline.errors == []


async def test_close_timeout_bounds_the_end_whatever_the_config_says() -> None:
    config = ClientConfig(close_timeout=60.0, stall_timeout=None)
    async with local_path("silence@seconds=0,streams=every") as path:
        service = nova(path, client_config=config, close_timeout=0.3)
        async with running(service, end=False) as pipeline:
            await pipeline.speak(marked_audio(0, 10))
            await pipeline.send(EndFrame())
            await pipeline.until(lambda p: isinstance(p.down[-1], EndFrame))


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
            while service._call.client.takes_audio:
                await asyncio.sleep(0.01)
            frame = InputAudioRawFrame(audio=bytes(640), sample_rate=16_000, num_channels=1)
            await service.queue_frame(frame)
            await pipeline.until(lambda p: frame in p.down)
            await pipeline.until(lambda p: isinstance(p.down[-1], EndFrame))
    assert [error[:15] for error in pipeline.errors] == ["1.00 s of audio"], "what came before"


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
    """Seconds of audio that were reported as usage, in all."""
    frames = [frame for frame in pipeline.down if isinstance(frame, MetricsFrame)]
    reported = [each for frame in frames for each in frame.data]
    return sum(
        each.value.audio_seconds for each in reported if isinstance(each, STTUsageMetricsData)
    )


@skipping_waits
async def test_silence_that_keeps_a_stream_alive_is_usage() -> None:
    keepalive = Keepalive(interval=60.0, silence_seconds=0.3, first_audio_within=5.0)
    async with local_path() as path:
        async with running(_Service(path, keepalive=keepalive)) as pipeline:
            await _up(pipeline)
            await asyncio.sleep(6)
            await pipeline.speak(marked_audio(0, 10))
    assert _usage(pipeline) == pytest.approx(1.3)


async def test_silence_that_keeps_the_container_s_clock_going_is_usage() -> None:
    """A turn of Deepgram Flux is ended by silence where the audio stops: half a second and more."""
    async with flux_path(pause=0.4) as path, flux_running(flux(path)) as pipeline:
        await pipeline.speak(marked_audio(0, 10), speed=2)
        await pipeline.until(lambda p: p.finals)
    assert 1.3 <= _usage(pipeline) < 2.5


async def test_audio_that_is_sent_again_is_usage_once() -> None:
    async with local_path("reset@bytes=40000") as path, running(nova(path)) as pipeline:
        await pipeline.speak(marked_audio(0, 20))
    assert ("on_connected",) in pipeline.handled[2:]
    assert _usage(pipeline) == pytest.approx(2.0)
