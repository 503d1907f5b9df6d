# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
"""A peer that drains (GOAWAY without an error) is used to its end, with both services."""

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Any

import pytest

from ..flux_pipelines import flux, flux_path, flux_running
from ..local_path import LocalPath, local_path, marked_audio, words
from ..pipelines import RunningPipeline, nova, running

SECOND = bytes(32_000)
SPEED = 5.0

BEHIND_EACH_200 = "goaway@seconds=0,streams=every"
BEFORE_THE_PAUSE = marked_audio(0, 100)
IN_THE_FIRST_PAUSE = f"goaway@bytes={len(BEFORE_THE_PAUSE)}"
"""More than a second after the answer, as a GOAWAY that comes with the answer asks for nothing."""

type Run = Callable[[str], Any]


@asynccontextmanager
async def _nova(fault: str) -> AsyncIterator[tuple[LocalPath, RunningPipeline]]:
    async with local_path(fault) as path, running(nova(path)) as pipeline:
        yield path, pipeline


@asynccontextmanager
async def _flux(fault: str) -> AsyncIterator[tuple[LocalPath, RunningPipeline]]:
    async with flux_path(fault) as path, flux_running(flux(path)) as pipeline:
        yield path, pipeline


def _told(pipeline: RunningPipeline) -> list[tuple[Any, ...]]:
    return [each for each in pipeline.handled if not each[0].endswith(("_turn", "_update"))]


@pytest.mark.parametrize("run", [_nova, _flux])
async def test_a_goaway_behind_each_200_asks_for_nothing(run: Run) -> None:
    async with run(BEHIND_EACH_200) as (path, pipeline):
        await pipeline.speak(marked_audio(0, 10) + 2 * SECOND + marked_audio(10, 10), speed=SPEED)
    assert pipeline.words == words(0, 20)
    assert _told(pipeline) == [("on_connected",), ("on_disconnected",)]
    assert len(path.emulator.streams) == 1


@pytest.mark.parametrize("run", [_nova, _flux])
async def test_a_goaway_in_mid_stream_asks_for_one_change_in_the_next_pause(run: Run) -> None:
    async with run(IN_THE_FIRST_PAUSE) as (path, pipeline):
        await pipeline.speak(BEFORE_THE_PAUSE + 6 * SECOND + marked_audio(100, 10), speed=SPEED)
    assert pipeline.words == words(0, 110)
    changed = ("on_stream_changed", "goaway")
    assert _told(pipeline) == [("on_connected",), changed, ("on_disconnected",)]
    assert len(path.emulator.streams) == 2
