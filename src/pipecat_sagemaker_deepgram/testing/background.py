# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
"""Runs something on a separate event loop, in a thread, during a test.

The test may then have a loop of any scope, or none, and a busy loop does not delay what it tests.
"""

import asyncio
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import Future
from contextlib import AbstractAsyncContextManager, contextmanager

_CALL_TIMEOUT = 30.0


class Background[T]:
    """Something that runs in a background thread.

    Attributes:
        value: The value that the context manager returned.
    """

    def __init__(self, value: T, loop: asyncio.AbstractEventLoop) -> None:
        """Wrap a running value.

        Args:
            value: The value that the context manager returned.
            loop: The loop on which it runs.
        """
        self.value = value
        self._loop = loop

    def call[R](self, function: Callable[[T], R]) -> R:
        """Call a function on the loop and wait for its result.

        Args:
            function: Called with ``value``.

        Raises:
            TimeoutError: The loop did not respond in time.
        """

        async def run() -> R:
            return function(self.value)

        return asyncio.run_coroutine_threadsafe(run(), self._loop).result(_CALL_TIMEOUT)


@contextmanager
def in_background[T](
    make: Callable[[], AbstractAsyncContextManager[T]],
) -> Iterator[Background[T]]:
    """Run an asynchronous context manager in a thread while the context is open.

    Args:
        make: Creates the context manager; called in that thread.

    Yields:
        The running value.
    """
    started: Future[tuple[Background[T], asyncio.Event]] = Future()

    async def run() -> None:
        async with make() as value:
            stop = asyncio.Event()
            started.set_result((Background(value, asyncio.get_running_loop()), stop))
            await stop.wait()

    def work() -> None:
        try:
            asyncio.run(run())
        except BaseException as error:
            if started.done():
                failed.append(error)
            else:
                started.set_exception(error)

    failed: list[BaseException] = []
    thread = threading.Thread(target=work, name="sagemaker-endpoint", daemon=True)
    thread.start()
    background, stop = started.result()
    try:
        yield background
    finally:
        background._loop.call_soon_threadsafe(stop.set)
        thread.join()
    if failed:
        raise failed[0]
