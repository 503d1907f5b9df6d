# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
"""The real recogniser and the real voice behind the endpoint, by unmodified boto3."""

from collections.abc import Iterator

import pytest

from pipecat_sagemaker_deepgram.testing import EndpointOptions, local_endpoint
from pipecat_sagemaker_deepgram.testing.endpoint import real_container
from tests.speech_clips import Clip, excerpts, word_error_rate

from ..container.conversation import wav
from .boto3_client import WAV, Runtime, boto3_runtime
from .endpoints import NAME

pytestmark = pytest.mark.speech

SAYING = "Good morning. I would like to change the address for my delivery."


@pytest.fixture(scope="module")
def real_runtime() -> Iterator[Runtime]:
    with (
        real_container() as url,
        local_endpoint(EndpointOptions(name=NAME), container_url=url) as endpoint,
        boto3_runtime(endpoint) as runtime,
    ):
        yield runtime


def test_a_recording_of_a_person_is_transcribed(real_runtime: Runtime):
    clip = excerpts()[0]
    answer = real_runtime.invoke(
        "v1/listen?model=nova-3&smart_format=true", wav(clip.linear16()), WAV
    )
    assert word_error_rate([(clip, answer.transcript)]) <= 0.1
    assert "." in answer.transcript


def test_what_the_voice_says_is_understood(real_runtime: Runtime):
    spoken = real_runtime.speak(
        "v1/speak?model=aura-2-thalia-en&encoding=linear16&container=wav", SAYING
    )
    answer = real_runtime.invoke("v1/listen?model=nova-3", spoken.body, WAV)
    heard = [(Clip("saying", SAYING, excerpts()[0].path), answer.transcript)]
    assert word_error_rate(heard) <= 0.1
