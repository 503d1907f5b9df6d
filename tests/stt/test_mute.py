# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
"""Muted is muted: of what is said in a mute no word comes out, whenever its final comes."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import pytest
from pipecat.frames.frames import (
    Frame,
    InterimTranscriptionFrame,
    STTMuteFrame,
    TranscriptionFrame,
    UserMuteStartedFrame,
    UserMuteStoppedFrame,
)

from pipecat_sagemaker_deepgram.container import ScriptedBehavior

from ..fault_tables import RecordProperty, record_row
from ..flux_pipelines import PAUSE, assert_balanced, flux, flux_path, turns_of
from ..local_path import local_path, marked_audio, words
from ..pipelines import RunningPipeline, nova, running

TABLE_ROW = "a caller who speaks while muted, and then goes on"
LATE = ScriptedBehavior(interim_interval=0.1, final_interval=9.0)
"""One final for it all, at the end."""


@asynccontextmanager
async def _pipeline(kind: str, *faults: str, **options: Any) -> AsyncIterator[RunningPipeline]:
    if kind == "flux":
        async with flux_path(*faults) as path, running(flux(path, **options)) as pipeline:
            yield pipeline
    else:
        async with local_path(*faults, behavior=LATE) as path:
            async with running(nova(path, **options)) as pipeline:
                yield pipeline


async def _greet(pipeline: RunningPipeline, before: int = 0) -> None:
    """The caller speaks into the greeting, during which the user is muted, and once more then."""
    await pipeline.speak(marked_audio(0, before))
    await pipeline.send(UserMuteStartedFrame())
    await pipeline.speak(marked_audio(100, 20))
    await pipeline.send(UserMuteStoppedFrame())
    await pipeline.speak(marked_audio(200, 10) + PAUSE)


def _said(pipeline: RunningPipeline) -> set[str]:
    """All words of interims and finals."""
    texts = [
        frame.text
        for frame in pipeline.down
        if isinstance(frame, TranscriptionFrame | InterimTranscriptionFrame)
    ]
    return set(" ".join(texts).split())


@pytest.mark.parametrize("kind", ["nova", "flux"])
async def test_a_caller_who_is_muted_while_the_bot_greets_is_heard_only_afterwards(
    kind: str, record_property: RecordProperty
) -> None:
    async with _pipeline(kind) as pipeline:
        await _greet(pipeline)
    assert pipeline.words == words(200, 10)
    assert _said(pipeline) == set(words(200, 10))
    if kind == "nova":
        said = words(200, 10)
        record_row(record_property, TABLE_ROW, said=said, heard=pipeline.words, losses=0)


@pytest.mark.parametrize("kind", ["nova", "flux"])
async def test_a_stream_that_is_lost_in_a_mute_brings_nothing_of_it(kind: str) -> None:
    async with _pipeline(kind, "reset@bytes=60000") as pipeline:
        await _greet(pipeline, before=10)
    assert pipeline.words == words(0, 10) + words(200, 10)


async def test_a_turn_of_which_all_was_muted_is_none() -> None:
    async with _pipeline("flux") as pipeline:
        await pipeline.send(UserMuteStartedFrame())
        await pipeline.speak(marked_audio(100, 10) + PAUSE)
        await pipeline.send(UserMuteStoppedFrame())
        await pipeline.speak(marked_audio(200, 10) + PAUSE)
    assert turns_of(pipeline) == ["start", "interim", "final", "stop"]
    assert pipeline.words == words(200, 10)
    assert_balanced(pipeline)


@pytest.mark.parametrize("kind", ["nova", "flux"])
async def test_words_of_a_mute_come_where_they_are_wanted(kind: str) -> None:
    async with _pipeline(kind, transcribe_while_muted=True) as pipeline:
        await _greet(pipeline)
    assert pipeline.words == words(100, 20) + words(200, 10)


@pytest.mark.parametrize("kind", ["nova", "flux"])
async def test_two_mutes_at_a_time_last_until_both_have_ended(kind: str) -> None:
    frames: list[Frame] = [
        UserMuteStartedFrame(),
        STTMuteFrame(mute=True),
        UserMuteStoppedFrame(),
        STTMuteFrame(mute=False),
    ]
    async with _pipeline(kind) as pipeline:
        for number, frame in enumerate(frames):
            await pipeline.send(frame)
            await pipeline.speak(marked_audio(100 * (number + 1), 10))
        await pipeline.speak(PAUSE)
    assert pipeline.words == words(400, 10)
