# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
"""How many streams one process opens and keeps open at once.

A gate differs from an ``asyncio.Semaphore``, which has a single limit. All clients of a process
share one count, and each client compares it with the limit in its own ``ClientConfig``.
"""

import asyncio
from collections import deque
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from weakref import WeakKeyDictionary

from pipecat_sagemaker_deepgram.exceptions import ConnectError


@dataclass(frozen=True, eq=False)
class _Turn:
    limit: int
    place: asyncio.Future[None]


class Gate:
    """Lets a limited number of callers in at once, in the order in which they came."""

    def __init__(self) -> None:
        self._inside = 0
        self._waiting: deque[_Turn] = deque()

    @asynccontextmanager
    async def enter(self, limit: int) -> AsyncIterator[None]:
        """Wait until fewer than ``limit`` callers are inside, then enter."""
        if self._waiting or self._inside >= limit:
            await self._wait(_Turn(limit, asyncio.get_running_loop().create_future()))
        else:
            self._inside += 1
        try:
            yield
        finally:
            self._leave()

    async def _wait(self, turn: _Turn) -> None:
        """Wait for a place; ``_admit`` has already counted it when it is given."""
        self._waiting.append(turn)
        try:
            await turn.place
        except BaseException:
            if turn in self._waiting:
                self._waiting.remove(turn)
                self._admit()
            elif not turn.place.cancelled():
                self._leave()
            raise

    def _leave(self) -> None:
        self._inside -= 1
        self._admit()

    def _admit(self) -> None:
        while self._waiting:
            turn = self._waiting[0]
            if turn.place.done():
                self._waiting.popleft()
            elif self._inside < turn.limit:
                self._waiting.popleft()
                self._inside += 1
                turn.place.set_result(None)
            else:
                return


@dataclass
class ProcessGates:
    """The gates that all clients of one event loop share.

    Attributes:
        open: Streams that are open or being opened.
        connecting: Streams that are being opened.
    """

    open: Gate = field(default_factory=Gate)
    connecting: Gate = field(default_factory=Gate)


_GATES: WeakKeyDictionary[asyncio.AbstractEventLoop, ProcessGates] = WeakKeyDictionary()


def process_gates() -> ProcessGates:
    """Return the gates of the running event loop."""
    return _GATES.setdefault(asyncio.get_running_loop(), ProcessGates())


@asynccontextmanager
async def stream_slot(limit: int, *, timeout: float) -> AsyncIterator[None]:
    """Hold one of the process's places for open streams.

    Raises:
        ConnectError: No place became free within ``timeout`` seconds.
    """
    place = process_gates().open.enter(limit)
    try:
        async with asyncio.timeout(timeout):
            await place.__aenter__()
    except TimeoutError as error:
        raise ConnectError(
            f"{limit} streams are open in this process, and none ended within {timeout:g} s",
            advice="Raise max_concurrency, or spread the calls over more processes.",
        ) from error
    try:
        yield
    finally:
        await place.__aexit__(None, None, None)
