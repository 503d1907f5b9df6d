# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
"""The event loop that commands run on."""

import asyncio
import gc
from collections.abc import Callable, Coroutine, Iterator
from contextlib import contextmanager
from typing import Any


def run[T](command: Coroutine[Any, Any, T]) -> T:
    """Run a coroutine to its end, on uvloop if that is installed."""
    with asyncio.Runner(loop_factory=_loop_factory()) as runner:
        return runner.run(command)


def _loop_factory() -> Callable[[], asyncio.AbstractEventLoop] | None:
    try:
        from uvloop import new_event_loop
    except ImportError:
        return None
    return new_event_loop


@contextmanager
def frozen_heap() -> Iterator[None]:
    """Keep the garbage collector from visiting the objects that exist so far.

    A full collection otherwise visits everything that was imported, and holds up all streams of a
    server for about 70 ms when many of them open at once.
    """
    gc.collect()
    gc.freeze()
    try:
        yield
    finally:
        gc.unfreeze()
