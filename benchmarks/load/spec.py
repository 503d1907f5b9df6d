# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
"""The task of a client process, and its result. Pure."""

from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True, kw_only=True)
class LoadSpec:
    """One run of one client. Times are seconds.

    Attributes:
        driver: Name of the driver's module.
        options: For the driver.
        streams: How many streams.
        frames_per_chunk: 20 ms frames that are sent at once.
        in_step: Whether all streams send at the same moments, instead of evenly spread ones.
        uvloop: Whether the client runs on uvloop instead of asyncio's own event loop.
        warm_up: Time after all streams are open that is not measured.
        window: Time that is measured.
        open_timeout: Most time until all streams are open.
        close_timeout: Most time for closing them.
    """

    driver: str
    options: dict[str, Any] = field(default_factory=dict)
    streams: int = 10
    frames_per_chunk: int = 1
    in_step: bool = False
    uvloop: bool = False
    warm_up: float = 1.0
    window: float = 5.0
    open_timeout: float = 60.0
    close_timeout: float = 8.0


@dataclass(frozen=True, kw_only=True)
class LoadResult:
    """The result of one run. Times are seconds.

    Attributes:
        opened: Streams that opened.
        open_seconds: Time until all of those were open.
        open_errors: The errors of the others, each once.
        window: Time measured.
        frames: 20 ms frames sent in it.
        wanted_frames: Frames that would have been sent at real time.
        messages: Messages received in it.
        cpu_seconds: CPU used in it, by all threads, user and system.
        latencies: From a frame sent to the message that answers it, for frames of the window.
        unanswered: Frames of the window that should have been answered and were not.
        threads: Threads of the process at the window's end.
        threads_before: Threads before the first stream.
        memory: Resident bytes at the window's end.
        memory_before: Resident bytes before the first stream.
        failures: Errors of streams in between, each once.
    """

    opened: int
    open_seconds: float
    open_errors: list[str]
    window: float
    frames: int
    wanted_frames: float
    messages: int
    cpu_seconds: float
    latencies: list[float]
    unanswered: int
    threads: int
    threads_before: int
    memory: int
    memory_before: int
    failures: list[str]


@dataclass(frozen=True, kw_only=True)
class SessionHeard:
    """What one session heard while its streams were cut. Times are the system's monotonic clock.

    Attributes:
        spoken: Words that were spoken, whether or not they could be sent.
        first_heard: For each word heard, in order of time: when, on which stream, and the word.
        finals: The words of the finals, in order.
        failure: The error of the session; empty if there was none.
    """

    spoken: int
    first_heard: list[tuple[float, str, int]]
    finals: list[int]
    failure: str
