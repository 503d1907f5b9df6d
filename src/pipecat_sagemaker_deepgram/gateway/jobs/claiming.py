# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
"""Takes what is due from the database and works on so much of it at a time."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Protocol

from loguru import logger

from pipecat_sagemaker_deepgram.gateway.jobs.database import StoreUnavailableError


class BlockingCall(Protocol):
    """Calls a function that blocks; tests have ways of their own."""

    def __call__[**P, R](
        self, function: Callable[P, R], /, *args: P.args, **kwargs: P.kwargs
    ) -> Awaitable[R]:
        """Call it."""
        ...


async def in_thread[**P, R](function: Callable[P, R], /, *args: P.args, **kwargs: P.kwargs) -> R:
    """Call a function that blocks, in a thread; whoever is cancelled waits until it has returned.

    So nobody closes the database under it.
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
    """Takes what is due and works on it, until it is stopped.

    Args:
        claim: Takes one thing; ``None`` where nothing is due.
        work: Works on it. What it raises is logged; its lease ends by itself.
        concurrency: How many are worked on at a time.
        poll: Seconds after which it looks again where nothing was due.
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
        """Work until stopped, and until what was begun is done."""
        async with asyncio.TaskGroup() as group:
            while True:
                await self._slots.acquire()
                taken = await self._take()
                if taken is None:
                    return
                group.create_task(self._fill_slot(taken))

    def wake(self) -> None:
        """Have it look at once: something is due."""
        self._news.set()

    def stop(self) -> None:
        """Have it take no more."""
        self._is_stopping = True
        self._news.set()

    async def _take(self) -> T | None:
        """Wait for what is due; ``None`` once it is stopped."""
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
                logger.error("nothing can be taken from the queue: {}", error)
            self._is_away = True
            return None
        except Exception as error:
            logger.opt(exception=error).error("nothing can be taken from the queue; trying again")
            return None
        if self._is_away:
            logger.info("the queue is back")
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
            logger.opt(exception=error).error("what was taken from the queue could not be done")
        finally:
            self._slots.release()


async def patiently[R](act: Callable[[], Awaitable[R]], *, patience: float, pause: float) -> R:
    """Do what needs the database, again and again while it is away.

    Args:
        act: What is to be done.
        patience: Seconds after which it is given up.
        pause: Seconds between attempts.

    Raises:
        StoreUnavailableError: It was away for too long.
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
