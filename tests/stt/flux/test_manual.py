# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
"""Turns of Deepgram Flux that the application ends."""

from typing import Any

import pytest
from pipecat.frames.frames import (
    MetricsFrame,
    STTMetadataFrame,
    VADUserStartedSpeakingFrame,
    VADUserStoppedSpeakingFrame,
)
from pipecat.metrics.metrics import TTFBMetricsData

from pipecat_sagemaker_deepgram import DeepgramFluxSageMakerSTTService
from pipecat_sagemaker_deepgram.deepgram.v2.capabilities import (
    FORCE_END_TURN,
    CapabilityCache,
    ContainerPlace,
)

from ...flux_pipelines import assert_balanced, flux, flux_path, flux_running, turns_of
from ...local_path import LocalPath, marked_audio, words
from ...pipelines import RunningPipeline

PLACE = ContainerPlace("deepgram-flux", "us-east-1")
BUNDLES = ["current", "2026-03"]


def _manual(path: LocalPath, **options: Any) -> DeepgramFluxSageMakerSTTService:
    return flux(path, manual_turns=True, **options)


async def _turn(pipeline: RunningPipeline, first: int, count: int) -> None:
    """A turn whose end a VAD reports; the microphone stays open."""
    await pipeline.send(VADUserStartedSpeakingFrame())
    await pipeline.speak(marked_audio(first, count) + bytes(6_400), speed=2)
    await pipeline.send(VADUserStoppedSpeakingFrame(stop_secs=0.2))


@pytest.mark.parametrize("bundle", BUNDLES)
async def test_a_vad_ends_turns_whatever_the_container_understands(bundle: str) -> None:
    async with flux_path(pause=5.0, bundle=bundle) as path:
        async with flux_running(_manual(path)) as pipeline:
            for turn in range(3):
                await _turn(pipeline, 10 * turn, 10)
                await pipeline.speak(bytes(16_000), speed=2)
                await pipeline.until(lambda p, n=turn: len(p.finals) == n + 1)
    assert pipeline.words == words(0, 30)
    assert_balanced(pipeline)
    assert all(frame.finalized for frame in pipeline.finals)
    assert pipeline.errors == []


async def test_a_container_that_does_not_know_what_another_knew_is_not_asked_for_ever() -> None:
    cache = CapabilityCache(expires_after=float("inf"))
    cache.learn(PLACE, FORCE_END_TURN, True, 0.0)
    async with flux_path(pause=5.0, bundle="2026-03") as path:
        async with flux_running(_manual(path, capabilities=cache)) as pipeline:
            await _turn(pipeline, 0, 10)
            await pipeline.speak(bytes(16_000), speed=2)
            await pipeline.until(lambda p: p.finals)
        assert len(path.emulator.streams) == 2
    assert pipeline.words == words(0, 10)
    assert_balanced(pipeline)
    assert cache.recall(PLACE, FORCE_END_TURN, 0.0) is False


@pytest.mark.parametrize(("bundle", "is_understood"), [("current", True), ("2026-03", False)])
async def test_what_the_container_understands_is_learned_before_any_audio(
    bundle: str, is_understood: bool
) -> None:
    cache = CapabilityCache(expires_after=float("inf"))
    async with flux_path(bundle=bundle) as path:
        async with flux_running(_manual(path, capabilities=cache)) as pipeline:
            await pipeline.speak(marked_audio(0, 20))
    assert cache.recall(PLACE, FORCE_END_TURN, 0.0) is is_understood
    assert pipeline.words == words(0, 20)
    assert turns_of(pipeline) == ["start", "interim", "final", "stop"]


@pytest.mark.parametrize("bundle", BUNDLES)
async def test_speech_that_goes_on_is_the_next_turn_and_no_word_is_in_both(bundle: str) -> None:
    async with flux_path(pause=5.0, bundle=bundle, lag=0.2) as path:
        service = _manual(path)
        async with flux_running(service) as pipeline:
            await pipeline.speak(marked_audio(0, 20), speed=2)
            await service.end_turn()
            await pipeline.speak(marked_audio(20, 20), speed=2)
    assert pipeline.words == words(0, 40)
    assert len(pipeline.finals) == 2
    assert_balanced(pipeline)


@pytest.mark.parametrize("bundle", BUNDLES)
async def test_a_microphone_that_closes_with_the_turn_does_not_hold_it_up(bundle: str) -> None:
    async with flux_path(pause=5.0, bundle=bundle) as path:
        async with flux_running(_manual(path)) as pipeline:
            await _turn(pipeline, 0, 10)
            await pipeline.until(lambda p: p.finals)
            await _turn(pipeline, 10, 10)
            await pipeline.until(lambda p: len(p.finals) == 2)
    assert pipeline.words == words(0, 20)
    assert_balanced(pipeline)


async def test_the_time_to_the_final_is_measured() -> None:
    async with flux_path(pause=5.0) as path:
        service = _manual(path)
        async with flux_running(service) as pipeline:
            await _turn(pipeline, 0, 10)
            await pipeline.until(lambda p: p.finals)
            await pipeline.until(lambda p: _times(p))
    assert service.supports_ttfs
    metadata = next(frame for frame in pipeline.down if isinstance(frame, STTMetadataFrame))
    assert metadata.ttfs_p99_latency > 0
    assert 0.1 < _times(pipeline)[0] < 2.0


def _times(pipeline: RunningPipeline) -> list[float]:
    metrics = [frame for frame in pipeline.down if isinstance(frame, MetricsFrame)]
    every = [data for frame in metrics for data in frame.data]
    return [data.value for data in every if isinstance(data, TTFBMetricsData) and data.value]


async def test_an_end_without_a_turn_is_nothing() -> None:
    async with flux_path() as path:
        service = _manual(path)
        async with flux_running(service) as pipeline:
            await pipeline.until(lambda p: ("on_connected",) in p.handled)
            await service.end_turn()
            await pipeline.speak(bytes(32_000) + marked_audio(0, 10))
    assert pipeline.words == words(0, 10)
    assert len(pipeline.finals) == 1
