# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
"""Someone who calls the offline bot from a browser."""

from ..speech_clips import Clip
from .chromium import Page
from .offline_bot import Microphone

SPEECH_TIMEOUT = 90.0

SETTLED = """[...document.querySelectorAll(".turn.user .final")]
    .map((text) => text.textContent).join(" ")"""
UNSETTLED = """([...document.querySelectorAll(".turn.user .interim")].at(-1)?.textContent ?? "")"""
LAST_TURN = "document.querySelector('#turns').lastElementChild"
BOT_SPEAKS = f"""({LAST_TURN}?.matches(".turn.bot[data-open=true]")
    && {LAST_TURN}.querySelector(".final").textContent !== "")"""


class Caller:
    """Someone at the browser, who speaks one clip after the other.

    Args:
        page: The offline bot's page.
        microphone: What the page hears.
    """

    def __init__(self, page: Page, microphone: Microphone) -> None:
        self.page = page
        self.microphone = microphone

    async def call(self, clip: Clip) -> None:
        """Call the bot, and speak as soon as it answers."""
        self.microphone.load(clip.linear16(), lead=1.5)
        await self.page.click("#call")
        await self.until("document.querySelector('#status').textContent === 'connected'")

    async def speak(self, clip: Clip) -> None:
        """Speak another clip: the microphone is opened again."""
        self.microphone.load(clip.linear16())
        await self.page.click("#mute")
        await self.until("document.querySelector('#mute').textContent === 'Unmute'")
        await self.page.click("#mute")
        await self.until("document.querySelector('#mute').textContent === 'Mute'")

    async def until(self, condition: str, *, timeout: float = SPEECH_TIMEOUT) -> None:
        """Wait for the page."""
        await self.page.until(condition, timeout=timeout)

    async def until_settled(self, word: str) -> None:
        """Wait until a word is among those that are settled."""
        await self.until(f"{SETTLED}.toLowerCase().includes('{word}')")

    async def heard(self) -> str:
        """All settled words that the page shows, in order."""
        return str(await self.page.evaluate(SETTLED))
