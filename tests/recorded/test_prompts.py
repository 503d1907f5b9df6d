# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
"""Telephone prompts that a person has spoken, through the real local recogniser."""

import pytest

from pipecat_sagemaker_deepgram.container import MoonshineRecognizer
from pipecat_sagemaker_deepgram.emulator import SageMakerEmulator
from pipecat_sagemaker_deepgram.recorded import ModeWanted, Source, transcribe_files
from tests.local_path import local_path
from tests.speech_clips import NO_PROMPTS, Clip, telephone_prompts, word_error_rate

from .places import transcriber_of

pytestmark = [
    pytest.mark.speech,
    pytest.mark.skipif(not telephone_prompts(), reason=NO_PROMPTS),
]


async def test_streams_at_full_speed_and_requests_hear_the_same():
    clips = telephone_prompts()
    async with local_path(recognizer=MoonshineRecognizer()) as path:
        by_stream, by_request = [
            await heard(path.emulator, clips, mode) for mode in ("stream", "sync")
        ]
    assert by_stream == by_request
    assert word_error_rate([(clip, by_stream[str(clip.path)]) for clip in clips]) <= 0.1


async def heard(emulator: SageMakerEmulator, clips: list[Clip], mode: ModeWanted) -> dict[str, str]:
    async with transcriber_of(emulator, mode=mode) as transcriber:
        sources = [Source(str(clip.path)) for clip in clips]
        found = {}
        async for each in transcribe_files(transcriber, sources, jobs=2):
            assert each.transcript is not None, each.error
            found[each.source.name] = each.transcript.text
    return found
