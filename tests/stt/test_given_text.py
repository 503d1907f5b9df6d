# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
"""What is given to the services as text, or by a name that is none: taken, or refused in time."""

from collections.abc import Iterator
from dataclasses import fields
from inspect import signature
from typing import Any, get_args, get_origin, get_type_hints

import pytest
from pipecat.frames.frames import STTUpdateSettingsFrame
from pipecat.services.settings import STTSettings

from pipecat_sagemaker_deepgram import (
    ConfigurationError,
    DeepgramFluxSageMakerSTTService,
    DeepgramSageMakerSTTService,
)
from pipecat_sagemaker_deepgram.stt.flux.service import FluxServiceOptions
from pipecat_sagemaker_deepgram.stt.options import STTServiceOptions

from ..flux_pipelines import flux, flux_path
from ..local_path import local_path, marked_audio, words
from ..pipelines import nova, running

NOVA, FLUX = DeepgramSageMakerSTTService, DeepgramFluxSageMakerSTTService
NovaSettings, FluxSettings = NOVA.Settings, FLUX.Settings
PLACE: dict[str, Any] = {"endpoint_name": "deepgram", "region": "us-east-1"}
MULTILINGUAL = "flux-general-multi"


def _kinds(annotation: Any) -> set[Any]:
    found = set(get_args(annotation) or (annotation,))
    return {get_origin(each) or each for each in found}


def _arguments() -> Iterator[Any]:
    for service, options in ((NOVA, STTServiceOptions), (FLUX, FluxServiceOptions)):
        own = signature(service.__init__).parameters
        hints = get_type_hints(service.__init__) | get_type_hints(options)
        for name, annotation in hints.items():
            is_argument = name in own or name in options.__annotations__
            if is_argument and _kinds(annotation) & {int, float, bool}:
                yield pytest.param(service, name, id=f"{service.__name__}-{name}")


@pytest.mark.parametrize(("service", "name"), list(_arguments()))
def test_every_number_and_boolean_of_a_service_is_refused_by_name(service: Any, name: str) -> None:
    with pytest.raises(ConfigurationError, match=f"^{name} is 'many'"):
        service(**PLACE, **{name: "many"})


def _settings() -> Iterator[Any]:
    for kind in (NovaSettings, FluxSettings):
        hints = get_type_hints(kind)
        for each in fields(kind):
            kinds = _kinds(hints[each.name])
            if kinds & {int, float, bool, list}:
                yield pytest.param(kind, each.name, kinds, id=f"{kind.__name__}-{each.name}")


@pytest.mark.parametrize(("kind", "name", "kinds"), list(_settings()))
def test_every_setting_may_be_text(kind: Any, name: str, kinds: set[Any]) -> None:
    store = kind.defaults()
    if list in kinds:
        store.apply_update(kind(**{name: "a, b"}))
        assert getattr(store, name) == ["a", "b"]
        return
    text, value = ("false", False) if bool in kinds else ("5", 5)
    store.apply_update(kind(**{name: text}))
    assert (getattr(store, name), type(getattr(store, name))) in ((value, type(value)), (5, float))
    with pytest.raises(ConfigurationError, match=f"^{name} is 'many'"):
        store.apply_update(kind(**{name: "many"}))


async def test_text_is_sent_as_what_it_stands_for() -> None:
    async with local_path() as path:
        given: dict[str, Any] = {
            "channels": "1",
            "multichannel": "false",
            "frame_per_speaker": "False",
            "mip_opt_out": "true",
            "close_timeout": "7.5",
            "use_fips": "false",
            "finalize_timeout": "1.5",
            "tag": "a,b",
        }
        text: dict[str, Any] = {"keyterm": "one, two", "numerals": "true", "endpointing": "300"}
        service = nova(path, settings=NovaSettings(**text), **given)
        async with running(service) as pipeline:
            await pipeline.speak(marked_audio(0, 10))
        query = path.emulator.streams[0].query
    assert pipeline.words == words(0, 10)
    assert query.startswith("mip_opt_out=true&tag=a&tag=b&")
    assert "&endpointing=300&" in query
    assert "&keyterm=one&keyterm=two&numerals=true&" in query


async def test_a_call_of_flux_is_heard_whose_numbers_come_as_text() -> None:
    text: dict[str, Any] = {
        "model": MULTILINGUAL,
        "min_confidence": "0.3",
        "eot_threshold": "0.8",
        "eot_timeout_ms": "3000",
        "language_hints": "es,en",
    }
    given: dict[str, Any] = {"watchdog_min_timeout": "0.5", "should_interrupt": "false"}
    async with flux_path() as path:
        service = flux(path, settings=FluxSettings(**text), **given)
        async with running(service) as pipeline:
            await pipeline.speak(marked_audio(0, 10) + bytes(32_000))
            more: Any = {"min_confidence": "0.2", "numerals": "false"}
            await pipeline.send(STTUpdateSettingsFrame(delta=FluxSettings(**more)))
            await pipeline.speak(marked_audio(10, 10) + bytes(32_000))
            await pipeline.until(lambda p: len(p.finals) == 2)
            store = service._settings
            assert (store.min_confidence, store.numerals) == (0.2, False)
        query = path.emulator.streams[0].query
    assert pipeline.errors == []
    assert pipeline.words == words(0, 20)
    assert "eot_threshold=0.8&eot_timeout_ms=3000" in query
    assert query.count("language_hint=") == 2


