# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
"""Every fault of docs/reliability.md in a real pipeline: words, errors, and what flows past it.

No outage is over before a frame that was sent in it has passed the service: the credentials of
every further stream are held back until then.
"""

import asyncio
import re
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import replace
from typing import Any
from urllib.parse import urlsplit

import pytest
from pipecat.frames.frames import CancelFrame, EndFrame, TextFrame, VADUserStoppedSpeakingFrame

from pipecat_sagemaker_deepgram.client import ClientConfig, RetryPolicy, Target
from pipecat_sagemaker_deepgram.transport import Credentials

from ..local_path import HARD, LocalPath, credentials_of, local_path, marked_audio, words
from ..pipelines import RunningPipeline, nova, running
from .fault_cases import (
    CONNECT_COUNT,
    CONNECT_FAULTS,
    COUNT,
    FATAL_FAULTS,
    PATIENT,
    STREAM_FAULTS,
    ConnectFault,
    FatalFault,
    StreamFault,
    closed_port,
    fail_to_resolve,
    relay,
)

IN_OUTAGE = "in an outage"
END_WITHIN = ClientConfig().close_timeout + 1.0
SILENT_PEERS = [case for case in STREAM_FAULTS if case.name.startswith("a peer that")]
REFUSALS = [case for case in FATAL_FAULTS if case.faults]

BRIEF = RetryPolicy(retry_budget=1.5)
"""Recovery that fails while a test waits for it."""


@pytest.fixture(autouse=True)
async def no_task_is_left() -> AsyncIterator[None]:
    """Whatever happened, nothing goes on in the background."""
    yield
    assert asyncio.all_tasks() == {asyncio.current_task()}


class HeldCredentials:
    """The emulator's credentials; for each further stream a frame has to pass the service first.

    Args:
        path: The emulated endpoint.
    """

    def __init__(self, path: LocalPath) -> None:
        self._resolver = credentials_of(path.emulator)
        self.pipeline: RunningPipeline | None = None
        self.started = asyncio.Event()
        self._is_first = True

    async def resolve(self) -> Credentials:
        """Give them."""
        if self._is_first:
            self._is_first = False
            return await self._resolver.resolve()
        await asyncio.wait_for(self.started.wait(), 30.0)
        if self.pipeline is not None:
            await _pass(self.pipeline, f"{IN_OUTAGE} {_passed_in_outages(self.pipeline)}")
        return await self._resolver.resolve()


@asynccontextmanager
async def _running(path: LocalPath, **options: Any) -> AsyncIterator[RunningPipeline]:
    """Run a service; its pipeline has to end in time at the end of the block."""
    held = HeldCredentials(path)
    async with running(nova(path, credentials=held, **options), end=False) as pipeline:
        held.pipeline = pipeline
        held.started.set()
        yield pipeline
        held.pipeline = None
        await _end(pipeline)


async def _pass(pipeline: RunningPipeline, text: str) -> None:
    """Send a frame and see it behind the service."""
    await pipeline.send(TextFrame(text))
    await pipeline.until(lambda p: text in _passed(p))


def _passed(pipeline: RunningPipeline) -> list[str]:
    return [frame.text for frame in pipeline.down if type(frame) is TextFrame]


def _passed_in_outages(pipeline: RunningPipeline) -> int:
    return sum(text.startswith(IN_OUTAGE) for text in _passed(pipeline))


async def _end(pipeline: RunningPipeline) -> None:
    await pipeline.send(EndFrame())
    await pipeline.until(
        lambda p: any(isinstance(frame, EndFrame) for frame in p.down), timeout=END_WITHIN
    )


async def _say(pipeline: RunningPipeline, step: bytes | str, *, speed: float) -> None:
    if isinstance(step, bytes):
        await pipeline.speak(step, speed=speed)
    else:
        await pipeline.send(VADUserStoppedSpeakingFrame(stop_secs=0.2))


def _told(pipeline: RunningPipeline) -> list[str]:
    return [name for name, *_ in pipeline.handled]


@pytest.mark.parametrize("case", STREAM_FAULTS, ids=lambda case: case.name)
async def test_a_fault_on_a_stream_costs_no_word_and_holds_nothing_up(case: StreamFault) -> None:
    behavior = replace(HARD, max_speed=case.max_speed)
    async with local_path(*case.faults, behavior=behavior, settings=case.settings) as path:
        async with _running(path, client_config=case.config) as pipeline:
            for step in (marked_audio(0, COUNT), *case.then):
                await _say(pipeline, step, speed=10.0 if case.config is None else 5.0)
    assert pipeline.words == words(0, COUNT + case.more)
    assert pipeline.errors == []
    losses = _told(pipeline).count("on_reconnected")
    assert case.allows(losses)
    assert _told(pipeline).count("on_disconnected") == losses + 1
    assert _passed_in_outages(pipeline) >= (0 if case.name == "one during drain" else case.losses)


