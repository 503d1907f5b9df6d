# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
"""The end that SageMaker sets every stream, on a clock that runs faster than its own."""

from dataclasses import replace
from typing import Any

import pytest

from pipecat_sagemaker_deepgram.client import ClientConfig, SageMakerBidiClient
from pipecat_sagemaker_deepgram.client import records as events
from pipecat_sagemaker_deepgram.emulator import EmulatorSettings

from ..local_path import Heard, local_path, marked_audio, speak, transcribe, words

# A stream may last 1.2 s here; audio of 8 s is spoken in 1.6 s.
COUNT = 80
SHORT = EmulatorSettings(max_connection_seconds=30 * 60, time_scale=30 * 60 / 1.2)
ROTATING = ClientConfig(rotate_after=0.6, rotate_jitter=0.0, rotate_by=1.0, close_timeout=3.0)


def _changes(heard: Heard) -> list[events.StreamChanged]:
    return [event for event in heard.events if isinstance(event, events.StreamChanged)]


def _losses(heard: Heard) -> list[events.Lost]:
    return [event for event in heard.events if isinstance(event, events.Lost)]


@pytest.mark.parametrize("ending", ["model-stream-error", "end-stream", "reset"])
async def test_a_stream_that_sagemaker_ends_is_replaced(ending: Any) -> None:
    async with local_path(settings=replace(SHORT, cap_ending=ending)) as path:
        heard = await transcribe(
            path, marked_audio(0, COUNT), config=ClientConfig(rotate_after=None)
        )
    assert heard.words == words(0, COUNT)
    assert _losses(heard)


async def test_in_unbroken_speech_a_successor_takes_over_just_before() -> None:
    async with local_path(settings=SHORT) as path:
        heard = await transcribe(path, marked_audio(0, COUNT), config=ROTATING)
    assert heard.words == words(0, COUNT)
    assert _losses(heard) == []
    assert {change.reason for change in _changes(heard)} == {"rotation"}


async def test_in_a_pause_a_successor_takes_over_with_little_more_than_the_pause_to_replay() -> (
    None
):
    silence = bytes(16_000 * 2 * 2)

    async def go_on(client: SageMakerBidiClient) -> None:
        await speak(client, silence)
        await speak(client, marked_audio(30, 30))

    config = replace(ROTATING, rotate_by=60.0)
    async with local_path() as path:
        heard = await transcribe(path, marked_audio(0, 30), config=config, meanwhile=go_on)
    assert heard.words == words(0, 60)
    assert _losses(heard) == []
    assert max(change.replayed_seconds for change in _changes(heard)) < 2.0


async def test_a_change_asked_for_in_unbroken_speech_loses_nothing() -> None:
    """As a change of settings does."""

    async def go_on(client: SageMakerBidiClient) -> None:
        client.change_stream("settings", within=0.1)
        await speak(client, marked_audio(30, 30))

    async with local_path() as path:
        heard = await transcribe(path, marked_audio(0, 30), meanwhile=go_on)
    assert heard.words == words(0, 60)
    assert [change.reason for change in _changes(heard)] == ["settings"]
    assert _losses(heard) == []


async def test_a_refused_successor_leaves_the_stream_in_use() -> None:
    async def go_on(client: SageMakerBidiClient) -> None:
        client.change_stream("settings", within=0.1)
        await speak(client, marked_audio(30, 30))

    async with local_path("refuse=424:ModelError@connect,streams=2-4") as path:
        heard = await transcribe(path, marked_audio(0, 30), meanwhile=go_on)
    assert heard.words == words(0, 60)
    assert [event.reason for event in heard.events if isinstance(event, events.ChangeRefused)] == [
        "settings"
    ]
    assert _changes(heard) == _losses(heard) == []
