# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
"""Deepgram Flux and the user's turns in a pipeline: silence, mute, prediction, failover."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import pytest
from pipecat.frames.frames import (
    InputAudioRawFrame,
    ManuallySwitchServiceFrame,
    ProposedUserStartedSpeakingFrame,
    STTMetadataFrame,
    STTMuteFrame,
    UserMuteStoppedFrame,
    UserStartedSpeakingFrame,
    UserStoppedSpeakingFrame,
    VADUserStartedSpeakingFrame,
    VADUserStoppedSpeakingFrame,
)
from pipecat.pipeline.service_switcher import ServiceSwitcher, ServiceSwitcherStrategyFailover
from pipecat.processors.aggregators.llm_context import LLMContext
from pipecat.processors.aggregators.llm_response_universal import LLMContextAggregatorPair

from pipecat_sagemaker_deepgram import DeepgramFluxSageMakerSTTService
from pipecat_sagemaker_deepgram.client import ClientConfig

from ...flux_pipelines import (
    PAUSE,
    assert_balanced,
    flux,
    flux_path,
    flux_running,
    spoken_turns,
    turns_of,
)
from ...local_path import local_path, marked_audio, words
from ...pipelines import RunningPipeline, nova, running

Settings = DeepgramFluxSageMakerSTTService.Settings
QUICK = Settings(eot_timeout_ms=600)


# Audio that stops in a turn


async def test_silence_ends_a_turn_whose_audio_has_stopped() -> None:
    async with flux_path(pause=0.4) as path:
        async with flux_running(flux(path)) as pipeline:
            await pipeline.speak(marked_audio(0, 10), speed=1)
            await pipeline.until(lambda p: p.finals)
    assert turns_of(pipeline) == ["start", "interim", "final", "stop"]
    assert pipeline.words == words(0, 10)


async def test_silence_counts_as_usage_and_moves_no_times() -> None:
    async with flux_path(pause=0.4) as path, flux_running(flux(path)) as pipeline:
        await pipeline.speak(marked_audio(0, 10), speed=2)
        await pipeline.until(lambda p: p.finals)
        await pipeline.speak(marked_audio(10, 10), speed=2)
        await pipeline.until(lambda p: len(p.finals) == 2)
    second = pipeline.finals[1].result
    assert second is not None
    assert second["words"][0]["start"] == pytest.approx(1.0, abs=0.03)
    assert second["audio_window_end"] <= 2.01


async def test_a_turn_that_no_container_ends_ends_with_the_text_so_far() -> None:
    """No stream answers any more: the pipeline does not wait for ever."""
    async with flux_path("silence@bytes=30000", "silence@bytes=10,streams=2-") as path:
        async with flux_running(flux(path, settings=QUICK), end=False) as pipeline:
            await pipeline.speak(marked_audio(0, 10), speed=2)
            await pipeline.until(lambda p: p.finals)
    assert_balanced(pipeline)
    assert pipeline.words == words(0, len(pipeline.words))
    assert not pipeline.finals[0].finalized


async def test_a_container_that_goes_deaf_behind_the_last_word_is_left_for_another() -> None:
    """The microphone stays open, and what it hears is no speech."""
    config = ClientConfig(stall_timeout=1.0)
    async with flux_path("silence@bytes=42000") as path:
        async with flux_running(flux(path, client_config=config)) as pipeline:
            await pipeline.speak(marked_audio(0, 10) + 4 * PAUSE, speed=1)
            assert turns_of(pipeline) == ["start", "interim", "final", "stop"]
    assert pipeline.words == words(0, 10)
    assert len(path.emulator.streams) == 2


async def test_a_container_that_goes_deaf_as_the_audio_stops_is_left_for_another() -> None:
    async with flux_path("silence@bytes=30000", lag=0.3, word_lag=0.2) as path:
        async with flux_running(flux(path, settings=QUICK)) as pipeline:
            await pipeline.speak(marked_audio(0, 10), speed=2)
            await pipeline.until(lambda p: p.finals)
    assert pipeline.words == words(0, 10)
    assert_balanced(pipeline)
    assert pipeline.finals[0].finalized


async def test_a_turn_that_is_muted_ends() -> None:
    async with flux_path(pause=0.4) as path, flux_running(flux(path)) as pipeline:
        await pipeline.speak(marked_audio(0, 10), speed=2)
        await pipeline.send(STTMuteFrame(mute=True))
        await pipeline.speak(marked_audio(50, 30), speed=2)
        assert turns_of(pipeline) == ["start", "interim", "final", "stop"]
        await pipeline.send(STTMuteFrame(mute=False))
        await pipeline.speak(marked_audio(10, 10) + PAUSE, speed=2)
    assert pipeline.words == words(0, 20)
    assert_balanced(pipeline)


@pytest.mark.parametrize("unmuted", [STTMuteFrame(mute=False), UserMuteStoppedFrame()])
async def test_a_turn_that_is_still_open_after_a_mute_is_proposed_again(unmuted: Any) -> None:
    async with flux_path(pause=3.0) as path, flux_running(flux(path)) as pipeline:
        await pipeline.speak(marked_audio(0, 10), speed=2)
        await pipeline.send(unmuted)
        await pipeline.until(lambda p: _count(p, ProposedUserStartedSpeakingFrame) == 2)


async def test_without_a_turn_nothing_is_proposed_after_a_mute() -> None:
    async with flux_path() as path, flux_running(flux(path)) as pipeline:
        await pipeline.until(lambda p: ("on_connected",) in p.handled)
        await pipeline.send(STTMuteFrame(mute=False))
        await pipeline.speak(PAUSE)
    assert turns_of(pipeline) == []


# Prediction

EAGER = Settings(eager_eot_threshold=0.35)


async def test_a_predicted_end_is_reported_withdrawn_and_reported_again() -> None:
    """Half the pause predicts, and the speaker goes on before the whole of it is over."""
    audio = marked_audio(0, 5) + bytes(32_000 * 3 // 10) + marked_audio(5, 5) + PAUSE
    async with flux_path(pause=0.4) as path:
        service = flux(path, settings=EAGER, enable_eager_end_of_turn=True)
        async with flux_running(service) as pipeline:
            await pipeline.speak(audio, speed=2)
    reported = [name for name in turns_of(pipeline) if name != "interim"]
    assert reported == ["start", "eager", "cancel", "eager", "final", "stop"]
    assert pipeline.words == words(0, 10)
    names = [name for name, *_ in pipeline.handled]
    assert names.count("on_eager_end_of_turn") == 2
    assert names.count("on_turn_resumed") == 1


async def test_a_prediction_outlives_its_stream() -> None:
    """The cut falls between the prediction and the end; the next stream predicts the same."""
    async with flux_path("reset@bytes=24000", pause=1.0) as path:
        service = flux(path, settings=EAGER, enable_eager_end_of_turn=True)
        async with flux_running(service) as pipeline:
            await pipeline.speak(marked_audio(0, 2) + bytes(32_000 * 2), speed=1)
    reported = [name for name in turns_of(pipeline) if name != "interim"]
    assert reported == ["start", "eager", "final", "stop"]
    assert pipeline.words == words(0, 2)
    assert ("on_disconnected",) in pipeline.handled[:-1]


async def test_without_the_option_predictions_are_events_only() -> None:
    async with flux_path(pause=0.4) as path:
        async with flux_running(flux(path, settings=EAGER)) as pipeline:
            await pipeline.speak(spoken_turns(5), speed=2)
    assert "eager" not in turns_of(pipeline)
    assert any(name == "on_eager_end_of_turn" for name, *_ in pipeline.handled)


# The user aggregator


def _count(pipeline: RunningPipeline, kind: type) -> int:
    return sum(isinstance(frame, kind) for frame in pipeline.down)


@asynccontextmanager
async def _with_aggregator(
    service: Any, *processors: Any, context: LLMContext | None = None
) -> AsyncIterator[RunningPipeline]:
    user = LLMContextAggregatorPair(context or LLMContext()).user()
    async with running(service, processors=[*(processors or [service]), user]) as pipeline:
        yield pipeline


def _said(context: LLMContext) -> str:
    """What the user has said, as the bot knows it."""
    messages: list[Any] = list(context.get_messages())
    return " ".join(str(message["content"]) for message in messages)


def _user_turns(pipeline: RunningPipeline) -> list[str]:
    names = {UserStartedSpeakingFrame: "started", UserStoppedSpeakingFrame: "stopped"}
    return [names[type(frame)] for frame in pipeline.down if type(frame) in names]


async def test_the_aggregator_starts_and_ends_the_users_turns_by_it() -> None:
    async with flux_path() as path, _with_aggregator(flux(path)) as pipeline:
        await pipeline.speak(spoken_turns(5, 5))
        await pipeline.until(lambda p: _user_turns(p) == ["started", "stopped"] * 2)


async def test_turns_that_come_at_once_after_an_outage_are_each_the_users() -> None:
    faults = ("drop@bytes=10000", "late=1.5@connect,streams=2")
    async with flux_path(*faults, pause=0.2) as path, _with_aggregator(flux(path)) as pipeline:
        await pipeline.speak(spoken_turns(5, 5, 5), speed=10)
        await pipeline.until(lambda p: _user_turns(p) == ["started", "stopped"] * 3)


async def test_a_turn_that_is_not_sure_enough_leaves_the_aggregator_alone() -> None:
    settings = Settings(min_confidence=0.9)
    async with flux_path(word_confidence=0.8) as path:
        async with _with_aggregator(flux(path, settings=settings)) as pipeline:
            await pipeline.speak(spoken_turns(5))
    assert _user_turns(pipeline) == []
    assert pipeline.words == []


# Failover


def _strategies(pipeline: RunningPipeline) -> int:
    return _count(pipeline, STTMetadataFrame)


async def test_turn_taking_lives_through_a_failover_to_nova_and_back() -> None:
    context = LLMContext()
    async with flux_path(pause=0.2) as one, local_path() as other:
        first, backup = flux(one), nova(other)
        switcher = ServiceSwitcher([first, backup], ServiceSwitcherStrategyFailover)
        async with _with_aggregator(first, switcher, context=context) as pipeline:
            await pipeline.until(lambda p: ("on_connected",) in p.handled)
            await pipeline.speak(spoken_turns(5))
            await pipeline.until(lambda p: _user_turns(p) == ["started", "stopped"])
            assert _said(context) == "w0 w1 w2 w3 w4"
            await first.push_error("out of order", force_treat_as_permanent=True)
            await pipeline.until(lambda p: _strategies(p) == 2)
            await pipeline.send(VADUserStartedSpeakingFrame())
            await pipeline.until(lambda p: _user_turns(p)[2:] == ["started"])
            await pipeline.speak(marked_audio(5, 20))
            await pipeline.send(VADUserStoppedSpeakingFrame(stop_secs=0.2))
            await pipeline.until(lambda p: _user_turns(p)[2:] == ["started", "stopped"])
            assert _said(context).split()[5:] == words(5, 20)
            await first.set_usable(True)
            await pipeline.send(ManuallySwitchServiceFrame(service=first))
            await pipeline.until(lambda p: _strategies(p) == 3)
            await pipeline.speak(spoken_turns(5, first=25))
            await pipeline.until(lambda p: _user_turns(p)[4:] == ["started", "stopped"])
    assert _said(context).split() == words(0, 30)


async def test_a_failover_in_a_turn_ends_the_turn_first() -> None:
    faults = ("reset@bytes=30000", "refuse=403:AccessDeniedException@connect,streams=2-")
    context = LLMContext()
    async with flux_path(*faults) as one, local_path() as other:
        first, backup = flux(one), nova(other)
        switcher = ServiceSwitcher([first, backup], ServiceSwitcherStrategyFailover)
        async with _with_aggregator(first, switcher, context=context) as pipeline:
            await pipeline.speak(marked_audio(0, 20))
            await pipeline.until(lambda p: _strategies(p) == 2)
            assert _user_turns(pipeline)[:2] == ["started", "stopped"]
            assert _said(context).startswith("w0 w1 w2")
    assert switcher.strategy.active_service is backup


async def test_a_standby_without_audio_stays_connected_and_takes_over_at_once() -> None:
    async with flux_path() as path:
        first, standby = flux(path), flux(path)
        switcher = ServiceSwitcher([first, standby])
        async with running(standby, processors=[switcher]) as pipeline:
            await pipeline.until(lambda p: ("on_connected",) in p.handled)
            await pipeline.send(ManuallySwitchServiceFrame(service=standby))
            await pipeline.until(lambda p: _strategies(p) == 2)
            await pipeline.speak(spoken_turns(5))
    assert pipeline.words == words(0, 5)


async def test_audio_in_small_pieces_goes_out_in_pieces_of_80_ms() -> None:
    async with flux_path() as path, flux_running(flux(path)) as pipeline:
        await pipeline.until(lambda p: ("on_connected",) in p.handled)
        for _ in range(40):
            audio = bytes(640)
            await pipeline.send(InputAudioRawFrame(audio=audio, sample_rate=16_000, num_channels=1))
            await asyncio.sleep(0.02)
        [stream] = path.emulator.streams
        while stream.audio_bytes_in < 40 * 640:
            await asyncio.sleep(0.01)
        assert stream.events_in <= 40 // 4 + 1
