# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
"""Human speech through the whole path: pipeline, service, client, SDK, HTTP/2, recogniser."""

from collections.abc import AsyncIterator

import pytest

from pipecat_sagemaker_deepgram.client import ClientConfig
from pipecat_sagemaker_deepgram.container import ModelContainer, MoonshineRecognizer
from pipecat_sagemaker_deepgram.emulator import FaultScript, SageMakerEmulator, parse_fault

from ..local_path import LocalPath
from ..pipelines import nova, running
from ..speech_clips import Clip, human_clips, two_cities, word_error_rate

pytestmark = pytest.mark.speech

SILENCE = bytes(32_000)


@pytest.fixture
async def speech_path() -> AsyncIterator[LocalPath]:
    async with ModelContainer(MoonshineRecognizer()) as container:
        await container.wait_until_ready(60)
        async with SageMakerEmulator(container.url, faults=FaultScript()) as emulator:
            yield LocalPath(emulator)


async def _transcribe(path: LocalPath, clip: Clip, *, speed: float = 8.0) -> str:
    service = nova(path, client_config=ClientConfig(close_timeout=60))
    async with running(service, end_timeout=60) as pipeline:
        await pipeline.speak(clip.linear16() + SILENCE, speed=speed)
    assert pipeline.errors == []
    return " ".join(frame.text for frame in pipeline.finals)


async def test_human_clips_are_understood(speech_path: LocalPath) -> None:
    clips = human_clips()
    assert len(clips) >= 3
    heard = [(clip, await _transcribe(speech_path, clip)) for clip in clips]
    assert word_error_rate(heard) <= 0.10


async def test_a_stream_cut_in_the_middle_of_human_speech_costs_no_word(
    speech_path: LocalPath,
) -> None:
    clip = two_cities()
    speech_path.emulator.faults.add(parse_fault("reset@bytes=500000,streams=1"))
    speech_path.emulator.faults.add(parse_fault("drop@bytes=300000,streams=2"))
    heard = await _transcribe(speech_path, clip)
    assert word_error_rate([(clip, heard)]) <= 0.12
    assert len(speech_path.emulator.streams) == 3
