# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
"""Ctrl-C: the first stops the audio, the second cancels, the third exits at once."""

import asyncio
import signal
from collections.abc import Callable
from types import FrameType, TracebackType
from typing import Any, Self

_SIGNALS = (signal.SIGINT, signal.SIGTERM)


class Interrupts:
    """While entered, the first signal calls a function and the second cancels the task.

    Any later signal raises ``KeyboardInterrupt`` wherever the process is, even in an event loop
    that is stuck. Must be entered in the main thread, by the task that is to be cancelled.

    Args:
        on_first: Called on the event loop at the first signal.
    """

    def __init__(self, on_first: Callable[[], None]) -> None:
        self._on_first = on_first
        self._count = 0
        self._previous: dict[signal.Signals, Any] = {}

    @property
    def received(self) -> bool:
        """Whether a signal has arrived."""
        return self._count > 0

    def __enter__(self) -> Self:
        """Listen."""
        self._loop = asyncio.get_running_loop()
        self._task = asyncio.current_task()
        self._previous = {number: signal.signal(number, self._receive) for number in _SIGNALS}
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        """Remove the signal handlers."""
        for number, handler in self._previous.items():
            signal.signal(number, handler)

    def _receive(self, number: int, frame: FrameType | None) -> None:
        self._count += 1
        if self._count == 1:
            self._loop.call_soon_threadsafe(self._on_first)
        elif self._count == 2 and self._task is not None:
            self._loop.call_soon_threadsafe(self._task.cancel)
        else:
            raise KeyboardInterrupt
