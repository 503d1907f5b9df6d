# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
"""Deepgram Nova's settings as they change in a real pipeline, against the emulated endpoint."""

from typing import Any

import pytest
from pipecat.frames.frames import STTUpdateSettingsFrame
from pipecat.services.settings import LLMSettings, ServiceSettings, STTSettings
from pipecat.transcriptions.language import Language

from pipecat_sagemaker_deepgram import DeepgramSageMakerSTTService
from pipecat_sagemaker_deepgram.client import RetryPolicy

from ...local_path import local_path, marked_audio, words
from ...pipelines import nova, running

Settings = DeepgramSageMakerSTTService.Settings


async def test_a_delta_that_contradicts_is_reported_once_and_the_call_goes_on() -> None:
    async with local_path() as path:
        service = nova(path)
        async with running(service) as pipeline:
            await pipeline.speak(marked_audio(0, 15))
            delta = Settings(keywords=["snuffle"], numerals=True, extra={"newer": 1})
            await pipeline.send(STTUpdateSettingsFrame(delta=delta))
            await pipeline.until(lambda p: p.errors)
            store = service._settings
            assert (store.keywords, store.numerals, store.extra) == (None, None, {})
            assert service.is_usable
            await pipeline.speak(marked_audio(15, 15))
        streams = list(path.emulator.streams)
    assert len(streams) == 1
    assert pipeline.words == words(0, 30)
    assert len(pipeline.errors) == 1
    assert "keywords, newer, numerals were refused" in pipeline.errors[0]
    assert "keywords cannot be used with model nova-3. Nova-3 takes keyterm" in pipeline.errors[0]


async def test_what_a_container_does_not_know_is_taken_back_with_the_rest_of_its_delta() -> None:
    async with local_path("refuse=424:ModelError@connect,streams=2-4") as path:
        service = nova(path, allow_unknown_parameters=True)
        async with running(service) as pipeline:
            await pipeline.speak(marked_audio(0, 15))
            delta = Settings(model="nova-3-medical", extra={"newer": 1, "numerals": True})
            await pipeline.send(STTUpdateSettingsFrame(delta=delta))
            await pipeline.speak(marked_audio(15, 15))
            await pipeline.until(lambda p: p.errors)
            store = service._settings
            assert (store.model, store.numerals, store.extra) == ("nova-3", None, {})
    assert pipeline.words == words(0, 30)
    assert len(pipeline.errors) == 1


async def test_what_is_refused_after_the_first_stream_was_asked_for_is_taken_back() -> None:
    """It was being opened without them, so its coming up says nothing of them."""
    faults = ("late=0.5@connect,streams=1", "refuse=424:ModelError@connect,streams=2-4")
    async with local_path(*faults) as path:
        service = nova(path)
        async with running(service) as pipeline:
            delta = Settings(numerals=True)
            await pipeline.send(STTUpdateSettingsFrame(delta=delta))
            await pipeline.speak(marked_audio(0, 20))
            await pipeline.until(lambda p: p.errors)
            assert service._settings.numerals is None
    assert pipeline.words == words(0, 20)
    assert len(pipeline.errors) == 1
    assert "The settings numerals were refused" in pipeline.errors[0]


async def test_what_is_refused_while_a_lost_stream_is_replaced_is_taken_back() -> None:
    faults = (
        "reset@bytes=20000",
        "refuse=500:InternalServerException@connect,streams=2",
        "refuse=424:ModelError@connect,streams=3",
    )
    async with local_path(*faults) as path:
        service = nova(path, retry_policy=RetryPolicy(initial_backoff=1.0))
        async with running(service) as pipeline:
            await pipeline.speak(marked_audio(0, 10))
            await pipeline.until(lambda p: ("on_disconnected",) in p.handled)
            delta = Settings(numerals=True)
            await pipeline.send(STTUpdateSettingsFrame(delta=delta))
            await pipeline.speak(marked_audio(10, 10))
            await pipeline.until(lambda p: p.handled.count(("on_connected",)) == 2)
            assert (service.is_usable, service._settings.numerals) == (True, None)
        assert "numerals" not in path.emulator.streams[-1].query
    assert pipeline.words == words(0, 20)
    assert len(pipeline.errors) == 1
    assert "The settings numerals were refused" in pipeline.errors[0]


@pytest.mark.parametrize(
    ("delta", "said"),
    [
        ({"numerals": True}, "not a dict. Pass DeepgramSageMakerSTTSettings(name=value, ...)"),
        (
            LLMSettings(temperature=0.3),
            "LLMSettings sets temperature, which DeepgramSageMakerSTT",
        ),
    ],
    ids=["a dictionary", "another service's"],
)
async def test_a_delta_that_is_none_is_refused_with_a_sentence(delta: Any, said: str) -> None:
    async with local_path() as path:
        service = nova(path)
        async with running(service) as pipeline:
            await pipeline.send(STTUpdateSettingsFrame(delta=delta))
            await pipeline.until(lambda p: p.errors)
    assert len(pipeline.errors) == 1
    assert "were refused, and the previous ones stay in use" in pipeline.errors[0]
    assert said in pipeline.errors[0]


async def test_a_delta_of_pipecats_own_settings_is_applied_and_left_as_it_is() -> None:
    deltas = [ServiceSettings(model="nova-3-medical"), STTSettings(language=Language.NB)]
    async with local_path() as path:
        service = nova(path)
        async with running(service) as pipeline:
            await pipeline.until(lambda p: ("on_connected",) in p.handled)
            for delta in deltas:
                await pipeline.send(STTUpdateSettingsFrame(delta=delta))
            await pipeline.until(lambda p: ("on_stream_changed", "settings") in p.handled)
    assert (service._settings.model, service._settings.language) == ("nova-3-medical", "no")
    assert deltas[1].language is Language.NB  # type: ignore[attr-defined]
    assert pipeline.errors == []


async def test_a_later_delta_can_make_good_what_an_earlier_one_could_not_do() -> None:
    async with local_path() as path:
        service = nova(path)
        async with running(service) as pipeline:
            await pipeline.until(lambda p: ("on_connected",) in p.handled)
            for delta in (
                Settings(interim_results=False, utterance_end_ms=1000),
                Settings(utterance_end_ms=1000, language=Language.NB, extra={"numerals": True}),
            ):
                await pipeline.send(STTUpdateSettingsFrame(delta=delta))
            await pipeline.until(lambda p: ("on_stream_changed", "settings") in p.handled)
        queries = [stream.query for stream in path.emulator.streams]
    assert queries[1:] == [
        "model=nova-3&language=no&interim_results=true&numerals=true&punctuate=true"
        "&utterance_end_ms=1000&encoding=linear16&channels=1&sample_rate=16000"
    ]
    assert len(pipeline.errors) == 1
