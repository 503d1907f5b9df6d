# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
"""An event loop that skips waits: what takes an hour of waiting on real sockets is over at once.

Where nothing is to be read or written and no thread works for it, the loop sets its clock to its
next timer. All that talk to each other have to run on it. However slow the machine is, nothing
times out that would not in real time.
"""

import asyncio
import functools
import selectors
import threading
from collections.abc import Callable, Coroutine
from typing import Any

GRACE = 0.001
"""Real seconds in which what was sent on this machine arrives."""

THREADS = {"aws-credentials", "sagemaker-imports"}
"""Names of the client's threads, which are no executor's."""


class SkippingLoop(asyncio.SelectorEventLoop):
    """An event loop whose clock is real while anything happens, and else goes on at once."""

    def __init__(self) -> None:
        self._skipped = 0.0
        self._working = 0
        super().__init__(_SkippingSelector(self))

    def time(self) -> float:
        return super().time() + self._skipped

    def run_in_executor(self, executor: Any, func: Any, *args: Any) -> asyncio.Future[Any]:
        future = super().run_in_executor(executor, func, *args)
        self._working += 1
        future.add_done_callback(self._worked)
        return future

    async def shutdown_default_executor(self, timeout: float | None = None) -> None:
        self._working += 1
        try:
            await super().shutdown_default_executor(timeout)
        finally:
            self._working -= 1

    @property
    def is_waited_for(self) -> bool:
        """Whether a thread works, whose result comes when it comes."""
        return self._working > 0

    def skip(self, seconds: float) -> None:
        """Set the clock forward."""
        self._skipped += seconds

    def _worked(self, _: asyncio.Future[Any]) -> None:
        self._working -= 1


class _SkippingSelector(selectors.DefaultSelector):
    def __init__(self, loop: SkippingLoop) -> None:
        super().__init__()
        self._loop = loop

    def select(self, timeout: float | None = None) -> Any:
        if timeout is None or timeout <= GRACE or self._loop.is_waited_for:
            return super().select(timeout)
        is_alone = THREADS.isdisjoint(each.name for each in threading.enumerate())
        events = super().select(GRACE)
        if is_alone and not events:
            self._loop.skip(timeout - GRACE)
        return events


def run_skipping[T](main: Coroutine[Any, Any, T]) -> T:
    """Run a coroutine to its end on a loop that skips waits."""
    with asyncio.Runner(loop_factory=SkippingLoop) as runner:
        return runner.run(main)


def skipping_waits[**P](test: Callable[P, Coroutine[Any, Any, None]]) -> Callable[P, None]:
    """Run a test on a loop of its own that skips waits; its fixtures cannot be asynchronous."""

    @functools.wraps(test)
    def run(*args: P.args, **kwargs: P.kwargs) -> None:
        run_skipping(test(*args, **kwargs))

    return run
