# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
"""Settings of Deepgram Flux that change in a call, on containers of every date."""

from typing import Any

import pytest
from pipecat.frames.frames import EndFrame, STTUpdateSettingsFrame

from pipecat_sagemaker_deepgram import DeepgramFluxSageMakerSTTService
from pipecat_sagemaker_deepgram.deepgram.v2.capabilities import (
    CONFIGURE,
    CapabilityCache,
    ContainerPlace,
    in_configure,
)
from pipecat_sagemaker_deepgram.emulator import parse_fault

from ...flux_pipelines import assert_balanced, flux, flux_path, flux_running, spoken_turns
from ...local_path import LocalPath, marked_audio, words
from ...pipelines import RunningPipeline

Settings = DeepgramFluxSageMakerSTTService.Settings
PLACE = ContainerPlace("deepgram-flux", "us-east-1")


def _cache(**known: bool) -> CapabilityCache:
    cache = CapabilityCache(expires_after=float("inf"))
    for name, is_understood in known.items():
        cache.learn(PLACE, name, is_understood, 0.0)
    return cache


async def _update(pipeline: RunningPipeline, **settings: Any) -> None:
    await pipeline.send(STTUpdateSettingsFrame(delta=Settings(**settings)))


def _queries(path: LocalPath) -> list[str]:
    return [stream.query for stream in path.emulator.streams]


def _names(pipeline: RunningPipeline) -> list[str]:
    return [name for name, *_ in pipeline.handled if not name.endswith(("_turn", "_update"))]


async def test_the_first_change_goes_by_a_new_stream_on_which_configure_is_tried() -> None:
    cache = _cache()
    async with flux_path() as path:
        async with flux_running(flux(path, capabilities=cache)) as pipeline:
            await pipeline.speak(spoken_turns(10))
            await _update(pipeline, keyterm=["Pipecat"])
            await pipeline.until(lambda p: ("on_stream_changed", "settings") in p.handled)
            await pipeline.speak(spoken_turns(10, first=10))
            await _update(pipeline, keyterm=["Deepgram"])
            await pipeline.speak(spoken_turns(10, first=20))
        assert ["Pipecat" in query for query in _queries(path)] == [False, True]
    assert cache.recall(PLACE, CONFIGURE, 0.0) is True
    assert pipeline.words == words(0, 30)
    assert pipeline.errors == []


async def test_a_container_that_knows_no_configure_costs_no_word_and_is_not_tried_again() -> None:
    cache = _cache()
    async with flux_path(bundle="2026-03") as path:
        service = flux(path, capabilities=cache)
        async with flux_running(service) as pipeline:
            await pipeline.speak(spoken_turns(10))
            await _update(pipeline, keyterm=["Pipecat"])
            await pipeline.until(lambda p: p.handled.count(("on_connected",)) == 2)
            await pipeline.speak(marked_audio(10, 10))
            await _update(pipeline, keyterm=["Deepgram"])
            await pipeline.speak(spoken_turns(30, first=20))
        queries = _queries(path)
    assert cache.recall(PLACE, CONFIGURE, 0.0) is False
    assert pipeline.words == words(0, 50)
    assert_balanced(pipeline)
    assert [("Pipecat" in query, "Deepgram" in query) for query in queries] == [
        (False, False),
        (True, False),
        (True, False),
        (False, True),
    ]
    assert pipeline.errors == []
    assert service.is_usable


async def test_a_change_in_a_turn_goes_over_without_losing_a_word() -> None:
    async with flux_path() as path:
        async with flux_running(flux(path)) as pipeline:
            await pipeline.speak(marked_audio(0, 20))
            await _update(pipeline, redact="numbers")
            await pipeline.speak(marked_audio(20, 40), speed=3)
            await pipeline.until(lambda p: ("on_stream_changed", "settings") in p.handled)
        assert ["redact" in query for query in _queries(path)] == [False, True]
    assert pipeline.words == words(0, 60)
    assert_balanced(pipeline)


async def test_a_value_that_a_container_refuses_is_rolled_back_and_reported_once() -> None:
    """A bundle of before August 2026 takes 0.9 at most."""
    async with flux_path(bundle="2026-04") as path:
        service = flux(path, capabilities=_cache(Configure=True))
        async with flux_running(service) as pipeline:
            await pipeline.speak(marked_audio(0, 10))
            await _update(pipeline, eot_threshold=0.95)
            await pipeline.speak(spoken_turns(10, first=10))
            await pipeline.until(lambda p: p.errors)
            assert service._settings.eot_threshold is None
            assert service.is_usable
        assert len(path.emulator.streams) == 1
    assert pipeline.words == words(0, 20)
    assert len(pipeline.errors) == 1
    assert "eot_threshold were refused" in pipeline.errors[0]


async def test_a_change_while_the_first_stream_opens_is_rolled_back_where_it_is_refused() -> None:
    faults = ("late=0.5@connect,streams=1", "refuse=424:ModelError@connect,streams=2-4")
    async with flux_path(*faults) as path:
        async with flux_running(flux(path)) as pipeline:
            await _update(pipeline, keyterm=["Pipecat"])
            await pipeline.speak(marked_audio(0, 20))
            await pipeline.until(lambda p: p.errors)
        assert ["Pipecat" in query for query in _queries(path)] == [False, *[True] * 3]
    assert len(pipeline.errors) == 1
    assert "settings keyterm were refused" in pipeline.errors[0]
    assert pipeline.words == words(0, 20)


