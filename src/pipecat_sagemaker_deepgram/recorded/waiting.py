# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
"""Blocking calls that can be awaited and never delay the end of the process."""

import asyncio
from collections.abc import Callable

from pipecat_sagemaker_deepgram.transport import daemon_thread


async def in_daemon_thread[T](function: Callable[[], T], *, name: str) -> T:
    """Call a blocking function in a thread of its own.

    Args:
        function: The function; it continues if the waiting is cancelled.
        name: Name of the thread.
    """
    return await asyncio.wrap_future(daemon_thread.in_daemon_thread(function, name=name))
