# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
"""The plugin's fixtures and marks, used as users do."""

import os

import pytest
from boto3.session import Session

from pipecat_sagemaker_deepgram import DeepgramSageMakerSTTService
from pipecat_sagemaker_deepgram.testing import (
    LocalEndpoint,
    recorded_speech,
    run_stt,
    scripted_speech,
)
from pipecat_sagemaker_deepgram.testing.fixtures import options_of

pytest_plugins = "pipecat_sagemaker_deepgram.testing"


@pytest.mark.sagemaker_endpoint(name="mine", faults=["reset@bytes=32000"])
async def test_the_mark_sets_the_endpoint_up(sagemaker_endpoint: LocalEndpoint):
    speech = scripted_speech(words=20)
    heard = await run_stt(DeepgramSageMakerSTTService(**sagemaker_endpoint.options), speech)
    assert heard.words == speech.words
    assert len(sagemaker_endpoint.streams) == 2
    assert sagemaker_endpoint.streams[0].endpoint_name == "mine"


@pytest.mark.asyncio(loop_scope="module")
async def test_each_test_has_an_endpoint_of_its_own_on_a_loop_of_any_scope(
    sagemaker_endpoint: LocalEndpoint,
):
    speech = scripted_speech(words=10)
    heard = await run_stt(DeepgramSageMakerSTTService(**sagemaker_endpoint.options), speech)
    assert heard.words == speech.words
    assert len(sagemaker_endpoint.streams) == 1


def test_an_unmodified_client_finds_it_by_the_environment(sagemaker_environment: LocalEndpoint):
    name = os.environ["SAGEMAKER_STT_ENDPOINT_NAME"]
    client = Session().client("sagemaker")
    assert client.describe_endpoint(EndpointName=name)["EndpointStatus"] == "InService"
    client.close()


@pytest.mark.speech
@pytest.mark.real_recognizer
async def test_a_person_is_understood(sagemaker_endpoint: LocalEndpoint):
    speech = recorded_speech()
    stt = DeepgramSageMakerSTTService(**sagemaker_endpoint.options)
    heard = await run_stt(stt, speech, speed=4)
    assert len(set(heard.words) & set(speech.words)) >= 8


@pytest.mark.parametrize(
    ("marks", "words"),
    [
        ([pytest.mark.sagemaker_endpoint(colour="red")], "cannot be read: .*colour"),
        (
            [pytest.mark.real_recognizer, pytest.mark.sagemaker_endpoint(behavior=object())],
            "cannot be combined with behavior or flux",
        ),
    ],
)
def test_marks_that_make_no_sense_are_wrong_usage(
    request: pytest.FixtureRequest, marks: list[pytest.MarkDecorator], words: str
):
    for mark in marks:
        request.node.add_marker(mark)
    with pytest.raises(pytest.UsageError, match=words):
        options_of(request.node)
