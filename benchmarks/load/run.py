# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
"""One run: open the streams, feed them in real time, measure a window, close them."""

import asyncio
import importlib
import time
from collections.abc import Callable, Coroutine
from contextlib import AbstractContextManager, nullcontext
from typing import Any

from benchmarks.access import Access
from benchmarks.drivers import Driver
from benchmarks.load.meter import Reading, read
from benchmarks.load.spec import LoadResult, LoadSpec
from benchmarks.load.stream import Stream
from benchmarks.marks import FRAME_SECONDS

_ANSWERS_WITHIN = 1.0


async def run(
    spec: LoadSpec,
    access: Access,
    *,
    around_opening: Callable[[], AbstractContextManager[Any]] = nullcontext,
    around_window: Callable[[], AbstractContextManager[Any]] = nullcontext,
) -> LoadResult:
    """Run a client.

    Args:
        spec: The run.
        access: The address of the server.
        around_opening: Entered while the streams are made and opened.
        around_window: Entered for the time that is measured.
    """
    driver = importlib.import_module(f"benchmarks.drivers.{spec.driver}")
    before = read()
    with around_opening():
        opened, open_seconds, errors = await _open(driver.make, access, spec)
    tasks = [asyncio.create_task(stream.receive()) for stream in opened]
    start = time.perf_counter() + 0.05
    feeders = [asyncio.create_task(stream.feed(start)) for stream in opened]
    await asyncio.sleep(spec.warm_up)
    with around_window():
        first = _Moment(opened)
        await asyncio.sleep(spec.window)
        last = _Moment(opened)
    for stream in opened:
        stream.stop()
    await asyncio.sleep(_ANSWERS_WITHIN)
    result = _result(opened, before, first, last, open_seconds=open_seconds, open_errors=errors)
    await within(spec.close_timeout, *(stream.driver.close() for stream in opened))
    await within(0.5, *feeders, *tasks)
    return result


class _Moment:
    """The meters and the counters at one moment."""

    def __init__(self, streams: list[Stream]) -> None:
        self.meters = read()
        self.frames = sum(stream.frames for stream in streams)
        self.messages = sum(stream.messages for stream in streams)


def _result(
    streams: list[Stream],
    before: Reading,
    first: _Moment,
    last: _Moment,
    *,
    open_seconds: float,
    open_errors: list[str],
) -> LoadResult:
    start, end = first.meters, last.meters
    window = end.time - start.time
    answered = [each for s in streams for each in s.latencies(start.time, end.time)]
    return LoadResult(
        opened=len(streams),
        open_seconds=open_seconds,
        open_errors=open_errors,
        window=window,
        frames=last.frames - first.frames,
        wanted_frames=len(streams) * window / FRAME_SECONDS,
        messages=last.messages - first.messages,
        cpu_seconds=end.cpu_seconds - start.cpu_seconds,
        latencies=sorted(answered),
        unanswered=sum(s.expected(start.time, end.time) for s in streams) - len(answered),
        threads=end.threads,
        threads_before=before.threads,
        memory=end.memory,
        memory_before=before.memory,
        failures=sorted({stream.failure for stream in streams} - {""}),
    )


async def _open(
    make: Callable[..., Driver], access: Access, spec: LoadSpec
) -> tuple[list[Stream], float, list[str]]:
    began = time.perf_counter()
    ends: list[float] = []
    errors: set[str] = set()

    async def one(number: int) -> Stream | None:
        stream = Stream(make(access, spec.options), number, spec)
        try:
            await stream.driver.open()
        except Exception as error:
            errors.add(f"{type(error).__name__}: {error}")
            return None
        ends.append(time.perf_counter() - began)
        return stream

    done, waiting = await within(spec.open_timeout, *(one(each) for each in range(spec.streams)))
    if waiting:
        errors.add(f"{len(waiting)} not open after {spec.open_timeout:g} s")
    opened = [stream for task in done if (stream := task.result()) is not None]
    return opened, max(ends, default=0.0), sorted(errors)


async def within(
    limit: float, *work: Coroutine[Any, Any, Any] | asyncio.Task[Any]
) -> tuple[set[asyncio.Task[Any]], set[asyncio.Task[Any]]]:
    """Run work together for a limited time.

    Work that is not done by then is abandoned: some libraries do not end when they are cancelled.

    Returns:
        The tasks that are done and those that are not.
    """
    tasks = [each if isinstance(each, asyncio.Task) else asyncio.create_task(each) for each in work]
    return await asyncio.wait(tasks, timeout=limit) if tasks else (set(), set())
