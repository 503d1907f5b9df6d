# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
"""No client at all: measures the harness, whose cost is subtracted from the others."""

import asyncio
from typing import Any

from benchmarks.access import Access
from benchmarks.marks import MARK, completes_word, word_of


class NullDriver:
    """Answers in the process, at the rate at which the server would."""

    def __init__(self) -> None:
        self._messages: asyncio.Queue[str | None] = asyncio.Queue()

    async def open(self) -> None:
        pass

    async def send(self, audio: bytes) -> None:
        _, number = MARK.unpack_from(audio, len(audio) - len(audio) % 640 - 640)
        if completes_word(number):
            self._messages.put_nowait(f'{{"type":"Results","word":"w{word_of(number)}"}}')

    async def receive(self) -> str | None:
        return await self._messages.get()

    async def close(self) -> None:
        self._messages.put_nowait(None)


def make(access: Access, options: dict[str, Any]) -> NullDriver:
    """Make a driver; it has no options."""
    return NullDriver()
