# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
"""An event loop whose clock jumps to the next timer whenever nothing is left to do."""

import asyncio
import selectors
from collections.abc import Callable, Coroutine
from typing import Any


class _JumpingSelector(selectors.SelectSelector):
    """Never waits: says instead how long it would have."""

    def __init__(self, jump: Callable[[float], None]) -> None:
        super().__init__()
        self._jump = jump

    def select(self, timeout: float | None = None) -> list[tuple[selectors.SelectorKey, int]]:
        ready = super().select(0)
        if not ready:
            if timeout is None:
                raise RuntimeError("everything waits, and nothing will ever come")
            self._jump(timeout)
        return ready


class VirtualLoop(asyncio.SelectorEventLoop):
    """An event loop in virtual time.

    Args:
        on_jump: Called with the seconds by which the clock jumps.
    """

    def __init__(self, on_jump: Callable[[float], None]) -> None:
        self._virtual_now = 0.0
        self._on_jump = on_jump
        super().__init__(_JumpingSelector(self._jump))

    def time(self) -> float:
        return self._virtual_now

    def _jump(self, seconds: float) -> None:
        self._virtual_now += seconds
        self._on_jump(seconds)


def run_in_virtual_time[R](
    main: Coroutine[Any, Any, R], on_jump: Callable[[float], None] = lambda seconds: None
) -> R:
    """Run a coroutine to its end, in no time."""
    with asyncio.Runner(loop_factory=lambda: VirtualLoop(on_jump)) as runner:
        return runner.run(main)
