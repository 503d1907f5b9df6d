# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
"""What the tasks of one stream report to the session when reading and writing both end."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Any, cast

import pytest

from pipecat_sagemaker_deepgram.client.config import Target
from pipecat_sagemaker_deepgram.client.record_queue import RecordQueue
from pipecat_sagemaker_deepgram.client.session.actions import OpenStream, Write
from pipecat_sagemaker_deepgram.client.stream_runner import StreamRunner
from pipecat_sagemaker_deepgram.exceptions import ModelStreamError, StreamError, StreamLostError

REASON = ModelStreamError("The model failed", kind="ModelStreamError", code="1011")
UNWRITABLE = StreamLostError("It cannot be written to")


class Stream:
    """A stream whose writing fails at once, and whose reading comes to its end when it is let."""

    identity = None

    def __init__(self, *, has_ended: bool) -> None:
        self.has_ended = has_ended
        self.may_read = asyncio.Event()
        self.was_written_to = asyncio.Event()
        self.on_arrival: asyncio.Future[Callable[[], None]] = asyncio.Future()
        self.is_aborted = False

    def watch_arrivals(self, on_arrival: Callable[[], None]) -> None:
        self.on_arrival.set_result(on_arrival)

    def receive_now(self) -> None:
        raise REASON

    def abort(self) -> None:
        self.is_aborted = True

    def watch_draining(self, on_draining: Callable[[], None]) -> None:
        pass

    async def send(self, data: bytes, *, is_text: bool = False) -> None:
        self.was_written_to.set()
        raise UNWRITABLE

    async def receive(self) -> None:
        await self.may_read.wait()
        raise REASON


class Opener:
    """Opens that stream, and closes it when it is let."""

    def __init__(self, stream: Stream) -> None:
        self._stream = stream
        self.is_closing = asyncio.Event()
        self.may_close = asyncio.Event()

    @asynccontextmanager
    async def open(self, target: Target, **options: object) -> AsyncIterator[Stream]:
        try:
            yield self._stream
        finally:
            self.is_closing.set()
            await self.may_close.wait()


class Reports:
    """A session that keeps the failures it is told of."""

    def __init__(self) -> None:
        self.failures: list[Exception] = []

    def stream_failed(self, number: int, failure: Exception, now: float) -> None:
        self.failures.append(failure)

    def stream_opened(self, number: int, identity: object, now: float) -> None:
        pass

    def stream_blocked(self, number: int, *, is_blocked: bool) -> None:
        pass


def runner_of(stream: Stream, session: Reports, opener: Opener | None = None) -> StreamRunner:
    if opener is None:
        opener = Opener(stream)
        opener.may_close.set()
    return StreamRunner(
        OpenStream(1, Target(endpoint_name="deepgram"), needs_fresh_credentials=False),
        cast(Any, opener),
        cast(Any, session),
        on_change=lambda now: None,
        records=RecordQueue(),
    )


@pytest.mark.parametrize(
    ("has_ended", "reported"),
    [(True, [REASON]), (False, [UNWRITABLE, REASON])],
    ids=["ended by the endpoint", "broken"],
)
async def test_why_the_endpoint_ended_a_stream_is_read_before_a_write_fails_of_it(
    has_ended: bool, reported: list[StreamError]
) -> None:
    stream, session = Stream(has_ended=has_ended), Reports()
    runner = runner_of(stream, session)
    async with asyncio.timeout(5):
        runner.write_later(Write(1, b"audio", is_text=False))
        await stream.was_written_to.wait()
        stream.may_read.set()
        await runner.task
    assert session.failures == reported


async def test_a_stream_that_fails_as_something_arrives_is_reported_once_and_dropped() -> None:
    stream, session = Stream(has_ended=False), Reports()
    runner = runner_of(stream, session)
    async with asyncio.timeout(5):
        take_arrived = await stream.on_arrival
        take_arrived()
        await asyncio.wait({runner.task})
    assert session.failures == [REASON]
    assert stream.is_aborted
    assert not runner.was_cancelled


async def test_no_task_writes_until_something_waits() -> None:
    stream, session = Stream(has_ended=False), Reports()
    runner = runner_of(stream, session)
    async with asyncio.timeout(5):
        await stream.on_arrival
        await asyncio.sleep(0)
        assert asyncio.all_tasks() == {asyncio.current_task(), runner.task}
        runner.write_later(Write(1, b"audio", is_text=False))
        await stream.was_written_to.wait()
        stream.may_read.set()
        await runner.task
    assert session.failures == [UNWRITABLE, REASON]


async def test_nothing_is_written_while_a_stream_that_has_failed_is_closed() -> None:
    """The stream would say that it has been closed, which is not why it failed."""
    stream, session = Stream(has_ended=False), Reports()
    opener = Opener(stream)
    runner = runner_of(stream, session, opener)
    async with asyncio.timeout(5):
        stream.may_read.set()
        await opener.is_closing.wait()
        runner.write_later(Write(1, b"audio", is_text=False))
        runner.end_input()
        await asyncio.sleep(0)
        assert asyncio.all_tasks() == {asyncio.current_task(), runner.task}
        opener.may_close.set()
        await runner.task
    assert not stream.was_written_to.is_set()
    assert session.failures == [REASON]
