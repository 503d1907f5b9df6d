# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause

"""The emulated clock of one stream and the timer of its next scripted fault."""

import asyncio
from collections.abc import Callable

from pipecat_sagemaker_deepgram.emulator.settings import EmulatorSettings


class StreamClock:
    """Measures emulated time, and calls back at one moment."""

    def __init__(self, settings: EmulatorSettings) -> None:
        """Starts without a timer.

        Args:
            settings: The clock's scale.
        """
        self._settings = settings
        self._loop = asyncio.get_running_loop()
        self._timer: asyncio.TimerHandle | None = None
        self._when: float | None = None

    def now(self) -> float:
        """Emulated seconds of a clock that never goes back."""
        return self._loop.time() * self._settings.time_scale

    def call_at(self, when: float | None, callback: Callable[[], None]) -> None:
        """Sets the timer; it replaces an earlier one.

        Args:
            when: Emulated seconds, None for no timer.
            callback: Called then.
        """
        if when == self._when:
            return
        self.stop()
        self._when = when
        if when is not None:
            self._timer = self._loop.call_at(self._settings.real(when), self._fire, callback)

    def stop(self) -> None:
        """Cancels the timer."""
        self._when = None
        if self._timer is not None:
            self._timer.cancel()

    def _fire(self, callback: Callable[[], None]) -> None:
        self._when = None
        callback()
