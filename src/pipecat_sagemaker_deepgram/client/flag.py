# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
"""A flag that tasks can wait for, and that takes little memory."""

import asyncio


class Flag:
    """Like ``asyncio.Event``, but without the 760-byte queue that it keeps even if no task waits.

    A session has five of them.
    """

    __slots__ = ("_is_set", "_waiters")

    def __init__(self) -> None:
        self._is_set = False
        self._waiters: tuple[asyncio.Future[None], ...] = ()

    def is_set(self) -> bool:
        """Whether it is set."""
        return self._is_set

    def set(self) -> None:
        """Set it, and let all waiting tasks continue."""
        self._is_set = True
        for each in self._waiters:
            if not each.done():
                each.set_result(None)

    def clear(self) -> None:
        """Have tasks wait from now on."""
        self._is_set = False

    async def wait(self) -> None:
        """Wait until it is set; return at once if it already is."""
        if self._is_set:
            return
        waiter = asyncio.get_running_loop().create_future()
        self._waiters += (waiter,)
        try:
            await waiter
        finally:
            self._waiters = tuple(each for each in self._waiters if each is not waiter)