# What no container takes: a sentence, and nothing is sent

REFUSED: list[tuple[Any, dict[str, Any], str]] = [
    # A number, a boolean or a list that is none
    (FluxSettings, {"min_confidence": "high"}, "min_confidence is 'high'. It takes a number"),
    (FluxSettings, {"min_confidence": "30"}, "min_confidence is 30.0; it must be between 0 and 1"),
    (FluxSettings, {"eot_timeout_ms": "5 s"}, "eot_timeout_ms is '5 s'. It takes a whole number"),
    (FluxSettings, {"numerals": "perhaps"}, "numerals is 'perhaps'. It takes True or False"),
    (NovaSettings, {"punctuate": "on"}, "punctuate is 'on'. It takes True or False"),
    (NovaSettings, {"utterance_end_ms": "1 s"}, "utterance_end_ms is '1 s'. It takes a whole"),
    (NovaSettings, {"extra": {"numerals": "on"}}, "numerals is 'on'. It takes True or False"),
    # A language that the model does not know
    (
        FluxSettings,
        {"model": MULTILINGUAL, "language_hints": "es,ko"},
        "language_hints contains ko, which Flux does not know. It knows de, en",
    ),
    # Another model's
    (
        FluxSettings,
        {"model": "nova-3"},
        "model nova-3 is served on v1/listen, not on v2/listen. Use DeepgramSageMakerSTTService",
    ),
    (NovaSettings, {"model": "flux-general-en"}, "model flux-general-en is served on v2/listen"),
    (
        FluxSettings,
        {"extra": {"smart_format": True}},
        "Deepgram Flux has no smart_format, a parameter of Deepgram Nova. Leave it out",
    ),
    (NovaSettings, {"extra": {"eot_threshold": 0.7}}, "eot_threshold cannot be used: it is"),
    # A slip
    (FluxSettings, {"extra": {"keyterms": ["a"]}}, "Did you mean keyterm?"),
    (NovaSettings, {"extra": {"keyterms": ["a"]}}, "Did you mean keyterm?"),
    (FluxSettings, {"extra": {"eot_treshold": 0.7}}, "Did you mean eot_threshold?"),
    (NovaSettings, {"extra": {"language_hints": ["es"]}}, "Did you mean language_hint?"),
    # What is not known
    (FluxSettings, {"extra": {"brand_new": 1}}, "pass allow_unknown_parameters=True"),
    (NovaSettings, {"extra": {"brand_new": 1}}, "pass allow_unknown_parameters=True"),
    # What is fixed when the service is made
    (FluxSettings, {"extra": {"sample_rate": 8000}}, "sample_rate is not a setting"),
]


def _service(path: Any, kind: Any, **options: Any) -> Any:
    return nova(path, **options) if kind is NovaSettings else flux(path, **options)


async def test_what_no_container_takes_is_refused_at_construction_and_nothing_is_sent() -> None:
    async with local_path() as path:
        for kind, given, reported in REFUSED:
            with pytest.raises(ConfigurationError) as refused:
                _service(path, kind, settings=kind(**given))
            assert reported in str(refused.value), given
        assert not path.emulator.streams


@pytest.mark.parametrize("kind", [NovaSettings, FluxSettings])
async def test_what_no_container_takes_is_refused_in_a_frame_and_no_stream_is_opened(
    kind: Any,
) -> None:
    wrong = [(given, reported) for other, given, reported in REFUSED if other is kind]
    async with local_path() if kind is NovaSettings else flux_path() as path:
        service = _service(path, kind)
        before = service._settings.copy()
        async with running(service) as pipeline:
            await pipeline.until(lambda p: ("on_connected",) in p.handled)
            for given, reported in wrong:
                seen = len(pipeline.errors)
                await pipeline.send(STTUpdateSettingsFrame(delta=kind(**given)))
                await pipeline.until(lambda p, seen=seen: len(p.errors) > seen)
                assert reported in pipeline.errors[-1], given
                assert service._settings == before
        assert len(path.emulator.streams) == 1


@pytest.mark.parametrize("kind", [NovaSettings, FluxSettings])
async def test_who_insists_has_a_new_parameter_sent(kind: Any) -> None:
    async with local_path() as path:
        settings = kind(extra={"brand_new": 1})
        given: dict[str, Any] = {"allow_unknown_parameters": "true"}
        service = _service(path, kind, settings=settings, **given)
        values = () if kind is NovaSettings else (service._settings.values(),)
        assert "brand_new=1" in service._query(*values)


@pytest.mark.parametrize(
    ("service", "settings", "reported"),
    [
        (FLUX, NovaSettings(smart_format=True), "sets smart_format, which"),
        (NOVA, FluxSettings(eot_threshold=0.7), "sets eot_threshold, which"),
        (FLUX, STTSettings(model="nova-3"), "model nova-3 is served on v1/listen"),
    ],
)
def test_settings_of_another_service_are_not_lost_without_a_word(
    service: Any, settings: Any, reported: str
) -> None:
    with pytest.raises(ConfigurationError, match=reported):
        service(**PLACE, settings=settings)
