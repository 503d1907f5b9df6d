# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
"""Blocking calls do not hold anything up."""

import asyncio
import threading

import pytest

from pipecat_sagemaker_deepgram.doctor.threads import in_thread


async def test_what_a_function_gives_or_raises_comes_through() -> None:
    assert await in_thread(lambda: 1, timeout=5) == 1
    with pytest.raises(ZeroDivisionError):
        await in_thread(lambda: 1 / 0, timeout=5)


async def test_a_function_that_blocks_is_left_behind() -> None:
    """In a daemon thread, so that the process can end meanwhile."""
    release = threading.Event()
    with pytest.raises(TimeoutError):
        await in_thread(lambda: release.wait(10), timeout=0.05)
    (left,) = [each for each in threading.enumerate() if each.name == "doctor"]
    assert left.daemon
    release.set()
    await asyncio.to_thread(left.join, 5)


async def test_it_can_be_cancelled() -> None:
    release = threading.Event()
    waiting = asyncio.create_task(in_thread(lambda: release.wait(10), timeout=10))
    await asyncio.sleep(0)
    waiting.cancel()
    with pytest.raises(asyncio.CancelledError):
        await waiting
    release.set()
