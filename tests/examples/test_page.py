# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
"""The offline bot's page in a browser, without a bot behind it."""

import socket
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from aiohttp import web
from examples.offline.web import build_app

from pipecat_sagemaker_deepgram.emulator import FaultScript

from .chromium import NO_CHROMIUM, Page, find_chromium, running_chromium
from .offline_bot import Microphone

CALL_STATE = "document.querySelector('#call-state').textContent"
REFUSALS = {
    "NotAllowedError": "Allow it for this page",
    "NotFoundError": "There is no microphone",
    "NotReadableError": "Another program holds the microphone",
}


@pytest.fixture
async def page(tmp_path: Path) -> AsyncIterator[Page]:
    program = find_chromium()
    if program is None:
        pytest.skip(NO_CHROMIUM)
    runner = web.AppRunner(build_app("flux", FaultScript()))
    await runner.setup()
    listener = socket.create_server(("127.0.0.1", 0))
    await web.SockSite(runner, listener).start()
    microphone = Microphone(tmp_path / "microphone.wav")
    async with running_chromium(program, tmp_path / "profile", microphone.path) as page:
        await page.open(f"http://127.0.0.1:{listener.getsockname()[1]}")
        await page.until("document.querySelector('#model').textContent === 'Flux'")
        yield page
        assert page.exceptions == []
    await runner.cleanup()


async def test_a_microphone_that_is_not_to_be_had_is_told_with_what_to_do(page: Page) -> None:
    for name, words in REFUSALS.items():
        refusal = f"Promise.reject(new DOMException('no', '{name}'))"
        await page.evaluate(f"void (navigator.mediaDevices.getUserMedia = () => {refusal})")
        await page.click("#call")
        await page.until(f"{CALL_STATE}.includes('{words}')")
        assert await page.text("#call") == "Call", "it can be tried again"
        assert await page.evaluate("document.querySelector('#break').disabled")
        assert await page.text("#status") == "none"


async def test_a_page_whose_bot_has_ended_says_so(page: Page) -> None:
    await page.evaluate("void (window.fetch = () => Promise.reject(new TypeError('no')))")
    await page.click("#call")
    await page.until(f"{CALL_STATE}.startsWith('The bot does not answer')")


async def test_what_was_said_last_is_in_sight(page: Page) -> None:
    """Longer than the window, and its last turn grows line by line."""
    talk = """import("/page/conversation.js").then(({ Conversation }) => {
        const turns = document.querySelector("#turns");
        const conversation = new Conversation(turns);
        for (let number = 0; number < 30; number++) {
            conversation.take("user-started-speaking", {}, 0);
            for (let sentence = 0; sentence < 9; sentence++) {
                const text = `Sentence ${sentence} of turn ${number}, which is one of many.`;
                conversation.take("user-input", { text, final: true }, 0);
            }
        }
        const view = document.querySelector("#conversation").getBoundingClientRect();
        return turns.lastElementChild.getBoundingClientRect().bottom - view.bottom;
    })"""
    assert await page.evaluate(talk) <= 1
