# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
"""Blocking calls outside the event loop, with a deadline."""

import asyncio
from collections.abc import Callable

from pipecat_sagemaker_deepgram.transport.daemon_thread import in_daemon_thread


async def in_thread[T](function: Callable[[], T], *, timeout: float) -> T:
    """Run a blocking function in a thread that does not delay the end of the process.

    After the timeout the thread is abandoned; it ends when the function returns.

    Args:
        function: What to call.
        timeout: Timeout in seconds.

    Raises:
        TimeoutError: It took longer.
    """
    outcome = in_daemon_thread(function, name="doctor")
    async with asyncio.timeout(timeout):
        return await asyncio.wrap_future(outcome)
