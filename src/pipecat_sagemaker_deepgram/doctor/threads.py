# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
"""Blocking calls, off the event loop and with a deadline."""

import asyncio
from collections.abc import Callable

from pipecat_sagemaker_deepgram.transport.daemon_thread import in_daemon_thread


async def in_thread[T](function: Callable[[], T], *, timeout: float) -> T:
    """Run a blocking function in a thread that never holds up the end of the process.

    The thread is left alone when its time is up; it ends when the function does.

    Args:
        function: What to call.
        timeout: Most seconds to wait for it.

    Raises:
        TimeoutError: It took longer.
    """
    outcome = in_daemon_thread(function, name="doctor")
    async with asyncio.timeout(timeout):
        return await asyncio.wrap_future(outcome)
