# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
"""The event loop that skips waits: what it skips, and what it waits for."""

import asyncio
import threading
import time

from .skipping_loop import run_skipping


def test_a_wait_for_time_alone_is_skipped() -> None:
    async def sleep_for_an_hour() -> float:
        began = asyncio.get_running_loop().time()
        await asyncio.sleep(3600)
        return asyncio.get_running_loop().time() - began

    began = time.monotonic()
    assert run_skipping(sleep_for_an_hour()) >= 3600
    assert time.monotonic() - began < 60


def test_a_thread_that_outlasts_its_cancelled_task_is_waited_for() -> None:
    release = threading.Event()
    timer = threading.Timer(0.05, release.set)

    async def leave_a_thread() -> None:
        work = asyncio.get_running_loop().run_in_executor(None, release.wait)
        work.cancel()
        timer.start()

    run_skipping(leave_a_thread())  # The loop warns of threads that it gives up.
    assert release.is_set()
    timer.join()