async def test_a_change_that_waits_behind_another_costs_no_word_at_the_end() -> None:
    """Its turn comes while the last words are drained, when nothing can be sent any more."""
    async with flux_path(lag=0.3) as path:
        service = flux(path, capabilities=_cache(**{CONFIGURE: True}))
        async with flux_running(service) as pipeline:
            await pipeline.speak(marked_audio(0, 20))
            await _update(pipeline, keyterm=["one"])
            await _update(pipeline, keyterm=["two"])
    assert pipeline.words == words(0, 20)
    assert _names(pipeline) == ["on_connected", "on_disconnected"]
    assert pipeline.errors == []


async def test_audio_after_the_end_is_not_an_error() -> None:
    async with flux_path() as path, flux_running(flux(path), end=False) as pipeline:
        await pipeline.speak(marked_audio(0, 10))
        await pipeline.send(EndFrame())
        for _ in range(10):
            await anext(pipeline.service.run_stt(bytes(640)))
        await pipeline.until(lambda p: isinstance(p.down[-1], EndFrame))
        await anext(pipeline.service.run_stt(bytes(640)))
    assert pipeline.errors == []


async def test_a_query_that_a_container_refuses_is_rolled_back_and_reported_once() -> None:
    async with flux_path("refuse=424:ModelError@connect,streams=2-4") as path:
        service = flux(path)
        async with flux_running(service) as pipeline:
            await pipeline.speak(marked_audio(0, 20))
            await _update(pipeline, redact="numbers")
            await pipeline.speak(marked_audio(20, 20))
            await pipeline.until(lambda p: p.errors)
            assert service._settings.redact is None
            assert service.is_usable
    assert pipeline.words == words(0, 40)
    assert len(pipeline.errors) == 1
    assert "redact were refused" in pipeline.errors[0]


@pytest.mark.parametrize("setting", ["numerals", "profanity_filter"])
async def test_a_switch_that_a_bundle_lacks_costs_no_word_and_is_reported_once(
    setting: str,
) -> None:
    """In the stream it is fatal, and a query with it is refused."""
    cache = _cache(Configure=True)
    async with flux_path(bundle="2026-04") as path:
        service = flux(path, capabilities=cache)
        async with flux_running(service) as pipeline:
            await pipeline.speak(marked_audio(0, 10))
            await _update(pipeline, **{setting: True})
            await pipeline.speak(spoken_turns(20, first=10))
            await pipeline.until(lambda p: p.errors)
            assert getattr(service._settings, setting) is None
            assert service.is_usable
            await pipeline.speak(spoken_turns(10, first=30))
    assert pipeline.words == words(0, 40)
    assert_balanced(pipeline)
    assert len(pipeline.errors) == 1
    assert f"{setting} were refused" in pipeline.errors[0]
    known = [cache.recall(PLACE, each, 0.0) for each in (CONFIGURE, in_configure(setting))]
    assert False in known


async def test_a_replacement_is_not_opened_with_values_that_nobody_has_confirmed() -> None:
    """A bad value and a lost stream at once must not keep the service from coming back."""
    async with flux_path(bundle="2026-04") as path:
        service = flux(path, capabilities=_cache(Configure=True))
        async with flux_running(service) as pipeline:
            await pipeline.speak(marked_audio(0, 10))
            path.emulator.faults.add(parse_fault("drop@control=Configure,streams=current"))
            await _update(pipeline, eot_threshold=0.95)
            await pipeline.speak(spoken_turns(30, first=10))
            await pipeline.until(lambda p: p.errors)
            assert service.is_usable
        assert "eot_threshold" not in _queries(path)[1]
    assert pipeline.words == words(0, 40)
    assert len(pipeline.errors) == 1


async def test_what_cannot_be_is_reported_and_changes_nothing() -> None:
    async with flux_path() as path:
        service = flux(path)
        async with flux_running(service) as pipeline:
            await pipeline.speak(marked_audio(0, 10))
            await _update(pipeline, eot_threshold=7.0)
            await pipeline.until(lambda p: p.errors)
            assert service._settings.eot_threshold is None
        assert len(path.emulator.streams) == 1
    assert pipeline.words == words(0, 10)
    assert len(pipeline.errors) == 1


async def test_what_is_decided_here_changes_at_once() -> None:
    async with flux_path(word_confidence=0.8) as path, flux_running(flux(path)) as pipeline:
        await pipeline.speak(spoken_turns(5))
        await _update(pipeline, min_confidence=0.9)
        await pipeline.speak(spoken_turns(5, first=5))
        assert len(path.emulator.streams) == 1
    assert pipeline.words == words(0, 5)


async def test_settings_corrected_while_the_service_is_down_bring_it_back() -> None:
    async with flux_path("refuse=400:ValidationException@connect,streams=1") as path:
        service = flux(path, settings=Settings(keyterm=["bad"]))
        async with flux_running(service) as pipeline:
            await pipeline.until(lambda p: p.errors)
            assert not service.is_usable
            await _update(pipeline, keyterm=["good"])
            await pipeline.until(lambda p: ("on_connected",) in p.handled)
            await pipeline.speak(spoken_turns(10))
        assert "keyterm=good" in _queries(path)[-1]
    assert pipeline.words == words(0, 10)
    assert len(pipeline.errors) == 1
