# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
"""Something that runs on an event loop of its own, in a thread, beside a test.

A test's own loop may then be of any scope, or there may be none, and one that is busy does not
hold up what it tests.
"""

import asyncio
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import Future
from contextlib import AbstractAsyncContextManager, contextmanager

_CALL_TIMEOUT = 30.0


class Background[T]:
    """What runs.

    Attributes:
        value: What the context manager gave.
    """

    def __init__(self, value: T, loop: asyncio.AbstractEventLoop) -> None:
        """Hold what runs.

        Args:
            value: What the context manager gave.
            loop: The loop that it runs on.
        """
        self.value = value
        self._loop = loop

    def call[R](self, function: Callable[[T], R]) -> R:
        """Call a function on the loop and wait for what it returns.

        Args:
            function: Called with ``value``.

        Raises:
            TimeoutError: The loop is held up.
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
        make: Called in that thread.

    Yields:
        What runs.
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
