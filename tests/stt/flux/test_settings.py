# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
"""Settings of Deepgram Flux and their query."""

from dataclasses import fields
from typing import Any

import pytest
from pipecat.transcriptions.language import Language
from pipecat.utils.types import is_given

from pipecat_sagemaker_deepgram import ConfigurationError, DeepgramFluxSageMakerSTTSettings
from pipecat_sagemaker_deepgram.stt.flux.parameters import FluxParameters

Settings = DeepgramFluxSageMakerSTTSettings


def _query(parameters: FluxParameters | None = None, **settings: Any) -> str:
    store = Settings.defaults()
    store.apply_update(Settings(**settings))
    return (parameters or FluxParameters()).query(store.values(), sample_rate=16_000)


def test_a_delta_gives_nothing_and_a_store_everything() -> None:
    assert Settings().given_fields() == {}
    store = Settings.defaults()
    assert all(is_given(getattr(store, each.name)) for each in fields(store))


def test_without_a_word_only_what_flux_needs_is_sent() -> None:
    assert _query() == "model=flux-general-en&encoding=linear16&sample_rate=16000"


def test_what_is_set_is_sent() -> None:
    query = _query(
        FluxParameters(encoding="mulaw", mip_opt_out=True, tag=["a b", "c"], allow_unknown=True),
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


def test_a_label_among_the_settings_goes_before_the_services() -> None:
    query = _query(FluxParameters(tag="a"), extra={"tag": "b"})
    assert query == "model=flux-general-en&tag=b&encoding=linear16&sample_rate=16000"


def test_hints_are_for_the_multilingual_model_only() -> None:
    assert "hint" not in _query(language_hints=[Language.EN])


def test_what_is_certainly_wrong_is_refused() -> None:
    with pytest.raises(ConfigurationError, match="eot_threshold"):
        _query(eot_threshold=2.0)


def test_what_has_no_effect_is_answered_with_a_word() -> None:
    store = Settings.defaults()
    assert list(store.warnings()) == []
    store.apply_update(Settings(language="en", language_hints=[Language.EN]))
    assert [text.split()[0] for text in store.warnings()] == ["Flux", "language_hints"]
    store.apply_update(Settings(language=None, model="flux-general-multi"))
    assert list(store.warnings()) == []
