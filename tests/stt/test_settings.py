# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
"""Settings as a store and as deltas."""

from dataclasses import dataclass
from typing import Any

import pytest
from pipecat.services.settings import ServiceSettings, STTSettings, TTSSettings
from pipecat.utils.types import NOT_GIVEN

from pipecat_sagemaker_deepgram import (
    ConfigurationError,
    DeepgramFluxSageMakerSTTService,
    DeepgramSageMakerSTTService,
    DeepgramSageMakerSTTSettings,
)
from pipecat_sagemaker_deepgram.stt.settings import QuerySettings, own_delta, restore


@dataclass
class Settings(QuerySettings):
    """Two settings."""

    diarize: Any = NOT_GIVEN
    keyterm: Any = NOT_GIVEN


def store(**given: Any) -> Settings:
    return Settings(**given).complete()


def test_a_delta_holds_nothing_but_what_is_given() -> None:
    assert Settings().given_fields() == {}


def test_a_complete_store_has_no_gaps() -> None:
    settings = store(model="m")
    assert (settings.model, settings.language, settings.diarize) == ("m", None, None)


def test_only_what_is_given_changes_and_the_values_before_come_back() -> None:
    settings = store(model="m", diarize=True)
    assert settings.apply_update(Settings(diarize=False, keyterm=["a"])) == {
        "diarize": True,
        "keyterm": None,
    }
    assert (settings.model, settings.diarize, settings.keyterm) == ("m", False, ["a"])


def test_none_takes_a_setting_back() -> None:
    settings = store(diarize=True)
    assert settings.apply_update(Settings(diarize=None)) == {"diarize": True}


def test_an_extra_key_that_names_a_field_is_that_field() -> None:
    settings = store()
    delta = Settings(extra={"diarize": True, "model": "m", "newer": 1})
    assert settings.apply_update(delta) == {"diarize": None, "model": None, "newer": NOT_GIVEN}
    assert (settings.diarize, settings.model, settings.extra) == (True, "m", {"newer": 1})
    assert delta.extra == {"diarize": True, "model": "m", "newer": 1}


def test_a_field_goes_before_an_extra_key_of_its_name() -> None:
    settings = store()
    settings.apply_update(Settings(diarize=False, extra={"diarize": True}))
    assert (settings.diarize, settings.extra) == (False, {})


def test_pipecats_plain_settings_are_a_delta_too() -> None:
    settings = store(model="m", diarize=True)
    settings.apply_update(STTSettings(language="de", extra={"keyterm": ["a"]}))
    assert settings.query_parameters() == {
        "model": "m",
        "language": "de",
        "diarize": True,
        "keyterm": ["a"],
    }


def test_a_list_that_grows_after_it_was_given_changes_nothing_until_it_is_given_again() -> None:
    settings, terms = store(), ["a"]
    settings.apply_update(Settings(keyterm=terms))
    terms.append("b")
    assert settings.keyterm == ["a"]
    assert settings.apply_update(Settings(keyterm=terms)) == {"keyterm": ["a"]}


@pytest.mark.parametrize(
    "delta",
    [
        Settings(model="n", keyterm=["a"]),
        Settings(extra={"newer": 1}),
        Settings(extra={"older": 2}),
        Settings(extra={"diarize": False, "newer": 1}, language="de"),
    ],
)
def test_what_was_refused_can_be_undone(delta: Settings) -> None:
    settings = store(model="m", diarize=True, extra={"older": 1})
    before = settings.copy()
    restore(settings, settings.apply_update(delta))
    assert settings == before


def test_the_parameters_are_the_settings_by_their_names_and_extra() -> None:
    settings = store(model="m", diarize=True, extra={"newer": [1]})
    assert list(settings.query_parameters().items()) == [
        ("model", "m"),
        ("language", None),
        ("diarize", True),
        ("keyterm", None),
        ("newer", [1]),
    ]


@pytest.mark.parametrize(
    "service", [DeepgramSageMakerSTTService, DeepgramFluxSageMakerSTTService], ids=["nova", "flux"]
)
@pytest.mark.parametrize("given", [{}, {"keyterm": ["Pipecat"]}, "keyterm=Pipecat"])
def test_what_are_no_settings_is_refused_with_what_to_write(service: Any, given: Any) -> None:
    name = service.Settings.__name__
    reported = (
        rf"settings must be a {name}, not a {type(given).__name__}\. Pass {name}\(name=value, "
    )
    with pytest.raises(ConfigurationError, match=reported):
        service(endpoint_name="deepgram", region="us-east-1", settings=given)


# A delta

DEFAULTS = DeepgramSageMakerSTTSettings.defaults()


@pytest.mark.parametrize("kind", [DeepgramSageMakerSTTSettings, STTSettings, ServiceSettings])
def test_what_a_delta_gives_is_kept_whatever_its_class(kind: type[ServiceSettings]) -> None:
    delta = kind(model="nova-2", extra={"newer": 1})
    assert own_delta(DEFAULTS, delta) == DeepgramSageMakerSTTSettings(
        model="nova-2", extra={"newer": 1}
    )


@pytest.mark.parametrize(
    ("delta", "said"),
    [
        ({"model": "nova-2"}, "not a dict"),
        (None, "not a NoneType"),
        (
            TTSSettings(voice="alice", model="nova-2"),
            "TTSSettings sets voice, which",
        ),
    ],
)
def test_what_is_no_delta_of_the_service_is_refused(delta: object, said: str) -> None:
    with pytest.raises(ConfigurationError, match=said):
        own_delta(DEFAULTS, delta)
