# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
"""Blocking calls in threads that never delay the end of the process.

Neither ``asyncio.to_thread`` nor ``ThreadPoolExecutor`` does: the interpreter waits for their
threads at exit, and a call that hangs in DNS or in a credentials helper would hang the process.
"""

import threading
from collections.abc import Callable
from concurrent.futures import Future


def in_daemon_thread[T](function: Callable[[], T], *, name: str) -> Future[T]:
    """Run a blocking function in a daemon thread.

    Args:
        function: What to call.
        name: The thread's name.

    Returns:
        A future for what the function returns or raises. It cannot be cancelled.
    """
    outcome: Future[T] = Future()
    outcome.set_running_or_notify_cancel()

    def run() -> None:
        try:
            outcome.set_result(function())
        except BaseException as error:
            outcome.set_exception(error)

    threading.Thread(target=run, name=name, daemon=True).start()
    return outcome
