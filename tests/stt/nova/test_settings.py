# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
"""What of Deepgram Nova can be set."""

import inspect
from dataclasses import fields

import pytest
from pipecat.transcriptions.language import Language
from pipecat.utils.types import is_given

from pipecat_sagemaker_deepgram import DeepgramSageMakerSTTService
from pipecat_sagemaker_deepgram.deepgram.v1.query import build_nova_query
from pipecat_sagemaker_deepgram.exceptions import ConfigurationError
from pipecat_sagemaker_deepgram.stt.nova.settings import (
    DeepgramSageMakerSTTSettings,
    language_code,
)

FIELDS = {each.name for each in fields(DeepgramSageMakerSTTSettings)}


@pytest.mark.parametrize(
    "name",
    [
        *("model", "language", "language_hint", "version", "encoding", "sample_rate", "channels"),
        *("multichannel", "interim_results", "endpointing", "utterance_end_ms", "vad_events"),
        *("punctuate", "smart_format", "no_delay", "numerals", "dictation", "profanity_filter"),
        *("diarize", "diarize_model", "redact", "detect_entities", "keyterm", "keywords"),
        *("search", "replace", "tag", "mip_opt_out", "filler_words"),
    ],
)
def test_every_parameter_of_a_stream_is_a_setting_or_an_argument(name: str) -> None:
    arguments = set(inspect.signature(DeepgramSageMakerSTTService.__init__).parameters)
    assert len({name} & FIELDS) + len({name} & arguments) == 1


def test_settings_without_arguments_change_nothing() -> None:
    assert DeepgramSageMakerSTTSettings().given_fields() == {}


def test_the_defaults_are_complete_and_send_what_is_documented_and_no_more() -> None:
    settings = DeepgramSageMakerSTTSettings.defaults()
    assert all(is_given(value) for value in settings.given_fields().values())
    assert build_nova_query(settings.query_parameters()) == (
        "model=nova-3&language=en&interim_results=true&punctuate=true"
    )


def test_a_flag_that_is_set_to_false_is_sent() -> None:
    settings = DeepgramSageMakerSTTSettings.defaults()
    settings.apply_update(DeepgramSageMakerSTTSettings(numerals=False, punctuate=None))
    assert build_nova_query(settings.query_parameters()) == (
        "model=nova-3&language=en&interim_results=true&numerals=false"
    )


def test_no_language_sends_none() -> None:
    settings = DeepgramSageMakerSTTSettings.defaults()
    settings.apply_update(DeepgramSageMakerSTTSettings(language=None))
    assert "language" not in build_nova_query(settings.query_parameters())


def test_what_is_newer_than_the_settings_is_sent_as_it_is() -> None:
    settings = DeepgramSageMakerSTTSettings.defaults()
    settings.apply_update(DeepgramSageMakerSTTSettings.from_mapping({"newer": ["a b", 1]}))
    query = build_nova_query(settings.query_parameters(), allow_unknown=True)
    assert query.endswith("&newer=a%20b&newer=1")


@pytest.mark.parametrize("name", ["encoding", "sample_rate", "channels", "multichannel"])
def test_what_the_bytes_are_is_no_setting(name: str) -> None:
    settings = DeepgramSageMakerSTTSettings(extra={name: "linear16"})
    with pytest.raises(ConfigurationError, match=rf"{name} is not a setting.*Pass {name}="):
        settings.query_parameters()


@pytest.mark.parametrize(
    ("language", "code"),
    [
        (Language.EN, "en"),
        (Language.EN_US, "en-US"),
        (Language.PT_BR, "pt-BR"),
        (Language.ES_419, "es-419"),
        (Language.NL_BE, "nl-BE"),
        (Language.NB, "no"),
        (Language.NB_NO, "no"),
        (Language.NO, "no"),
        (Language.FIL_PH, "tl"),
        (Language.YUE_CN, "zh-HK"),
        (Language.CMN_CN, "zh-CN"),
    ],
)
def test_a_language_is_named_as_deepgram_names_it(language: Language, code: str) -> None:
    assert language_code(language) == code
    assert type(language_code(language)) is str
