# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
"""A browser talks to the offline bot: human speech, WebRTC, a barge-in, and a broken stream."""

from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path

import jiwer
import pytest

from ..speech_clips import Clip, excerpts, plain
from .caller import BOT_SPEAKS, LAST_TURN, UNSETTLED, Caller
from .chromium import chromium_or_skip, running_chromium
from .offline_bot import Microphone, running_offline_bot

pytestmark = [pytest.mark.speech, pytest.mark.timeout(300)]

CLICK = 42.7
"""Seconds at which someone switches the recorder off."""

RECOVERY_TIMEOUT = 60.0


@pytest.fixture
async def caller(tmp_path: Path, request: pytest.FixtureRequest) -> AsyncIterator[Caller]:
    program = chromium_or_skip()
    microphone = Microphone(tmp_path / "microphone.wav")
    async with (
        running_offline_bot("--model", request.param) as bot,
        running_chromium(program, tmp_path / "profile", microphone.path) as page,
    ):
        await page.open(bot.address)
        yield Caller(page, microphone)
        assert page.exceptions == []


@pytest.mark.parametrize("caller", ["flux"], indirect=True)
async def test_a_caller_barges_in_and_a_broken_stream_costs_no_word(caller: Caller) -> None:
    first, second, third = turns()

    await caller.call(first)
    await caller.until_settled("foolish")
    await caller.until(BOT_SPEAKS)

    await caller.page.evaluate(f"void (window.bargedInOn = {LAST_TURN})")
    await caller.speak(second)
    await caller.until("bargedInOn.querySelector('.note').textContent.includes('interrupted')")
    await caller.until_settled("darkness")

    await caller.speak(third)
    await caller.until(f"{UNSETTLED}.split(' ').length > 2")
    await caller.page.click("#break")
    await caller.until(
        "document.querySelector('#streams-lost').textContent === '1'"
        " && document.querySelector('#status').textContent === 'connected'",
        timeout=RECOVERY_TIMEOUT,
    )
    await caller.until_settled("only")
    await caller.until(BOT_SPEAKS)
    assert float((await caller.page.text("#replayed")).removesuffix(" s")) > 0

    _assert_every_word_once([first, second, third], await caller.heard())


@pytest.mark.parametrize("caller", ["nova"], indirect=True)
async def test_a_caller_is_heard_by_deepgram_nova_too(caller: Caller) -> None:
    first = excerpts()[0]
    await caller.call(first)
    await caller.until_settled("foolish")
    await caller.until(BOT_SPEAKS)
    _assert_every_word_once([first], await caller.heard())


def turns() -> list[Clip]:
    """What the caller says; the recording ends with a click, which is left out."""
    first, second, third = excerpts()
    return [first, second, replace(third, end=CLICK)]


def _assert_every_word_once(clips: list[Clip], heard: str) -> None:
    said = plain(" ".join(clip.text for clip in clips))
    errors = jiwer.process_words(said, plain(heard))
    count = len(said.split())
    assert errors.wer <= 0.15, heard
    few = max(2, round(0.04 * count))
    assert errors.deletions <= few, heard
    assert errors.insertions <= few, heard
