# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
"""Pipecat's own turn strategies, which cost nothing until they are taken."""

import threading
from typing import Any

import numpy as np
import pytest
from pipecat.audio.turn.base_turn_analyzer import EndOfTurnState
from pipecat.audio.turn.smart_turn.local_smart_turn_v3 import LocalSmartTurnAnalyzerV3
from pipecat.frames.frames import ManuallySwitchServiceFrame, STTMetadataFrame
from pipecat.pipeline.service_switcher import ServiceSwitcher
from pipecat.processors.aggregators.llm_context import LLMContext
from pipecat.processors.aggregators.llm_response_universal import (
    LLMContextAggregatorPair,
    LLMUserAggregatorParams,
)
from pipecat.turns.user_turn_strategies import ExternalUserTurnStrategies, UserTurnStrategies

from pipecat_sagemaker_deepgram.stt.turn_strategies import DefaultTurnStrategies, SmartTurnOnDemand

from ..local_path import LocalPath, local_path
from ..pipelines import RunningPipeline, nova, running


def _made(strategies: object) -> set[str]:
    """What has been made of strategies."""
    return {name for name in ("start", "stop") if name in vars(strategies)}


def test_they_are_what_pipecat_has_by_default() -> None:
    ours, theirs = DefaultTurnStrategies(), UserTurnStrategies()
    assert isinstance(ours, UserTurnStrategies)
    assert _made(ours) == set()
    assert [type(each) for each in ours.start or ()] == [type(each) for each in theirs.start or ()]
    assert [type(each) for each in ours.stop or ()] == [type(each) for each in theirs.stop or ()]
    [stop] = theirs.stop or [None]
    assert type(vars(stop)["_turn_analyzer"]) is LocalSmartTurnAnalyzerV3


def test_they_can_be_replaced_one_by_one() -> None:
    strategies = DefaultTurnStrategies()
    strategies.start = []
    assert _made(strategies) == {"start"}
    assert strategies != DefaultTurnStrategies()
    assert repr(strategies) == "DefaultTurnStrategies()"


class _Loads(SmartTurnOnDemand):
    """Notes the thread that runs it."""

    def _predict_endpoint(self, audio_array: Any) -> dict[str, Any]:
        self.thread = threading.current_thread()
        return super()._predict_endpoint(audio_array)


@pytest.mark.parametrize("rate", [16_000, 8_000])
async def test_the_model_is_loaded_by_the_thread_that_runs_it_and_says_the_same(rate: int) -> None:
    audio = (3_000 * np.sin(np.arange(2 * rate) / 20)).astype("<i2").tobytes()
    results = []
    for analyzer in (_Loads(), LocalSmartTurnAnalyzerV3()):
        analyzer.set_sample_rate(rate)
        analyzer.append_audio(audio, is_speech=True)
        state, metrics = await analyzer.analyze_end_of_turn()
        assert isinstance(state, EndOfTurnState)
        results.append((state, getattr(metrics, "probability", None)))
        if isinstance(analyzer, _Loads):
            assert analyzer.thread is not threading.main_thread()
        await analyzer.cleanup()
    assert results[0] == results[1]


# Behind a switcher


async def _switch(path: LocalPath, user_params: LLMUserAggregatorParams | None) -> RunningPipeline:
    """Switch between two services, there and back, twice."""
    first, second = nova(path), nova(path)
    user = LLMContextAggregatorPair(LLMContext(), user_params=user_params).user()
    switcher = ServiceSwitcher([first, second])
    async with running(first, processors=[switcher, user]) as pipeline:
        for count, service in enumerate([second, first, second, first], start=2):
            await pipeline.send(ManuallySwitchServiceFrame(service=service))
            await pipeline.until(lambda p, count=count: len(_recommended(p)) == count)
    return pipeline


def _recommended(pipeline: RunningPipeline) -> list[UserTurnStrategies | None]:
    return [
        frame.user_turn_strategies for frame in pipeline.down if isinstance(frame, STTMetadataFrame)
    ]


async def test_each_service_recommends_one_object_however_often_it_is_switched_to() -> None:
    async with local_path() as path:
        pipeline = await _switch(path, None)
    _, *taken = _recommended(pipeline)
    assert taken[0] is taken[2]
    assert taken[1] is taken[3]
    assert taken[0] is not taken[1]
    for strategies in taken:
        assert strategies is not None
        [stop] = strategies.stop or [None]
        assert "_model" not in vars(vars(stop)["_turn_analyzer"])


async def test_where_the_application_has_strategies_of_its_own_none_is_made() -> None:
    params = LLMUserAggregatorParams(user_turn_strategies=ExternalUserTurnStrategies())
    async with local_path() as path:
        pipeline = await _switch(path, params)
    assert [_made(strategies) for strategies in _recommended(pipeline)[1:]] == [set()] * 4
