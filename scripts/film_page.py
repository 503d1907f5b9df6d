# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
"""Call the offline bot in a browser, break a stream, and keep what the page shows.

    python -m scripts.film_page DIRECTORY

Writes ``offline-bot.png`` and ``offline-bot.webp``. A run in which a word was misheard or an answer
interrupted is made again.
"""

import asyncio
import sys
import tempfile
from dataclasses import replace
from pathlib import Path

from tests.examples.caller import SPEECH_TIMEOUT, UNSETTLED, Caller
from tests.examples.camera import Film, filming
from tests.examples.chromium import NO_CHROMIUM, find_chromium, running_chromium
from tests.examples.offline_bot import Microphone, running_offline_bot
from tests.speech_clips import Clip, plain, two_cities

RUNS = 5
MOST_BYTES = 2 * 1024 * 1024
PAUSE = 1.5
"""Seconds without sound after which the bot has said all, and is not between two sentences."""
DONE = """((turn) => turn?.matches(".turn.bot[data-open=false]")
    && turn.innerText.includes("{words}"))(
    [...document.querySelectorAll("#turns > .turn")].at(-1))"""
GREETED, ANSWERED = DONE.format(words="repeat it"), DONE.format(words="repeat every word")


def clips() -> list[Clip]:
    """What the caller says; a stream is broken during the second."""
    whole = two_cities()
    parts = (
        ("It was the best of times, it was the worst of times.", 1.1, 4.8),
        ("We had everything before us, we had nothing before us.", 21.1, 24.3),
        ("It was the age of wisdom.", 4.9, 6.5),
    )
    return [replace(whole, text=text, start=start, end=end) for text, start, end in parts]


SILENCE = replace(two_cities(), text="", end=0.2)


async def went_well(caller: Caller) -> bool:
    """Hold the call; whether every word was heard and answered, and no answer interrupted."""
    said = clips()
    try:
        await hold_call(caller, *said)
    except TimeoutError:
        return False
    shown = await caller.page.text("#turns")
    words = plain(" ".join(clip.text for clip in said))
    return plain(await caller.heard()) == words and "interrupted" not in shown


async def hold_call(caller: Caller, first: Clip, second: Clip, third: Clip) -> None:
    """Call, say three sentences, break a stream during the second, and wait for the answers."""
    await caller.call(SILENCE)
    await until_silent(caller, GREETED)
    await caller.speak(first)
    await until_silent(caller, ANSWERED)
    await caller.speak(second)
    await caller.until(f"{UNSETTLED}.split(' ').length > 2")
    await caller.page.click("#break")
    await until_silent(caller, ANSWERED)
    await caller.speak(third)
    await caller.until(f"!({ANSWERED})")
    await until_silent(caller, ANSWERED)


async def until_silent(caller: Caller, condition: str) -> None:
    """Wait until something holds, and goes on to hold for a pause."""
    async with asyncio.timeout(SPEECH_TIMEOUT):
        is_silent = False
        while not is_silent:
            await caller.until(condition)
            await asyncio.sleep(PAUSE)
            is_silent = await caller.page.evaluate(condition)


async def film_call(address: str) -> tuple[bytes, Film] | None:
    """A picture of the page at the end of a call, and a film of it; nothing if it went badly."""
    program = find_chromium()
    if program is None:
        sys.exit(NO_CHROMIUM)
    with tempfile.TemporaryDirectory() as folder:
        microphone = Microphone(Path(folder) / "microphone.wav")
        async with running_chromium(program, Path(folder) / "profile", microphone.path) as page:
            await page.open(address)
            async with filming(page) as film:
                is_well = await went_well(Caller(page, microphone))
                picture = await page.screenshot()
    return (picture, film) if is_well else None


async def film_well(folder: Path) -> None:
    """Call until a call went well, and keep its picture and its film."""
    async with running_offline_bot("--model", "flux") as bot:
        for _ in range(RUNS):
            if (shown := await film_call(bot.address)) is not None:
                break
        else:
            sys.exit(f"in each of {RUNS} calls a word was misheard or an answer interrupted")
    picture, film = shown
    for name, content in (("offline-bot.png", picture), ("offline-bot.webp", film.write())):
        assert len(content) <= MOST_BYTES, f"{name} has {len(content)} bytes"
        (folder / name).write_bytes(content)


if __name__ == "__main__":
    asyncio.run(film_well(Path(sys.argv[1])))
