# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
"""Deepgram Nova in a pipeline without a VAD: no word stays an interim until audio comes again."""

import time

import pytest
from pipecat.frames.frames import STTMuteFrame
from pipecat.transcriptions.language import Language

from pipecat_sagemaker_deepgram import DeepgramSageMakerSTTService
from pipecat_sagemaker_deepgram.container import ScriptedBehavior

from ...local_path import local_path, marked_audio, words
from ...pipelines import nova, running

LATE = ScriptedBehavior(interim_interval=0.2, final_interval=60.0)
"""No final comes unless it is asked for."""


@pytest.mark.parametrize("is_muted", [False, True], ids=["audio stops", "muted"])
async def test_finals_come_where_audio_stops(is_muted: bool) -> None:
    async with local_path(behavior=LATE) as path, running(nova(path)) as pipeline:
        await pipeline.speak(marked_audio(0, 20), speed=10)
        if is_muted:
            await pipeline.send(STTMuteFrame(mute=True))
        began = time.monotonic()
        await pipeline.until(lambda p: p.words == words(0, 20))
        assert time.monotonic() - began < 3.0
        assert len(pipeline.finals) == 1
        await pipeline.send(STTMuteFrame(mute=False))
        await pipeline.speak(marked_audio(20, 5), speed=10)
    assert pipeline.words == words(0, 25)


async def test_finals_come_in_a_pause_of_the_speaker_while_audio_goes_on() -> None:
    async with local_path(behavior=LATE) as path, running(nova(path)) as pipeline:
        await pipeline.speak(marked_audio(0, 10) + bytes(3 * 32_000), speed=2)
        assert pipeline.words == words(0, 10)


async def test_an_interim_stands_for_a_final_that_no_container_sends() -> None:
    async with local_path("silence@bytes=60000", behavior=LATE) as path:
        async with running(nova(path, close_timeout=0.1)) as pipeline:
            await pipeline.speak(marked_audio(0, 18), speed=10)
            await pipeline.until(lambda p: p.interims)
            await pipeline.until(lambda p: p.finals)
    assert pipeline.words == words(0, len(pipeline.words))


async def test_frames_have_the_language_that_was_asked_for() -> None:
    settings = DeepgramSageMakerSTTService.Settings(language="es")
    async with local_path() as path, running(nova(path, settings=settings)) as pipeline:
        await pipeline.speak(marked_audio(0, 20))
    assert {frame.language for frame in pipeline.finals} == {Language.ES}
