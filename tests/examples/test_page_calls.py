# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
"""Calls from a browser to the offline bot's pipeline: two tabs, reloads, a second call, no bot."""

import socket
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from aiohttp import web
from examples.offline.bot import ENDPOINT_NAME
from examples.offline.web import build_app

from pipecat_sagemaker_deepgram.container import ModelContainer, ScriptedRecognizer
from pipecat_sagemaker_deepgram.emulator import FaultScript, SageMakerEmulator

from .chromium import NO_CHROMIUM, Page, find_chromium, running_chromium
from .offline_bot import Microphone

CALL_TIMEOUT = 60.0
CONNECTED = "document.querySelector('#status').textContent === 'connected'"
BREAKS = "document.querySelectorAll('#turns .break[data-over=true]').length"
LOST = "document.querySelector('#streams-lost').textContent"
GREETED = "document.querySelector('.turn.bot .final')?.textContent"


@pytest.fixture
async def address(monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[str]:
    """Where the page is, with a bot behind it whose recogniser hears nothing in speech."""
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
            yield f"http://127.0.0.1:{listener.getsockname()[1]}"
            await runner.cleanup()


@pytest.fixture
async def page(tmp_path: Path) -> AsyncIterator[Page]:
    program = find_chromium()
    if program is None:
        pytest.skip(NO_CHROMIUM)
    microphone = Microphone(tmp_path / "microphone.wav")
    async with running_chromium(program, tmp_path / "profile", microphone.path) as page:
        yield page
        assert page.exceptions == []


async def call(page: Page) -> None:
    await page.click("#call")
    await page.until(CONNECTED, timeout=CALL_TIMEOUT)


async def break_stream(page: Page) -> None:
    await page.click("#break")
    await page.until(f"{BREAKS} === 1 && {CONNECTED}", timeout=CALL_TIMEOUT)


async def test_a_break_in_one_tab_leaves_the_other_alone(page: Page, address: str) -> None:
    await page.open(address)
    await call(page)
    async with page.another_tab() as other:
        await other.open(address)
        await call(other)
        await break_stream(page)
        assert "stream lost, replaced after" in await page.text("#turns .break")
        assert await other.evaluate(LOST) == "0"
        assert await other.evaluate(BREAKS) == 0
        assert await other.evaluate(CONNECTED)
        assert other.exceptions == []


async def test_a_second_call_and_a_reload_start_clean(page: Page, address: str) -> None:
    await page.open(address)
    await call(page)
    await break_stream(page)
    await page.click("#call")
    await page.until("document.querySelector('#call').textContent === 'Call'")
    await call(page)
    await page.until(f"{GREETED}", timeout=CALL_TIMEOUT)
    assert await page.evaluate(f"[{BREAKS}, {LOST}]") == [0, "0"]
    assert "answered after" not in await page.text("#turns")
    await page.reload()
    assert await page.text("#turns") == ""
    await call(page)
    await break_stream(page)
