# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
"""Blocking calls in threads that never hold up the end of the process."""

import threading
from collections.abc import Callable
from concurrent.futures import Future


def in_daemon_thread[T](function: Callable[[], T], *, name: str) -> Future[T]:
    """Run a blocking function in a daemon thread.

    Args:
        function: What to call.
        name: The thread's name.

    Returns:
        What it will have come to; nobody can cancel it.
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
