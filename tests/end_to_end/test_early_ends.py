# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
"""Streams that end as a call does, before the container has answered: no word of the tail is lost.

Each leaves as little unanswered as can be taken for nothing: the last word, or only its text.
"""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass

import pytest

from pipecat_sagemaker_deepgram.client import ClientConfig
from pipecat_sagemaker_deepgram.container import ScriptedBehavior

from ..fault_tables import RecordProperty, record_row
from ..flux_pipelines import flux, flux_path, flux_running
from ..local_path import LocalPath, local_path, marked_audio, words
from ..pipelines import RunningPipeline, nova, record, running

ENDS = {
    "END_STREAM before the last answer": "end",
    '"Input stream broken" before the last answer': "model-stream-error",
    "connection dropped before the last answer": "drop",
}
"""What the table of docs/reliability.md calls them, and the emulator."""

PATIENT = ClientConfig(close_timeout=60.0)


@dataclass(frozen=True)
class Tail:
    """How much of a call is not answered when it ends.

    Attributes:
        words: Words that are said.
        silence: Seconds behind them.
        word_lag: How much later than their audio Flux understands words, in seconds.
    """

    words: int
    silence: float = 0.0
    word_lag: float = 0.0


TAILS = [Tail(24), Tail(23), Tail(19, 0.06, word_lag=0.4), Tail(20, 0.04, word_lag=0.2)]


@asynccontextmanager
async def _call(
    service: str, tail: Tail, *faults: str, close_timeout: float = 60.0
) -> AsyncIterator[tuple[LocalPath, RunningPipeline]]:
    options = {"client_config": PATIENT, "close_timeout": close_timeout}
    if service == "flux":
        async with flux_path(*faults, word_lag=tail.word_lag) as path:
            async with flux_running(flux(path, **options)) as pipeline:
                yield path, pipeline
    else:
        behavior = ScriptedBehavior(final_words=tail.words - 1)
        async with local_path(*faults, behavior=behavior) as path:
            async with running(nova(path, **options)) as pipeline:
                yield path, pipeline


def _audio(tail: Tail) -> bytes:
    return marked_audio(0, tail.words) + bytes(round(tail.silence * 16_000) * 2)


async def _end_early(service: str, tail: Tail, fault: str) -> RunningPipeline:
    async with _call(service, tail, f"{fault}@control=CloseStream") as (_, pipeline):
        await pipeline.speak(_audio(tail), speed=10.0)
    return pipeline


@pytest.mark.parametrize("row", ENDS)
async def test_a_stream_that_ends_before_its_last_answer_costs_no_word(
    row: str, record_property: RecordProperty
) -> None:
    cases = [(service, tail) for service in ("nova", "flux") for tail in TAILS]
    calls = await asyncio.gather(*(_end_early(*case, ENDS[row]) for case in cases))
    losses = [_losses(pipeline) for pipeline in calls]
    for case, pipeline in zip(cases, calls, strict=True):
        assert pipeline.words == words(0, case[1].words), str(case)
        assert pipeline.errors == [], str(case)
    assert losses == [1] * len(cases)
    said, heard = words(0, TAILS[-1].words), calls[-1].words
    record_row(record_property, row, said=said, heard=heard, losses=losses[-1])


def _losses(pipeline: RunningPipeline) -> int:
    return sum(name == "on_reconnected" for name, *_ in pipeline.handled)


@pytest.mark.parametrize("service", ["nova", "flux"])
async def test_what_every_stream_leaves_unanswered_is_reported_once(service: str) -> None:
    fault = "silence@control=CloseStream,streams=every"
    async with _call(service, TAILS[0], fault, close_timeout=1.5) as (path, pipeline):
        record(pipeline.service, "on_audio_lost", pipeline)
        await pipeline.speak(_audio(TAILS[0]), speed=10.0)
    assert len(path.emulator.streams) > 1
    ((_, seconds, reason),) = [each for each in pipeline.handled if each[0] == "on_audio_lost"]
    assert reason == "closed"
    assert len(pipeline.words) + round(seconds / 0.1) >= TAILS[0].words
    assert ["will not be transcribed" in error for error in pipeline.errors] == [True]
