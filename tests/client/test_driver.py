# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
"""The driver's timer, on each event loop that it runs on."""

import asyncio
from collections import deque
from collections.abc import Callable
from typing import Any

import pytest
import uvloop

from pipecat_sagemaker_deepgram.client.driver import SessionDriver


class DueSession:
    """Wants nothing but to be called, three times, and at once."""

    def __init__(self) -> None:
        self.records: deque[Any] = deque()
        self.calls = 0
        self.over = asyncio.Event()

    def next(self, now: float) -> None:
        """Nothing is to be done."""

    def get_timer(self) -> float | None:
        return asyncio.get_running_loop().time() if self.calls < 3 else None

    def handle_timer(self, now: float) -> None:
        self.calls += 1
        if self.calls == 3:
            self.over.set()


@pytest.mark.parametrize("new_loop", [asyncio.new_event_loop, uvloop.new_event_loop])
def test_a_timer_that_is_due_is_kept_until_it_rings(
    new_loop: Callable[[], asyncio.AbstractEventLoop],
) -> None:
    """The handle that uvloop gives for a call that is due knows no time."""

    async def drive() -> int:
        session: Any = DueSession()
        driver = SessionDriver(session, connector=None, on_event=None)  # type: ignore[arg-type]
        driver.drain()
        driver.drain()
        async with asyncio.timeout(10):
            await session.over.wait()
        return session.calls

    with asyncio.Runner(loop_factory=new_loop) as runner:
        assert runner.run(drive()) == 3
