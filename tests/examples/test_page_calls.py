# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
"""Calls from a browser to the offline bot's pipeline: two tabs, reloads, a second call, no bot."""

import asyncio
import socket
from collections.abc import AsyncIterator
from dataclasses import dataclass

import pytest
from aiohttp import web
from examples.offline.bot import ENDPOINT_NAME
from examples.offline.web import build_app

from pipecat_sagemaker_deepgram.container import ModelContainer, ScriptedRecognizer
from pipecat_sagemaker_deepgram.emulator import FaultScript, SageMakerEmulator, parse_fault

from .chromium import Page

CALL_TIMEOUT = 60.0
CONNECTED = "document.querySelector('#status').textContent === 'connected'"
AFTER_THE_ANSWER = 5
"""Seconds after which a GOAWAY no longer counts as part of an answer that is read late."""
BREAKS = "document.querySelectorAll('#turns .break[data-state=replaced]').length"
LOST = "document.querySelector('#streams-lost').textContent"
DETAIL = "document.querySelector('#detail').textContent"
GREETED = "document.querySelector('.turn.bot .final')?.textContent"


@dataclass(frozen=True)
class Bot:
    """The bot.

    Args:
        address: Where its page is.
        endpoint: Where its streams go; what listens there hears nothing in speech.
    """

    address: str
    endpoint: SageMakerEmulator

    def inject(self, fault: str) -> None:
        """Have something happen to a stream."""
        self.endpoint.faults.add(parse_fault(fault))


@pytest.fixture
async def bot(monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Bot]:
    async with ModelContainer(ScriptedRecognizer()) as container:
        await container.wait_until_ready(CALL_TIMEOUT)
        async with SageMakerEmulator(
            container.url, endpoint_names=[ENDPOINT_NAME], faults=FaultScript()
        ) as endpoint:
            for name, value in endpoint.environment().items():
                monkeypatch.setenv(name, value)
            app = build_app("flux", endpoint.faults, lambda: endpoint.streams)
            runner = web.AppRunner(app)
            await runner.setup()
            listener = socket.create_server(("127.0.0.1", 0))
            await web.SockSite(runner, listener).start()
            yield Bot(f"http://127.0.0.1:{listener.getsockname()[1]}", endpoint)
            await runner.cleanup()


async def call(page: Page) -> None:
    await page.click("#call")
    await page.until(CONNECTED, timeout=CALL_TIMEOUT)


async def break_stream(page: Page) -> None:
    await page.click("#break")
    await page.until(f"{BREAKS} === 1 && {CONNECTED}", timeout=CALL_TIMEOUT)


def calls_in_progress() -> list[asyncio.Task[object]]:
    return [task for task in asyncio.all_tasks() if task.get_name() == "call"]


async def test_a_break_in_one_tab_leaves_the_other_alone(page: Page, bot: Bot) -> None:
    await page.open(bot.address)
    await call(page)
    async with page.another_tab() as other:
        await other.open(bot.address)
        await call(other)
        await break_stream(page)
        assert "stream lost, replaced after" in await page.text("#turns .break")
        assert await other.evaluate(LOST) == "0"
        assert await other.evaluate(BREAKS) == 0
        assert await other.evaluate(CONNECTED)
        assert other.exceptions == []


async def test_a_second_call_and_a_reload_start_clean(page: Page, bot: Bot) -> None:
    await page.open(bot.address)
    await call(page)
    await break_stream(page)
    await page.click("#call")
    await page.until("document.querySelector('#call').textContent === 'Call'")
    await call(page)
    await page.until(f"{GREETED}", timeout=CALL_TIMEOUT)
    assert await page.evaluate(f"[{BREAKS}, {LOST}]") == [0, "0"]
    assert "answered after" not in await page.text("#turns")
    before = calls_in_progress()
    assert before
    await page.reload()
    assert await page.text("#turns") == ""
    _, pending = await asyncio.wait(before, timeout=CALL_TIMEOUT)
    assert not pending, "the bot has noticed"
    await call(page)
    await break_stream(page)


async def test_a_stream_that_took_over_in_a_rotation_is_the_one_that_is_broken(
    page: Page, bot: Bot
) -> None:
    await page.open(bot.address)
    await call(page)
    async with page.another_tab() as other:
        await other.open(bot.address)
        await call(other)
        bot.inject(f"goaway@seconds={AFTER_THE_ANSWER},streams=1")
        await page.until(f"{DETAIL}.startsWith('another stream took over')", timeout=CALL_TIMEOUT)
        assert await page.evaluate(f"[{BREAKS}, {LOST}]") == [0, "0"], "no loss"
        await break_stream(page)
        assert await page.evaluate(LOST) == "1"
        assert await other.evaluate(f"[{BREAKS}, {LOST}, {CONNECTED}]") == [0, "0", True]
        assert other.exceptions == []
    broken = [each.number for each in bot.endpoint.streams if each.ended == "fault: drop"]
    assert broken == [3], "the third, which took over from the first"
