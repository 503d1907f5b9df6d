# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
"""Containers that are slow, silent where nobody speaks, or away just as settings change."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from typing import Any

import pytest
from pipecat.frames.frames import InputAudioRawFrame, STTUpdateSettingsFrame

from pipecat_sagemaker_deepgram import (
    DeepgramFluxSageMakerSTTService,
    DeepgramSageMakerSTTService,
)
from pipecat_sagemaker_deepgram.client import ClientConfig
from pipecat_sagemaker_deepgram.emulator import parse_fault

from ..fault_tables import RecordProperty, record_row
from ..flux_pipelines import flux, flux_path
from ..local_path import HARD, LocalPath, local_path, marked_audio, words
from ..pipelines import RunningPipeline, nova, record, running
from ..skipping_loop import run_skipping
from .outage_runs import LONG, PATIENT

SERVICES = ["nova", "flux"]


@asynccontextmanager
async def _call(
    service: str, *, config: ClientConfig, max_speed: float | None = None
) -> AsyncIterator[tuple[LocalPath, RunningPipeline]]:
    if service == "flux":
        path_of = flux_path(max_speed=max_speed)
    else:
        path_of = local_path(behavior=replace(HARD, max_speed=max_speed))
    async with path_of as path:
        each = (flux if service == "flux" else nova)(path, client_config=config)
        async with running(each, start_timeout=LONG, end_timeout=LONG) as pipeline:
            for name in ("on_container_slow", "on_audio_lost"):
                record(each, name, pipeline)
            await pipeline.until(lambda p: ("on_connected",) in p.handled, timeout=LONG)
            yield path, pipeline


def _reports(pipeline: RunningPipeline, name: str) -> list[tuple[Any, ...]]:
    return [each for each in pipeline.handled if each[0] == name]


# A container at half speed

SLOW_ROW = "a container at half speed for a minute"
USUAL_STALL = replace(PATIENT, stall_timeout=ClientConfig().stall_timeout)


async def _speak_to_a_slow_container(service: str) -> list[str]:
    """A minute of speech, in real time, of which half is heard when it is over."""
    async with _call(service, config=USUAL_STALL, max_speed=0.5) as (path, pipeline):
        for first in range(0, 600, 2):
            audio = marked_audio(first, 2)
            await pipeline.send(InputAudioRawFrame(audio=audio, sample_rate=16_000, num_channels=1))
            await asyncio.sleep(0.2)
    assert pipeline.errors == []
    assert len(_reports(pipeline, "on_container_slow")) == 1
    assert len(path.emulator.streams) == 1
    return pipeline.words


@pytest.mark.parametrize("service", SERVICES)
def test_a_container_at_half_speed_is_kept_and_reported_once(
    service: str, record_property: RecordProperty
) -> None:
    heard = run_skipping(_speak_to_a_slow_container(service))
    assert heard == words(0, 600)
    if service == "flux":
        record_row(record_property, SLOW_ROW, said=words(0, 600), heard=heard, losses=0)


# A stream that was replayed to and says nothing, while no audio flows

SILENT_ROW = "a stream that says nothing of its replay, while no audio flows"
QUICK = ClientConfig(stall_timeout=1.0)


@pytest.mark.parametrize("service", SERVICES)
async def test_a_stream_that_says_nothing_of_its_replay_is_noticed_while_no_audio_flows(
    service: str, record_property: RecordProperty
) -> None:
    async with _call(service, config=QUICK) as (path, pipeline):
        await pipeline.speak(marked_audio(0, 20))
        await pipeline.until(lambda p: p.interims)
        path.emulator.faults.add(
            parse_fault("silence@seconds=0,streams=next"),
            parse_fault("reset@seconds=0,streams=current"),
        )
        await pipeline.until(lambda p: len(_reports(p, "on_reconnected")) >= 2, timeout=30)
        await pipeline.until(lambda p: p.words == words(0, 20), timeout=30)
    assert pipeline.errors == []
    if service == "flux":
        said = words(0, 20)
        record_row(record_property, SILENT_ROW, said=said, heard=pipeline.words, losses=2)


# Settings that change while no stream can be opened

SETTINGS: dict[str, Any] = {
    "nova": DeepgramSageMakerSTTService.Settings,
    "flux": DeepgramFluxSageMakerSTTService.Settings,
}
SETTINGS_ROW = "settings that change while a 503 keeps their stream from opening"


@pytest.mark.parametrize("service", SERVICES)
async def test_a_passing_refusal_undoes_no_change_of_settings(
    service: str, record_property: RecordProperty
) -> None:
    refusal = parse_fault("refuse=503:ServiceUnavailableError@connect,streams=2-3")
    async with _call(service, config=ClientConfig()) as (path, pipeline):
        path.emulator.faults.add(refusal)
        await pipeline.send(STTUpdateSettingsFrame(delta=SETTINGS[service](keyterm=["pipecat"])))
        await pipeline.speak(marked_audio(0, 20) + bytes(2 * 32_000) + marked_audio(20, 20))
        await pipeline.until(lambda _: path.emulator.streams[-1].status == 200)
        await pipeline.until(lambda _: len(path.emulator.streams) == 4)
        streams = path.emulator.streams
    assert [stream.status for stream in streams] == [200, 503, 503, 200]
    assert "keyterm=pipecat" in streams[-1].query
    assert pipeline.words == words(0, 40)
    assert pipeline.errors == []
    if service == "nova":
        said = words(0, 40)
        record_row(record_property, SETTINGS_ROW, said=said, heard=pipeline.words, losses=0)