@pytest.mark.parametrize("case", SILENT_PEERS, ids=lambda case: case.name)
async def test_frames_pass_while_nobody_has_noticed_that_the_peer_is_silent(
    case: StreamFault,
) -> None:
    config = ClientConfig(stall_timeout=None, send_timeout=60.0)
    async with local_path(*case.faults) as path:
        async with running(nova(path, client_config=config), end=False) as pipeline:
            await pipeline.until(lambda p: _told(p) == ["on_connected"])
            await pipeline.speak(marked_audio(0, COUNT), speed=100)
            await _pass(pipeline, "passes")
            assert _told(pipeline) == ["on_connected"]
            await pipeline.send(CancelFrame())


@pytest.mark.parametrize("case", CONNECT_FAULTS, ids=lambda case: case.name)
async def test_a_fault_at_connect_costs_no_word_and_holds_nothing_up(case: ConnectFault) -> None:
    async with local_path(*case.faults) as path:
        options = {"client_config": case.config, "retry_policy": PATIENT}
        async with _running(path, **options) as pipeline:
            await _pass(pipeline, "at once")
            assert "on_connected" not in _told(pipeline)
            await pipeline.speak(marked_audio(0, CONNECT_COUNT))
            await pipeline.until(lambda p: _passed_in_outages(p) == case.failed_attempts)
    assert pipeline.words == words(0, CONNECT_COUNT)
    assert pipeline.errors == []
    assert _told(pipeline).count("on_connection_error") == min(case.failed_attempts, 1)


async def test_a_port_on_which_nobody_listens_at_first() -> None:
    async with closed_port() as port, local_path() as path:
        upstream = urlsplit(path.emulator.endpoint_url)
        options = {
            "endpoint_url": f"https://127.0.0.1:{port}",
            "retry_policy": RetryPolicy(max_retries=30, max_backoff=0.2),
        }
        async with AsyncExitStack() as stack, _running(path, **options) as pipeline:
            await pipeline.speak(marked_audio(0, CONNECT_COUNT))
            await pipeline.until(lambda p: "on_connection_error" in _told(p))
            await _pass(pipeline, "in the outage")
            listening = relay(port, upstream.hostname or "", upstream.port or 0)
            await stack.enter_async_context(listening)
    assert pipeline.words == words(0, CONNECT_COUNT)
    assert pipeline.errors == []


async def test_a_name_that_does_not_resolve_twice(monkeypatch: pytest.MonkeyPatch) -> None:
    async with local_path() as path:
        fail_to_resolve("localhost", 2, monkeypatch)
        url = path.emulator.endpoint_url.replace("127.0.0.1", "localhost")
        async with _running(path, endpoint_url=url) as pipeline:
            await pipeline.speak(marked_audio(0, CONNECT_COUNT))
    assert pipeline.words == words(0, CONNECT_COUNT)
    assert pipeline.errors == []
    assert _passed_in_outages(pipeline) == 2


async def test_the_second_target_is_used_when_the_first_is_down() -> None:
    async with local_path("refuse=503:ServiceUnavailableError@connect,streams=1") as path:
        targets = [Target(endpoint_name="standby")]
        async with _running(path, targets=targets) as pipeline:
            await pipeline.speak(marked_audio(0, CONNECT_COUNT))
        names = [stream.endpoint_name for stream in path.emulator.streams]
    assert pipeline.words == words(0, CONNECT_COUNT)
    assert pipeline.errors == []
    assert names == ["deepgram-nova-3", "standby"]
    assert _passed_in_outages(pipeline) == 1


@pytest.mark.parametrize("case", FATAL_FAULTS, ids=lambda case: case.name)
async def test_a_fatal_fault_at_connect_is_one_error_and_the_pipeline_flows_on(
    case: FatalFault,
) -> None:
    async with local_path(*case.faults, **case.emulator) as path:
        async with running(nova(path, **case.client), end=False) as pipeline:
            await pipeline.until(lambda p: p.errors)
            assert not pipeline.service.is_usable
            await _flow_on_and_end(pipeline)
    assert len(pipeline.errors) == 1
    assert re.search(case.says, pipeline.errors[0])
    assert "on_connected" not in _told(pipeline)


@pytest.mark.parametrize("case", REFUSALS, ids=lambda case: case.name)
async def test_a_stream_that_cannot_be_replaced_is_one_error_and_the_pipeline_flows_on(
    case: FatalFault,
) -> None:
    refusals = [fault.replace("streams=every", "streams=2-") for fault in case.faults]
    async with local_path("reset@bytes=60000", *refusals, behavior=HARD) as path:
        async with running(nova(path, retry_policy=BRIEF), end=False) as pipeline:
            await pipeline.speak(marked_audio(0, COUNT))
            await pipeline.until(lambda p: p.errors)
            assert not pipeline.service.is_usable
            await _flow_on_and_end(pipeline)
    assert len(pipeline.errors) == 1
    assert re.search(case.says, pipeline.errors[0])
    assert pipeline.words == words(0, len(pipeline.words))


async def _flow_on_and_end(pipeline: RunningPipeline) -> None:
    """Nothing is held up by a service that has given up, and it adds no error."""
    await pipeline.speak(marked_audio(0, 5))
    await _pass(pipeline, "passes")
    await _end(pipeline)
