# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
"""Settings of Deepgram Flux, their query and their ``Configure``."""

import json
from dataclasses import fields
from typing import Any

import pytest
from pipecat.transcriptions.language import Language
from pipecat.utils.types import is_given

from pipecat_sagemaker_deepgram import ConfigurationError, DeepgramFluxSageMakerSTTSettings
from pipecat_sagemaker_deepgram.stt.flux.parameters import FluxParameters
from pipecat_sagemaker_deepgram.stt.flux.settings import language_codes

Settings = DeepgramFluxSageMakerSTTSettings


def _query(parameters: FluxParameters | None = None, **settings: Any) -> str:
    store = Settings.defaults()
    store.apply_update(Settings(**settings))
    return (parameters or FluxParameters()).query(store, sample_rate=16_000)


def test_a_delta_gives_nothing_and_a_store_everything() -> None:
    assert Settings().given_fields() == {}
    store = Settings.defaults()
    assert all(is_given(getattr(store, each.name)) for each in fields(store))


def test_without_a_word_only_what_flux_needs_is_sent() -> None:
    assert _query() == "model=flux-general-en&encoding=linear16&sample_rate=16000"


def test_what_is_set_is_sent() -> None:
    query = _query(
        FluxParameters(encoding="mulaw", mip_opt_out=True, tag=["a b", "c"]),
        model="flux-general-multi",
        eot_threshold=0.8,
        eager_eot_threshold=0.4,
        eot_timeout_ms=4000,
        keyterm=["Pipe cat", "Deepgram"],
        language_hints=[Language.EN_GB, Language.EN, Language.ES],
        numerals=False,
        profanity_filter=True,
        redact="numbers",
        min_confidence=0.5,
        language="en",
        extra={"new": 1},
    )
    assert query == (
        "model=flux-general-multi&eot_threshold=0.8&eager_eot_threshold=0.4&eot_timeout_ms=4000"
        "&keyterm=Pipe%20cat&keyterm=Deepgram&numerals=false&profanity_filter=true&redact=numbers"
        "&language_hint=en&language_hint=es&new=1&encoding=mulaw&sample_rate=16000"
        "&mip_opt_out=true&tag=a%20b&tag=c"
    )


def test_hints_are_for_the_multilingual_model_only() -> None:
    assert "hint" not in _query(language_hints=[Language.EN])


def test_what_is_certainly_wrong_is_refused() -> None:
    with pytest.raises(ConfigurationError, match="eot_threshold"):
        _query(eot_threshold=2.0)


def test_languages_lose_their_region_and_unknown_ones_are_left_out() -> None:
    assert language_codes([Language.PT_BR, "pt", "xx", Language.JA]) == ["pt", "ja"]
    assert language_codes(None) == []


def test_configure_has_the_values_of_the_names_it_is_given() -> None:
    store = Settings.defaults()
    store.apply_update(
        Settings(model="flux-general-multi", eot_threshold=0.8, keyterm=["a"], numerals=True)
    )
    assert json.loads(store.configure_text(["eot_threshold"])) == {
        "type": "Configure",
        "thresholds": {"eot_threshold": 0.8},
    }
    assert json.loads(store.configure_text(["keyterm", "numerals", "language_hints"])) == {
        "type": "Configure",
        "keyterms": ["a"],
        "language_hints": [],
        "numerals": True,
    }


def test_configure_leaves_out_what_it_cannot_tell() -> None:
    """A container keeps a threshold over a null; only one model is told of languages."""
    store = Settings.defaults()
    store.apply_update(Settings(eot_threshold=0.8, language_hints=[Language.EN]))
    names = ["eot_threshold", "eager_eot_threshold", "language_hints", "redact"]
    assert store.configurable(names) == {"eot_threshold"}
    assert json.loads(store.configure_text(names)) == {
        "type": "Configure",
        "thresholds": {"eot_threshold": 0.8},
    }
    store.model = "flux-general-multi"
    assert store.configurable(names) == {"eot_threshold", "language_hints"}


def test_the_containers_own_timeout_holds_unless_another_is_set() -> None:
    store = Settings.defaults()
    assert store.eot_timeout == 5.0
    store.eot_timeout_ms = 700
    assert store.eot_timeout == 0.7
