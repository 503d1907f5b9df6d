# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
"""Blocking calls do not hold anything up."""

import asyncio
import threading

import pytest

from pipecat_sagemaker_deepgram.doctor.threads import in_thread


class Blocking:
    """A function that blocks until its end is asked for, and knows its thread.

    Others run threads of the same name, and leave them behind as this one is.
    """

    def __init__(self) -> None:
        self.thread: threading.Thread | None = None
        self._has_begun = threading.Event()
        self._release = threading.Event()

    def __call__(self) -> None:
        self.thread = threading.current_thread()
        self._has_begun.set()
        self._release.wait(10)

    async def begun(self) -> None:
        """Wait until it has been called."""
        assert await asyncio.to_thread(self._has_begun.wait, 5)

    async def end(self) -> None:
        """Release it and wait until its thread is over."""
        self._release.set()
        await self.begun()
        assert self.thread is not None
        await asyncio.to_thread(self.thread.join, 5)
        assert not self.thread.is_alive()


async def test_what_a_function_gives_or_raises_comes_through() -> None:
    assert await in_thread(lambda: 1, timeout=5) == 1
    with pytest.raises(ZeroDivisionError):
        await in_thread(lambda: 1 / 0, timeout=5)


async def test_a_function_that_blocks_is_left_behind() -> None:
    """In a daemon thread, so that the process can end meanwhile."""
    left = Blocking()
    with pytest.raises(TimeoutError):
        await in_thread(left, timeout=0.05)
    await left.end()
    assert left.thread is not None
    assert left.thread.daemon


async def test_it_can_be_cancelled() -> None:
    left = Blocking()
    waiting = asyncio.create_task(in_thread(left, timeout=10))
    await left.begun()
    waiting.cancel()
    with pytest.raises(asyncio.CancelledError):
        await waiting
    await left.end()
