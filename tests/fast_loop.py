# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
"""An event loop whose clock runs faster, so that long waits on real sockets are over soon."""

import asyncio
import selectors
from collections.abc import Coroutine
from typing import Any


class FastLoop(asyncio.SelectorEventLoop):
    """An event loop whose seconds are shorter than real ones.

    Args:
        speed: Seconds of its clock in a real second.
    """

    def __init__(self, speed: float) -> None:
        self._speed = speed
        super().__init__(_FastSelector(speed))

    def time(self) -> float:
        return super().time() * self._speed


class _FastSelector(selectors.DefaultSelector):
    def __init__(self, speed: float) -> None:
        super().__init__()
        self._speed = speed

    def select(self, timeout: float | None = None) -> Any:
        return super().select(None if timeout is None else timeout / self._speed)


def run_fast[T](main: Coroutine[Any, Any, T], speed: float) -> T:
    """Run a coroutine to its end on a loop whose clock runs so many times faster."""
    with asyncio.Runner(loop_factory=lambda: FastLoop(speed)) as runner:
        return runner.run(main)
