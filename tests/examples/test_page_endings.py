# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
"""Calls that end in mid-call: the bot is killed, the page is loaded again, somebody hangs up."""

import pytest

from .chromium import Page
from .offline_bot import running_offline_bot

pytestmark = [pytest.mark.speech, pytest.mark.timeout(300)]

CALL_TIMEOUT = 60.0
CALL_STATE = "document.querySelector('#call-state').textContent"
CONNECTED = "document.querySelector('#status').textContent === 'connected'"
KEEP_MICROPHONE = """void (() => {
    const { mediaDevices } = navigator;
    const open = mediaDevices.getUserMedia.bind(mediaDevices);
    mediaDevices.getUserMedia = async (wanted) => (window.microphone = await open(wanted));
})()"""
MICROPHONE = "microphone.getTracks().map((track) => track.readyState)"


@pytest.fixture
def page(browser_page: Page) -> Page:
    """A page whose console may show that its bot is gone."""
    return browser_page


async def test_a_bot_that_is_killed_ends_the_call_and_takes_another_when_it_is_back(
    page: Page,
) -> None:
    async with running_offline_bot() as bot:
        await page.open(bot.address)
        await page.evaluate(KEEP_MICROPHONE)
        await call(page)
        assert await page.evaluate(MICROPHONE) == ["live"]
        await bot.kill()
        await page.until(f"{CALL_STATE}.startsWith('The bot has stopped')", timeout=CALL_TIMEOUT)
    assert await page.evaluate(MICROPHONE) == ["ended"]
    assert await page.text("#call") == "Call"
    assert await page.text("#status") == "none"
    assert await page.evaluate("document.querySelector('#break').disabled")
    await page.click("#call")
    await page.until(f"{CALL_STATE}.startsWith('The bot does not answer')")
    assert all("ERR_CONNECTION_REFUSED" in each for each in page.exceptions), page.exceptions
    async with running_offline_bot(port=bot.port):
        await call(page)
        assert await page.evaluate(MICROPHONE) == ["live"]
        await page.click("#call")


async def call(page: Page) -> None:
    await page.click("#call")
    await page.until(CONNECTED, timeout=CALL_TIMEOUT)
