# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
"""How many streams one process opens and keeps at once."""

import asyncio
from collections import deque
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from weakref import WeakKeyDictionary

from pipecat_sagemaker_deepgram.exceptions import ConnectError


class Gate:
    """Lets so many through at once, in the order they came."""

    def __init__(self) -> None:
        self._inside = 0
        self._waiting: deque[asyncio.Future[None]] = deque()

    @asynccontextmanager
    async def enter(self, limit: int) -> AsyncIterator[None]:
        """Wait until fewer than ``limit`` are inside, then be one of them."""
        if self._inside >= limit or self._waiting:
            await self._wait(limit)
        self._inside += 1
        try:
            yield
        finally:
            self._inside -= 1
            self._admit_next()

    async def _wait(self, limit: int) -> None:
        while True:
            turn: asyncio.Future[None] = asyncio.get_running_loop().create_future()
            self._waiting.append(turn)
            try:
                await turn
            except BaseException:
                if turn in self._waiting:
                    self._waiting.remove(turn)
                else:
                    self._admit_next()
                raise
            if self._inside < limit:
                return

    def _admit_next(self) -> None:
        while self._waiting:
            turn = self._waiting.popleft()
            if not turn.done():
                turn.set_result(None)
                return


@dataclass
class ProcessGates:
    """The gates that all clients of one event loop share.

    Parameters:
        open: Streams that are open or being opened.
        connecting: Streams that are being opened.
    """

    open: Gate = field(default_factory=Gate)
    connecting: Gate = field(default_factory=Gate)


_GATES: WeakKeyDictionary[asyncio.AbstractEventLoop, ProcessGates] = WeakKeyDictionary()


def process_gates() -> ProcessGates:
    """The gates of the running event loop."""
    return _GATES.setdefault(asyncio.get_running_loop(), ProcessGates())


@asynccontextmanager
async def a_place(limit: int, *, timeout: float) -> AsyncIterator[None]:
    """Hold one of the process's places for open streams.

    Raises:
        ConnectError: None became free within ``timeout`` seconds.
    """
    place = process_gates().open.enter(limit)
    try:
        async with asyncio.timeout(timeout):
            await place.__aenter__()
    except TimeoutError as error:
        raise ConnectError(
            f"{limit} streams are open in this process and none ended within {timeout:g} s",
            advice="Raise max_concurrency, or spread the calls over more processes.",
        ) from error
    try:
        yield
    finally:
        await place.__aexit__(None, None, None)
