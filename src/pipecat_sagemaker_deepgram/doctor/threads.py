# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
"""Blocking calls, off the event loop and with a deadline."""

import asyncio
import threading
from collections.abc import Callable
from concurrent.futures import Future


async def in_thread[T](function: Callable[[], T], *, timeout: float) -> T:
    """Run a blocking function in a thread that never holds up the end of the process.

    The thread is left alone when its time is up; it ends when the function does.

    Args:
        function: What to call.
        timeout: Most seconds to wait for it.

    Raises:
        TimeoutError: It took longer.
    """
    outcome: Future[T] = Future()
    outcome.set_running_or_notify_cancel()

    def run() -> None:
        try:
            outcome.set_result(function())
        except BaseException as error:
            outcome.set_exception(error)

    threading.Thread(target=run, name="doctor", daemon=True).start()
    async with asyncio.timeout(timeout):
        return await asyncio.wrap_future(outcome)
