# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
"""The whole query of a Deepgram Nova stream."""

from typing import Any

import pytest

from pipecat_sagemaker_deepgram import DeepgramSageMakerSTTService
from pipecat_sagemaker_deepgram.exceptions import ConfigurationError
from pipecat_sagemaker_deepgram.stt.nova.parameters import NovaParameters
from pipecat_sagemaker_deepgram.stt.nova.settings import DeepgramSageMakerSTTSettings

DEFAULT = (
    "model=nova-3&language=en&interim_results=true&punctuate=true&encoding=linear16&channels=1"
)


def query(fixed: dict[str, Any], settings: dict[str, Any] | None = None) -> str:
    store = DeepgramSageMakerSTTSettings.defaults()
    store.apply_update(DeepgramSageMakerSTTSettings.from_mapping(settings or {}))
    return NovaParameters(**fixed).query(store)


def test_without_a_word_the_documented_defaults_are_sent_and_no_more() -> None:
    assert query({}) == DEFAULT


@pytest.mark.parametrize(
    ("own", "pipelines", "sent"), [(None, 16_000, 16_000), (8_000, 0, 8_000), (8_000, 8_000, 8_000)]
)
def test_the_sample_rate_is_the_audios(own: int | None, pipelines: int, sent: int) -> None:
    written = NovaParameters(sample_rate=own).query(
        DeepgramSageMakerSTTSettings.defaults(), sample_rate=pipelines
    )
    assert written == f"{DEFAULT}&sample_rate={sent}"


def test_everything_that_is_set_is_sent() -> None:
    fixed = {
        "encoding": "mulaw",
        "channels": 2,
        "multichannel": True,
        "sample_rate": 8_000,
        "mip_opt_out": True,
        "tag": ["support", "team a"],
        "extra_metadata": {"call": "42", "at": "10:30"},
    }
    assert query(fixed, {"keyterm": ["Pipe cat"], "endpointing": False, "language": None}) == (
        "mip_opt_out=true&tag=support&tag=team%20a&extra=call%3A42&extra=at%3A10%3A30"
        "&model=nova-3&endpointing=false&interim_results=true&keyterm=Pipe%20cat&punctuate=true"
        "&encoding=mulaw&channels=2&multichannel=true&sample_rate=8000"
    )


def test_labels_can_be_given_as_extra_settings_as_with_pipecats_own_service() -> None:
    written = query({"tag": "a"}, {"tag": ["b"], "extra": "call:42"})
    assert written == f"tag=b&extra=call%3A42&{DEFAULT}"


@pytest.mark.parametrize(
    ("fixed", "settings", "said"),
    [
        ({"multichannel": True}, {}, "one channel only"),
        ({"channels": "two"}, {}, "channels is 'two'"),
        ({"channels": 0}, {}, "channels is '0'"),
        ({"sample_rate": "8 kHz"}, {}, "sample_rate is '8 kHz'"),
        ({"sample_rate": True}, {}, "sample_rate is True"),
        ({"extra_metadata": ["a:b"]}, {}, "extra_metadata is of type list"),
        ({"sample_rate": -1}, {}, "sample_rate is '-1'"),
        ({"tag": ""}, {}, "tag holds an empty value"),
        ({"mip_opt_out": "yes"}, {}, "mip_opt_out is 'yes'"),
        ({"extra_metadata": {"": "a"}}, {}, "extra is ':a'"),
        ({}, {"keywords": ["a"]}, "Nova-3 takes keyterm"),
        ({}, {"encoding": "mulaw"}, "Pass encoding="),
        ({}, {"callback": "https://example.com"}, "no network"),
    ],
)
def test_a_contradiction_is_refused(
    fixed: dict[str, Any], settings: dict[str, Any], said: str
) -> None:
    with pytest.raises(ConfigurationError, match=said):
        query(fixed, settings)


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ({"encoding": "opus"}, "encoding 'opus' cannot be used"),
        ({"encoding": "pcm"}, "encoding 'pcm' cannot be used"),
        ({"multichannel": True}, "multichannel has one channel only"),
        ({"settings": DeepgramSageMakerSTTSettings(keywords=["a"])}, "keywords cannot be used"),
        (
            {"settings": DeepgramSageMakerSTTSettings(keyterm=["x" * 100] * 30)},
            "keyterm alone takes",
        ),
        (
            {"settings": DeepgramSageMakerSTTSettings(extra={"callback": "https://example.com"})},
            "callback cannot",
        ),
        (
            {"settings": DeepgramSageMakerSTTSettings(extra={"sample_rate": 8000})},
            "sample_rate is not a setting",
        ),
    ],
)
def test_what_cannot_work_is_refused_before_anything_is_opened(
    options: dict[str, Any], said: str
) -> None:
    with pytest.raises(ConfigurationError, match=said):
        DeepgramSageMakerSTTService(endpoint_name="deepgram", region="us-east-1", **options)
