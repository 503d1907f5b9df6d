# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
"""The driver's timer, on each event loop that it runs on, and when waiting tasks continue."""

import asyncio
from collections import deque
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Any, cast

import pytest
import uvloop

from pipecat_sagemaker_deepgram.client.classify import classify
from pipecat_sagemaker_deepgram.client.clock import loop_time
from pipecat_sagemaker_deepgram.client.config import ClientConfig, RetryPolicy, Target
from pipecat_sagemaker_deepgram.client.driver import SessionDriver
from pipecat_sagemaker_deepgram.client.records import GivenUp, SessionEvent
from pipecat_sagemaker_deepgram.client.session.session import Session
from pipecat_sagemaker_deepgram.client.session.state import Phase
from pipecat_sagemaker_deepgram.client.stream_protocol import StreamProtocol
from pipecat_sagemaker_deepgram.exceptions import ConnectError, StreamIdentity


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


class QuietStream:
    """A stream of which nothing comes."""

    identity = StreamIdentity()

    def watch_draining(self, on_draining: object) -> None:
        pass

    def watch_arrivals(self, on_arrival: object) -> None:
        pass

    def abort(self) -> None:
        pass

    async def receive(self) -> None:
        await asyncio.Event().wait()


class SecondTime:
    """Opens a stream when it is asked for the second time."""

    def __init__(self) -> None:
        self._times = 0

    @asynccontextmanager
    async def open(self, target: Target, **options: object) -> AsyncIterator[QuietStream]:
        self._times += 1
        if self._times == 1:
            raise ConnectError("Nobody listens")
        yield QuietStream()


async def test_a_session_that_is_reconnected_as_it_gives_up_is_not_settled_before() -> None:
    """Whoever waits for it would be given the failure that is being overcome."""
    session = Session(
        (Target(endpoint_name="deepgram"),),
        StreamProtocol(),
        config=ClientConfig(probe_interval=15.0),
        retry_policy=RetryPolicy(max_retries=0),
        classify=classify,
        random=lambda: 0.0,
    )

    def reconnect(event: SessionEvent) -> None:
        if isinstance(event, GivenUp):
            session.connect(loop_time())

    driver = SessionDriver(session, cast(Any, SecondTime()), reconnect)
    async with asyncio.timeout(10):
        session.connect(loop_time())
        driver.drain()
        await driver.settled.wait()
        assert session.state.phase is Phase.UP
        session.abort()
        driver.drain()
        await driver.wait_for_streams()
