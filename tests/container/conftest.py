# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
"""What is logged, for tests to read."""

import asyncio
from collections.abc import Iterator

import pytest
from loguru import logger


class Log:
    """Messages logged so far; ``wait_for`` waits for one."""

    def __init__(self) -> None:
        self.messages: list[str] = []
        self._changed = asyncio.Event()

    def write(self, message: str) -> None:
        """Take a message, from the event loop's thread."""
        self.messages.append(message)
        self._changed.set()

    def count(self, part: str) -> int:
        """How many messages hold ``part``."""
        return sum(part in message for message in self.messages)

    async def wait_for(self, part: str) -> None:
        """Return when a message holds ``part``."""
        while not self.count(part):
            self._changed.clear()
            await self._changed.wait()


@pytest.fixture
def log() -> Iterator[Log]:
    """All messages from DEBUG on."""
    collected = Log()
    sink = logger.add(collected.write, format="{message}", level="DEBUG")
    yield collected
    logger.remove(sink)
