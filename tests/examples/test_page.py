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

from ..axe import axe_script, problems_of
from .chromium import Page, chromium_or_skip, running_chromium
from .offline_bot import Microphone

CALL_STATE = "document.querySelector('#call-state').textContent"
REFUSALS = {
    "NotAllowedError": "Allow it for this page",
    "NotFoundError": "No microphone was found",
    "NotReadableError": "Another program is using the microphone",
}


@pytest.fixture
async def page(tmp_path: Path) -> AsyncIterator[Page]:
    program = chromium_or_skip()
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


async def test_a_microphone_that_cannot_be_used_is_reported_with_what_to_do(page: Page) -> None:
    for name, words in REFUSALS.items():
        refusal = f"Promise.reject(new DOMException('no', '{name}'))"
        await page.evaluate(f"void (navigator.mediaDevices.getUserMedia = () => {refusal})")
        await page.click("#call")
        await page.until(f"{CALL_STATE}.includes('{words}')")
        assert await page.text("#call") == "Call", "it can be tried again"
        assert await page.evaluate("document.querySelector('#break').disabled")
        assert await page.text("#status") == "none"


async def test_hanging_up_while_the_browser_asks_frees_the_microphone(page: Page) -> None:
    await page.evaluate("""void (() => {
        const { mediaDevices } = navigator;
        const open = mediaDevices.getUserMedia.bind(mediaDevices);
        const allowed = new Promise((resolve) => (window.allow = resolve));
        mediaDevices.getUserMedia = (wanted) =>
            (window.microphone = allowed.then(() => open(wanted)));
    })()""")
    await page.click("#call")
    await page.until("document.querySelector('#call').textContent === 'Hang up'")
    await page.click("#call")
    assert await page.text("#call") == "Call"
    track = await page.evaluate("""(async () => {
        allow();
        const [track] = (await microphone).getTracks();
        await new Promise((resolve) => setTimeout(resolve)); // the page has it too
        return track.readyState;
    })()""")
    assert track == "ended"


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


def talking(steps: str) -> str:
    """Has a conversation take messages; gives its items, as class and text."""
    return f"""import("/page/conversation.js").then(({{ Conversation }}) => {{
        const turns = document.querySelector("#turns");
        const conversation = new Conversation(turns);
        const take = (type, data = {{}}) => conversation.take(type, data, 0);
        {steps}
        return [...turns.children].filter((item) => item.checkVisibility())
            .map((item) => [item.classList[1] ?? item.className, item.innerText.trim()]);
    }})"""


async def test_a_break_is_one_divider_where_it_happened(page: Page) -> None:
    steps = """
        take("user-started-speaking");
        take("user-input", { text: "Before", final: true });
        conversation.noteBreak({ text: "stream lost", state: "lost" });
        conversation.noteBreak({ text: "replaced after 0.3 s", state: "replaced" });
        take("user-started-speaking");
        take("user-input", { text: "After", final: true });
        conversation.noteBreak({ text: "stream lost", state: "lost" });"""
    assert await page.evaluate(talking(steps)) == [
        ["user", "Before"],
        ["break", "replaced after 0.3 s"],
        ["user", "After"],
        ["break", "stream lost"],
    ]


async def test_a_second_call_starts_clean(page: Page) -> None:
    steps = """
        take("vad-user-stopped-speaking");
        take("user-input", { text: "Of the call before", final: true });
        new Conversation(turns).take("bot-started-speaking", {}, 6610);"""
    assert await page.evaluate(talking(steps)) == [["bot", ""]]


async def test_no_bubble_waits_for_words_that_never_come(page: Page) -> None:
    steps = """
        take("user-started-speaking");
        take("user-stopped-speaking");
        take("bot-started-speaking");
        conversation.end();"""
    assert await page.evaluate(talking(steps)) == []


async def test_words_that_come_late_are_shown_all_the_same(page: Page) -> None:
    steps = """
        take("user-started-speaking");
        take("user-stopped-speaking");
        take("user-input", { text: "Late", final: true });"""
    assert await page.evaluate(talking(steps)) == [["user", "Late"]]


async def test_an_answer_that_is_over_is_not_interrupted(page: Page) -> None:
    steps = """
        take("bot-started-speaking");
        take("bot-output", { text: "One.", segment_id: "1" });
        take("bot-stopped-speaking");
        take("bot-interrupted");
        take("bot-started-speaking");
        take("bot-output", { text: "Two.", segment_id: "2" });
        take("bot-interrupted");
        take("bot-stopped-speaking");"""
    assert await page.evaluate(talking(steps)) == [["bot", "One."], ["bot", "Two.\n\ninterrupted"]]


async def test_words_after_an_answer_are_of_a_new_turn_though_its_beginning_comes_later(
    page: Page,
) -> None:
    steps = """
        take("user-started-speaking");
        take("user-input", { text: "One", final: true });
        take("user-stopped-speaking");
        take("bot-started-speaking");
        take("bot-output", { text: "You said: One.", segment_id: "1" });
        take("user-input", { text: "Two", final: true });
        take("user-started-speaking");
        take("user-input", { text: "three", final: true });"""
    assert await page.evaluate(talking(steps)) == [
        ["user", "One"],
        ["bot", "You said: One."],
        ["user", "Two three"],
    ]


async def test_an_answer_is_never_written_to_the_one_before(page: Page) -> None:
    """The text of an answer may come before its sound, and after another was interrupted."""
    steps = """
        take("bot-started-speaking");
        take("bot-output", { text: "One.", segment_id: "1" });
        take("bot-interrupted");
        take("user-started-speaking");
        take("user-input", { text: "Stop", final: true });
        take("bot-output", { text: "Two.", segment_id: "2" });
        take("bot-started-speaking");
        take("bot-output", { text: "Three.", segment_id: "3" });
        take("bot-stopped-speaking");"""
    said = await page.evaluate(talking(steps))
    assert [(who, text.split("\n")[0]) for who, text in said] == [
        ("bot", "One."),
        ("user", "Stop"),
        ("bot", "Two. Three."),
    ]


async def test_everybody_can_use_it(page: Page) -> None:
    script = axe_script()
    for width, is_dark in ((1280, False), (1280, True), (390, False)):
        await page.look(width=width, height=844, is_dark=is_dark)
        assert await problems_of(page, script) == []


async def test_a_telephone_keeps_the_controls_in_reach(page: Page) -> None:
    await page.look(width=390, height=844)
    steps = """
        for (let number = 0; number < 30; number++) {
            take("user-started-speaking");
            take("user-input", { text: "A sentence. ".repeat(9) + "x".repeat(99), final: true });
        }"""
    await page.evaluate(talking(steps))
    assert await page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    for control in ("#call", "#mute", "#fault", "#break"):
        box = f"document.querySelector('{control}').getBoundingClientRect()"
        assert await page.evaluate(f"{box}.bottom <= innerHeight && {box}.top >= 0"), control
    height = "document.querySelector('#conversation').clientHeight"
    assert await page.evaluate(f"{height} > 844 / 3")
    widths = (
        "[...document.querySelectorAll('.turn p')].every((p) => p.scrollWidth <= p.clientWidth)"
    )
    assert await page.evaluate(widths)
