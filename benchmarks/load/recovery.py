# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
"""Speak for a while through one client whose streams are cut; print the result as JSON."""

import asyncio
import importlib
import json
import os
import sys
import time
from dataclasses import asdict

from benchmarks.access import Access
from benchmarks.drivers import Driver
from benchmarks.load.run import within
from benchmarks.load.spec import LoadSpec, SessionHeard
from benchmarks.load.stream import Stream
from benchmarks.marks import FRAMES_PER_WORD, final_words_in, last_word_in, stream_of


class Listener:
    """Takes a session's messages and keeps the facts about recoveries."""

    def __init__(self) -> None:
        self.first_heard: list[tuple[float, str, int]] = []
        self.finals: list[int] = []
        self.failure = ""
        self._known = -1

    async def listen(self, driver: Driver) -> None:
        """Receive until the client says that the session has ended."""
        try:
            while (message := await driver.receive()) is not None:
                self._take(message, time.monotonic())
        except Exception as error:
            self.failure = f"receive: {type(error).__name__}: {error}"

    def _take(self, message: str, now: float) -> None:
        self.finals += final_words_in(message)
        word = last_word_in(message)
        if word is not None and word > self._known:
            self._known = word
            self.first_heard.append((now, stream_of(message), word))


async def speak(spec: LoadSpec, access: Access) -> list[SessionHeard]:
    """Speak through every session for the length of the window."""
    make = importlib.import_module(f"benchmarks.drivers.{spec.driver}").make
    streams = [Stream(make(access, spec.options), number, spec) for number in range(spec.streams)]
    await within(spec.open_timeout, *(stream.driver.open() for stream in streams))
    listeners = [Listener() for _ in streams]
    listening = [
        asyncio.create_task(listener.listen(stream.driver))
        for stream, listener in zip(streams, listeners, strict=True)
    ]
    feeders = [asyncio.create_task(stream.feed(time.perf_counter())) for stream in streams]
    await asyncio.sleep(spec.window)
    for stream in streams:
        stream.stop()
    await within(0.5, *feeders)
    most = max(stream.frames for stream in streams)
    await within(spec.close_timeout, *(stream.driver.close() for stream in streams))
    await within(1.0, *listening)
    return [
        SessionHeard(
            spoken=_spoken(stream, most),
            first_heard=listener.first_heard,
            finals=listener.finals,
            failure=listener.failure or stream.failure,
        )
        for stream, listener in zip(streams, listeners, strict=True)
    ]


def _spoken(stream: Stream, most: int) -> int:
    """Words that were spoken, including those that a client did not accept in time."""
    is_behind = most - stream.frames > FRAMES_PER_WORD
    return (most if is_behind else stream.frames) // FRAMES_PER_WORD


async def _main() -> None:
    spec, access = (json.loads(argument) for argument in sys.argv[1:3])
    heard = await speak(LoadSpec(**spec), Access(**access))
    print(json.dumps({"sessions": [asdict(session) for session in heard]}), flush=True)
    # A library that cannot be closed must not keep the process alive.
    os._exit(0)


if __name__ == "__main__":
    asyncio.run(_main())
