# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
"""A film of a page, out of screenshots of it."""

import asyncio
import io
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from itertools import pairwise

from PIL import Image

from .chromium import Page

WIDTH = 960
QUALITY = 60
SECONDS_PER_FRAME = 0.2
LONGEST_STILL = 1.5
"""Seconds after which a picture that does not change gives way to the next."""
LAST_STILL = 3.0


class Film:
    """What a page showed, and when."""

    def __init__(self) -> None:
        self._frames: list[tuple[float, bytes]] = []

    def take(self, picture: bytes, at: float) -> None:
        """Take a PNG, unless nothing has changed."""
        if not self._frames or self._frames[-1][1] != picture:
            self._frames.append((at, picture))

    def write(self) -> bytes:
        """The film as an animated WebP, without long stills."""
        first, *others = [_scaled(picture) for _, picture in self._frames]
        written = io.BytesIO()
        first.save(
            written,
            "WEBP",
            save_all=True,
            append_images=others,
            duration=self._durations(),
            loop=0,
            quality=QUALITY,
            method=4,
        )
        return written.getvalue()

    def _durations(self) -> list[int]:
        times = [at for at, _ in self._frames]
        stills = [min(LONGEST_STILL, after - at) for at, after in pairwise(times)]
        return [round(1000 * seconds) for seconds in (*stills, LAST_STILL)]


@asynccontextmanager
async def filming(page: Page) -> AsyncIterator[Film]:
    """Film a page that is open, as long as the context is."""
    film = Film()
    async with page.onlooker() as onlooker, asyncio.TaskGroup() as tasks:
        shooting = tasks.create_task(_shoot(onlooker, film))
        yield film
        shooting.cancel()


async def _shoot(page: Page, film: Film) -> None:
    while True:
        film.take(await page.screenshot(), time.monotonic())
        await asyncio.sleep(SECONDS_PER_FRAME)


def _scaled(picture: bytes) -> Image.Image:
    image = Image.open(io.BytesIO(picture)).convert("RGB")
    height = round(image.height * WIDTH / image.width)
    return image.resize((WIDTH, height), Image.Resampling.LANCZOS)
