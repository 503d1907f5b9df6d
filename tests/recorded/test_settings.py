# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
from typing import Any

import pytest

from pipecat_sagemaker_deepgram.exceptions import ConfigurationError
from pipecat_sagemaker_deepgram.recorded.settings import RecordedSettings


def test_a_stream_is_asked_for_interims_which_show_how_far_it_has_listened():
    query = RecordedSettings(keyterms=("Graz Ost",)).stream_query(8000)
    assert query == (
        "model=nova-3&language=en&punctuate=true&keyterm=Graz%20Ost&interim_results=true"
        "&channels=1&encoding=linear16&sample_rate=8000"
    )


def test_a_request_is_asked_for_utterances():
    settings = RecordedSettings(parameters={"diarize": True, "punctuate": None})
    assert settings.request_attributes() == (
        "v1/listen?model=nova-3&language=en&utterances=true&diarize=true"
    )


def test_flux_is_sent_what_it_knows():
    settings = RecordedSettings(model="flux-general-en", parameters={"eot_threshold": 0.8})
    assert settings.stream_query(16000) == (
        "model=flux-general-en&eot_threshold=0.8&encoding=linear16&sample_rate=16000"
    )


@pytest.mark.parametrize(
    ("model", "own", "sent"),
    [
        *[("nova-3", 8000, 8000), ("nova-3", 11025, 11025), ("nova-3", 48000, 16000)],
        *[("nova-3", 6000, 8000), ("flux-general-en", 11025, 16000)],
        *[("flux-general-en", 8000, 8000), ("flux-general-en", 48000, 16000)],
    ],
)
def test_no_more_is_sent_than_models_use(model: str, own: int, sent: int):
    assert RecordedSettings(model=model).rate_for(own) == sent


@pytest.mark.parametrize("model", ["nova-3", "flux-general-en"])
def test_a_parameter_that_is_newer_than_this_package_is_sent_to_those_who_insist(model: str):
    with pytest.raises(ConfigurationError, match="brand_new is not a known parameter"):
        RecordedSettings(model=model, parameters={"brand_new": 1}).stream_query(16000)
    settings = RecordedSettings(
        model=model, parameters={"brand_new": 1}, allow_unknown_parameters=True
    )
    assert "brand_new=1" in settings.stream_query(16000)


def test_what_the_audio_is_is_no_setting():
    with pytest.raises(ConfigurationError, match="encoding cannot be set"):
        RecordedSettings(parameters={"encoding": "mulaw"})


def test_a_request_takes_half_of_what_a_stream_does():
    settings = RecordedSettings(keyterms=tuple(f"term number {n}" for n in range(50)))
    assert settings.stream_query(16000)
    with pytest.raises(ConfigurationError, match="InvokeEndpoint accepts 1024"):
        settings.request_attributes()


def test_settings_may_be_text_as_environment_files_hold_them() -> None:
    given: Any = {"keyterms": "Graz Ost, Pipecat", "allow_unknown_parameters": "false"}
    settings = RecordedSettings(**given)
    assert settings.keyterms == ("Graz Ost", "Pipecat")
    assert settings.allow_unknown_parameters is False


def test_parameters_are_a_dictionary() -> None:
    given: Any = ["diarize"]
    with pytest.raises(ConfigurationError, match="parameters is of type list"):
        RecordedSettings(parameters=given)
