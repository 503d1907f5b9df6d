# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
"""A conversation's commands reach the client, and only they."""

from typing import Any, cast

import pytest

from pipecat_sagemaker_deepgram.client import SageMakerBidiClient
from pipecat_sagemaker_deepgram.deepgram.steps import (
    Acknowledge,
    ChangeStream,
    LogLine,
    NoteSpeech,
    SendSilence,
    SendText,
)
from pipecat_sagemaker_deepgram.stt.commands import give_command


class _Client:
    """Writes down what it is told."""

    def __init__(self, *, takes_audio: bool = True) -> None:
        self.takes_audio = takes_audio
        self.done: list[tuple[Any, ...]] = []

    async def send_text(self, text: str, *, kind: str) -> None:
        self.done.append(("text", text, kind))

    def send_silence(self, seconds: float) -> None:
        self.done.append(("silence", seconds))

    def change_stream(self, reason: str, *, within: float) -> None:
        self.done.append(("change", reason, within))

    def note_speech(self, is_speaking: bool) -> None:
        self.done.append(("speech", is_speaking))

    def acknowledge(self, seconds: float) -> None:
        self.done.append(("acknowledge", seconds))


async def _given(step: object, client: _Client) -> bool:
    return await give_command(cast(SageMakerBidiClient, client), step)


@pytest.mark.parametrize(
    ("step", "done"),
    [
        (SendText("hello", kind="Finalize"), ("text", "hello", "Finalize")),
        (SendSilence(0.5), ("silence", 0.5)),
        (ChangeStream("settings"), ("change", "settings", 2.0)),
        (ChangeStream("requested", within=0.0), ("change", "requested", 0.0)),
        (Acknowledge(3.0), ("acknowledge", 3.0)),
        (NoteSpeech(True), ("speech", True)),
    ],
    ids=lambda value: type(value).__name__,
)
async def test_a_command_is_given(step: object, done: tuple[Any, ...]) -> None:
    client = _Client()
    assert await _given(step, client)
    assert client.done == [done]


async def test_a_text_that_would_reach_no_stream_is_not_sent() -> None:
    client = _Client(takes_audio=False)
    assert await _given(SendText("hello"), client)
    assert client.done == []


async def test_what_is_no_command_is_left_to_others() -> None:
    client = _Client()
    assert not await _given(LogLine("DEBUG", "hello"), client)
    assert client.done == []
