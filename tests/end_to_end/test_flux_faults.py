# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
"""Every fault of docs/reliability.md with Deepgram Flux in a pipeline: words, turns, errors.

The container hears late, knows words later still, and a fault comes in the middle of a turn.
"""

import asyncio
import re
from collections.abc import AsyncIterator
from dataclasses import replace
from typing import Any

import pytest
from pipecat.frames.frames import EndFrame, TextFrame, VADUserStoppedSpeakingFrame

from pipecat_sagemaker_deepgram.client import ClientConfig, RetryPolicy, Target
from pipecat_sagemaker_deepgram.deepgram.controls import FINALIZE
from pipecat_sagemaker_deepgram.deepgram.v2.capabilities import (
    FORCE_END_TURN,
    CapabilityCache,
    ContainerPlace,
)
from pipecat_sagemaker_deepgram.emulator import parse_fault

from ..flux_pipelines import PAUSE, assert_balanced, flux, flux_path, flux_running, turns_of
from ..local_path import LocalPath, marked_audio, words
from ..pipelines import RunningPipeline
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
)

SPEECH = marked_audio(0, COUNT // 2) + PAUSE + marked_audio(COUNT // 2, COUNT // 2)
HEARING: dict[str, Any] = {"lag": 0.3, "word_lag": 0.2}


def _of_flux(case: StreamFault) -> StreamFault:
    """The same fault, in Flux's words."""
    return replace(
        case,
        name=case.name.replace("Finalize", "ForceEndTurn"),
        faults=tuple(fault.replace("Finalize", "ForceEndTurn") for fault in case.faults),
    )


CASES = [_of_flux(case) for case in STREAM_FAULTS]


@pytest.fixture(autouse=True)
async def no_task_is_left() -> AsyncIterator[None]:
    """Whatever happened, nothing goes on in the background."""
    yield
    assert asyncio.all_tasks() == {asyncio.current_task()}


def _knowing_force_end_turn(path: LocalPath) -> CapabilityCache:
    cache = CapabilityCache()
    place = ContainerPlace("deepgram-flux", path.emulator.region)
    cache.learn(place, FORCE_END_TURN, True, asyncio.get_running_loop().time())
    return cache


async def _say(pipeline: RunningPipeline, step: bytes | str, speed: float) -> None:
    if isinstance(step, bytes):
        await pipeline.speak(step, speed=speed)
    else:
        await pipeline.send(VADUserStoppedSpeakingFrame(stop_secs=0.2))


def _told(pipeline: RunningPipeline) -> list[str]:
    return [name for name, *_ in pipeline.handled if not name.endswith(("_turn", "_update"))]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
async def test_a_fault_in_a_turn_costs_no_word_and_no_turn(case: StreamFault) -> None:
    async with flux_path(
        *case.faults, settings=case.settings, max_speed=case.max_speed, **HEARING
    ) as path:
        options: dict[str, Any] = {"client_config": case.config}
        if FINALIZE in case.then:
            options |= {"manual_turns": True, "capabilities": _knowing_force_end_turn(path)}
        async with flux_running(flux(path, **options)) as pipeline:
            for step in (SPEECH, *case.then):
                await _say(pipeline, step, speed=5.0)
    assert pipeline.words == words(0, COUNT + case.more)
    assert_balanced(pipeline)
    assert pipeline.errors == []
    losses = _told(pipeline).count("on_reconnected")
    assert case.allows(losses)


@pytest.mark.parametrize("case", CONNECT_FAULTS, ids=lambda case: case.name)
async def test_a_fault_at_connect_costs_no_word(case: ConnectFault) -> None:
    async with flux_path(*case.faults, **HEARING) as path:
        service = flux(path, client_config=case.config, retry_policy=PATIENT)
        async with flux_running(service) as pipeline:
            await pipeline.speak(marked_audio(0, CONNECT_COUNT))
    assert pipeline.words == words(0, CONNECT_COUNT)
    assert_balanced(pipeline)
    assert pipeline.errors == []


async def test_the_second_target_is_used_when_the_first_is_down() -> None:
    async with flux_path("refuse=503:ServiceUnavailableError@connect,streams=1") as path:
        async with flux_running(flux(path, targets=[Target(endpoint_name="standby")])) as pipeline:
            await pipeline.speak(marked_audio(0, CONNECT_COUNT))
        names = [stream.endpoint_name for stream in path.emulator.streams]
    assert pipeline.words == words(0, CONNECT_COUNT)
    assert names == ["deepgram-flux", "standby"]


@pytest.mark.parametrize("case", FATAL_FAULTS, ids=lambda case: case.name)
async def test_a_fatal_fault_at_connect_is_one_error_and_the_pipeline_flows_on(
    case: FatalFault,
) -> None:
    async with flux_path(*case.faults, **case.emulator) as path:
        async with flux_running(flux(path, **case.client)) as pipeline:
            await pipeline.until(lambda p: p.errors)
            assert not pipeline.service.is_usable
            await _flow_on(pipeline)
    _assert_one_error(pipeline, case)


@pytest.mark.parametrize(
    "case", [case for case in FATAL_FAULTS if case.faults], ids=lambda case: case.name
)
async def test_a_fatal_fault_in_a_turn_ends_it_with_the_text_so_far(case: FatalFault) -> None:
    refusals = [fault.replace("streams=every", "streams=2-") for fault in case.faults]
    async with flux_path(*refusals) as path:
        policy = RetryPolicy(retry_budget=2.0)
        async with flux_running(flux(path, retry_policy=policy)) as pipeline:
            await _break_in_a_turn(pipeline, path, "reset")
            await pipeline.until(lambda p: p.errors)
            assert turns_of(pipeline) == ["start", "interim", "final", "stop"]
            assert not pipeline.service.is_usable
            await _flow_on(pipeline)
    _assert_one_error(pipeline, case)
    assert_balanced(pipeline)
    assert pipeline.words == words(0, len(pipeline.words))
    assert not pipeline.finals[0].finalized


async def test_an_outage_past_its_budget_ends_the_turn_before_the_error() -> None:
    policy = RetryPolicy(max_retries=1)
    async with flux_path("refuse-connection@connect,streams=2-") as path:
        async with flux_running(flux(path, retry_policy=policy)) as pipeline:
            await _break_in_a_turn(pipeline, path, "drop")
            await pipeline.until(lambda p: p.errors)
            assert turns_of(pipeline) == ["start", "interim", "final", "stop"]
    assert len(pipeline.errors) == 1


async def test_the_end_of_the_pipeline_is_bounded_in_an_outage() -> None:
    config = ClientConfig(close_timeout=60.0)
    async with flux_path("drop@bytes=60000", "never-answer@connect,streams=2-") as path:
        service = flux(path, client_config=config, close_timeout=0.5)
        async with flux_running(service, end=False) as pipeline:
            await pipeline.speak(marked_audio(0, COUNT))
            await pipeline.send(EndFrame())
            await pipeline.until(lambda p: isinstance(p.down[-1], EndFrame))
    assert_balanced(pipeline)
    assert pipeline.words == words(0, len(pipeline.words))


async def _break_in_a_turn(pipeline: RunningPipeline, path: LocalPath, fault: str) -> None:
    """Break the stream once a turn has come out, however late the container is with it."""
    await pipeline.speak(marked_audio(0, COUNT // 2))
    await pipeline.until(lambda p: p.interims)
    path.emulator.faults.add(parse_fault(f"{fault}@seconds=0,streams=current"))
    await pipeline.speak(marked_audio(COUNT // 2, COUNT // 2))


def _assert_one_error(pipeline: RunningPipeline, case: FatalFault) -> None:
    assert len(pipeline.errors) == 1
    says = case.says.replace("deepgram-nova-3", "deepgram-flux")
    assert re.search(says, pipeline.errors[0])


async def _flow_on(pipeline: RunningPipeline) -> None:
    """Nothing is held up by a service that has given up, and it adds no error."""
    await pipeline.speak(marked_audio(0, 5))
    await pipeline.send(TextFrame("passes"))
    await pipeline.until(lambda p: any(type(frame) is TextFrame for frame in p.down))
