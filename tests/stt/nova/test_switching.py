# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
"""Deepgram Nova without audio: as a standby behind a ``ServiceSwitcher``, and muted."""

import asyncio
from collections.abc import AsyncGenerator

from pipecat.frames.frames import (
    Frame,
    ManuallySwitchServiceFrame,
    STTMetadataFrame,
    STTMuteFrame,
    UserStartedSpeakingFrame,
    VADUserStartedSpeakingFrame,
)
from pipecat.pipeline.service_switcher import ServiceSwitcher, ServiceSwitcherStrategyFailover
from pipecat.processors.aggregators.llm_context import LLMContext
from pipecat.processors.aggregators.llm_response_universal import LLMContextAggregatorPair
from pipecat.services.settings import STTSettings
from pipecat.services.stt_service import STTService
from pipecat.turns.user_turn_strategies import ExternalUserTurnStrategies

from pipecat_sagemaker_deepgram.emulator import parse_fault

from ...local_path import local_path, marked_audio, words
from ...pipelines import RunningPipeline, nova, record, running
from ...skipping_loop import skipping_waits

IDLE_TIMEOUT = 10.0
"""Seconds after which the container closes a silent stream, as Deepgram's does."""


class _FindsTurns(STTService):
    """A service that finds turns itself, and asks the pipeline to leave them to it."""

    def __init__(self) -> None:
        super().__init__(settings=STTSettings(model="other", language="en"), ttfs_p99_latency=0.1)

    async def run_stt(self, audio: bytes) -> AsyncGenerator[Frame | None, None]:
        yield None

    def service_metadata_frame(self) -> STTMetadataFrame:
        frame = super().service_metadata_frame()
        frame.user_turn_strategies = ExternalUserTurnStrategies()
        return frame


def _strategies(pipeline: RunningPipeline) -> list[bool]:
    """Of each word of a service downstream, whether it asks for strategies."""
    return [
        frame.user_turn_strategies is not None
        for frame in pipeline.down
        if isinstance(frame, STTMetadataFrame)
    ]


def _turns(pipeline: RunningPipeline) -> int:
    return sum(isinstance(frame, UserStartedSpeakingFrame) for frame in pipeline.down)


@skipping_waits
async def test_a_standby_without_audio_stays_connected_and_takes_over_at_once() -> None:
    async with local_path() as path:
        first, standby = nova(path), nova(path)
        switcher = ServiceSwitcher([first, standby])
        async with running(standby, processors=[switcher]) as pipeline:
            await asyncio.sleep(3 * IDLE_TIMEOUT)
            assert pipeline.handled == [("on_connected",)]
            await pipeline.send(ManuallySwitchServiceFrame(service=standby))
            await pipeline.until(lambda p: len(_strategies(p)) == 2)
            await pipeline.speak(marked_audio(0, 20))
        assert len(path.emulator.streams) == 2
    assert pipeline.words == words(0, 20)


async def test_a_standby_whose_stream_is_lost_reconnects_quietly() -> None:
    async with local_path() as path:
        first, standby = nova(path), nova(path)
        switcher = ServiceSwitcher([first, standby])
        async with running(standby, processors=[switcher]) as pipeline:
            await pipeline.until(lambda p: ("on_connected",) in p.handled)
            path.emulator.faults.add(parse_fault("drop@seconds=0,streams=current"))
            await pipeline.until(lambda p: p.handled.count(("on_connected",)) == 2)
            assert standby.is_usable
            await pipeline.send(ManuallySwitchServiceFrame(service=standby))
            await pipeline.until(lambda p: len(_strategies(p)) == 2)
            await pipeline.speak(marked_audio(0, 20))
    assert pipeline.words == words(0, 20)
    assert pipeline.errors == []


@skipping_waits
async def test_a_failover_leaves_turns_to_the_pipeline_again() -> None:
    """Until then they are the other service's, and a voice that begins is no turn."""
    async with local_path() as path:
        first, backup = _FindsTurns(), nova(path)
        switcher = ServiceSwitcher([first, backup], ServiceSwitcherStrategyFailover)
        user = LLMContextAggregatorPair(LLMContext()).user()
        async with running(backup, processors=[switcher, user]) as pipeline:
            await pipeline.until(lambda p: ("on_connected",) in p.handled)
            await pipeline.send(VADUserStartedSpeakingFrame())
            await asyncio.sleep(5)
            assert _turns(pipeline) == 0
            await first.push_error("out of order", force_treat_as_permanent=True)
            await pipeline.until(lambda p: _strategies(p) == [True, True])
            await pipeline.send(VADUserStartedSpeakingFrame())
            await pipeline.until(lambda p: _turns(p) == 1)


async def test_without_a_switcher_the_pipelines_own_strategies_stay() -> None:
    async with local_path() as path, running(nova(path)) as pipeline:
        await pipeline.until(lambda p: ("on_connected",) in p.handled)
    assert _strategies(pipeline) == [False]


async def test_a_service_that_is_refused_is_failed_over_from() -> None:
    refused = "refuse=403:AccessDeniedException@connect,streams=every"
    async with local_path(refused) as broken, local_path() as path:
        first, backup = nova(broken), nova(path)
        switcher = ServiceSwitcher([first, backup], ServiceSwitcherStrategyFailover)
        async with running(first, processors=[switcher]) as pipeline:
            record(backup, "on_connected", pipeline)
            await pipeline.until(lambda p: len(_strategies(p)) == 2)
            await pipeline.speak(marked_audio(0, 20))
        assert switcher.strategy.active_service is backup
    assert pipeline.words == words(0, 20)


@skipping_waits
async def test_mute_keeps_the_stream_and_drops_what_is_said_meanwhile() -> None:
    async with local_path() as path:
        async with running(nova(path)) as pipeline:
            await pipeline.speak(marked_audio(0, 20))
            await pipeline.send(STTMuteFrame(mute=True))
            await pipeline.speak(marked_audio(100, 20))
            await asyncio.sleep(2 * IDLE_TIMEOUT)
            await pipeline.send(STTMuteFrame(mute=False))
            await pipeline.speak(marked_audio(20, 20))
        assert len(path.emulator.streams) == 1
    assert pipeline.words == words(0, 40)
    assert pipeline.errors == []


@skipping_waits
async def test_audio_that_stops_for_a_while_costs_neither_stream_nor_word() -> None:
    async with local_path() as path:
        async with running(nova(path)) as pipeline:
            await pipeline.speak(marked_audio(0, 20))
            await asyncio.sleep(2 * IDLE_TIMEOUT)
            await pipeline.speak(marked_audio(20, 20))
        assert len(path.emulator.streams) == 1
    assert pipeline.words == words(0, 40)
