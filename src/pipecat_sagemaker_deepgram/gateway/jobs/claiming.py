# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
"""Claims due work from the database and runs a limited number of items at a time."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Protocol

from loguru import logger

from pipecat_sagemaker_deepgram.gateway.jobs.database import StoreUnavailableError


class BlockingCall(Protocol):
    """Runs a blocking function; tests replace it."""

    def __call__[**P, R](
        self, function: Callable[P, R], /, *args: P.args, **kwargs: P.kwargs
    ) -> Awaitable[R]:
        """Run the function."""
        ...


async def in_thread[**P, R](function: Callable[P, R], /, *args: P.args, **kwargs: P.kwargs) -> R:
    """Run a blocking function in a thread; a cancelled caller waits until it has returned.

    The database is therefore never closed while a function uses it.
    """
    calling = asyncio.ensure_future(asyncio.to_thread(function, *args, **kwargs))
    try:
        return await asyncio.shield(calling)
    except asyncio.CancelledError:
        await asyncio.wait({calling})
        if not calling.cancelled():
            calling.exception()
        raise


class ClaimLoop[T]:
    """Claims due items and works on them, until it is stopped.

    Args:
        claim: Claims one item; ``None`` if nothing is due.
        work: Works on an item. Exceptions are logged, and the item's lease expires.
        concurrency: Number of concurrent items.
        poll: Seconds between two queries while nothing is due.
    """

    def __init__(
        self,
        claim: Callable[[], Awaitable[T | None]],
        work: Callable[[T], Awaitable[None]],
        *,
        concurrency: int,
        poll: float,
    ) -> None:
        self._claim = claim
        self._work = work
        self._slots = asyncio.Semaphore(concurrency)
        self._poll = poll
        self._news = asyncio.Event()
        self._is_stopping = False
        self._is_away = False

    async def run(self) -> None:
        """Work until stopped and until started items are done."""
        async with asyncio.TaskGroup() as group:
            while True:
                await self._slots.acquire()
                taken = await self._take()
                if taken is None:
                    return
                group.create_task(self._fill_slot(taken))

    def wake(self) -> None:
        """Query the database now, because something is due."""
        self._news.set()

    def stop(self) -> None:
        """Claim no more items."""
        self._is_stopping = True
        self._news.set()

    async def _take(self) -> T | None:
        """Wait for a due item; ``None`` once stopped."""
        while not self._is_stopping:
            self._news.clear()
            if (taken := await self._try_claim()) is not None:
                return taken
            if not self._is_stopping:
                await self._wait()
        return None

    async def _try_claim(self) -> T | None:
        try:
            taken = await self._claim()
        except StoreUnavailableError as error:
            if not self._is_away:
                logger.error("the queue cannot be read: {}", error)
            self._is_away = True
            return None
        except Exception as error:
            logger.opt(exception=error).error("the queue cannot be read; trying again")
            return None
        if self._is_away:
            logger.info("the queue can be read again")
        self._is_away = False
        return taken

    async def _wait(self) -> None:
        try:
            async with asyncio.timeout(self._poll):
                await self._news.wait()
        except TimeoutError:
            return

    async def _fill_slot(self, taken: T) -> None:
        try:
            await self._work(taken)
        except Exception as error:
            logger.opt(exception=error).error("an item of the queue failed")
        finally:
            self._slots.release()


async def patiently[R](act: Callable[[], Awaitable[R]], *, patience: float, pause: float) -> R:
    """Run an action on the database, and repeat it while the database is unavailable.

    Args:
        act: The action.
        patience: Seconds after which to give up.
        pause: Seconds between attempts.

    Raises:
        StoreUnavailableError: The database was unavailable for too long.
    """
    now = asyncio.get_running_loop().time
    deadline = now() + patience
    while True:
        try:
            return await act()
        except StoreUnavailableError:
            if now() >= deadline:
                raise
        await asyncio.sleep(pause)
