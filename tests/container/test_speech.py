# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
"""The real recogniser and the real voice, over HTTP."""

from collections.abc import AsyncIterator

import pytest

from pipecat_sagemaker_deepgram.container import ModelContainer, MoonshineRecognizer
from tests.speech_clips import Clip, excerpts, word_error_rate

from .conversation import submit, wav

pytestmark = pytest.mark.speech

SAYING = "Good morning. I would like to change the address for my delivery."


@pytest.fixture
async def container() -> AsyncIterator[ModelContainer]:
    async with ModelContainer(MoonshineRecognizer()) as container:
        await container.wait_until_ready(60)
        yield container


async def test_a_recording_of_a_person_is_transcribed_with_paragraphs(container: ModelContainer):
    clip = excerpts()[0]
    answer = await submit(
        container.url, "/v1/listen?model=nova-3&paragraphs=true", wav(clip.linear16())
    )
    (alternative,) = answer.json["results"]["channels"][0]["alternatives"]
    assert word_error_rate([(clip, alternative["transcript"])]) <= 0.1
    (first, *_) = alternative["paragraphs"]["paragraphs"]
    assert first["num_words"] > 5


async def test_what_the_voice_says_is_understood(container: ModelContainer):
    spoken = await submit(
        container.url,
        "/v1/speak?encoding=linear16&sample_rate=16000",
        f'{{"text":"{SAYING}"}}'.encode(),
        headers={"Content-Type": "application/json"},
    )
    answer = await submit(container.url, "/v1/listen?model=nova-3&smart_format=true", spoken.body)
    (alternative,) = answer.json["results"]["channels"][0]["alternatives"]
    heard = [(Clip("saying", SAYING, excerpts()[0].path), alternative["transcript"])]
    assert word_error_rate(heard) <= 0.1
