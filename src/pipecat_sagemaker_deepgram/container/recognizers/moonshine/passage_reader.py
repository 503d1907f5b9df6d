# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
"""Reads passages of speech in threads of its own, so that who listens need not wait."""

import threading
import time
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass

from pipecat_sagemaker_deepgram.container.recognizers.moonshine.transcribers import (
    Samples,
    TranscriberPool,
    pad,
    transcribe,
)


@dataclass(frozen=True)
class PassageReading:
    """What came of reading a passage.

    Attributes:
        text: What is said in it.
        end_probability: How probable it is that the speaker has finished; None if not asked.
    """

    text: str
    end_probability: float | None = None


class PassageReader:
    """A queue of passages, read by as many threads as there are transcribers.

    Glances have one thread of their own, so that what has ended never waits behind them.

    Args:
        pool: The transcribers.
        judge: Gives the probability that a speaker has finished, from what they said.
        lead: Seconds of silence put before a passage.
        tail: Seconds of silence put after it.
    """

    def __init__(
        self,
        pool: TranscriberPool,
        judge: Callable[[Samples], float],
        *,
        lead: float = 0.5,
        tail: float = 0.25,
    ) -> None:
        self._pool = pool
        self._judge = judge
        self._lead = lead
        self._tail = tail
        self._threads = ThreadPoolExecutor(max(1, len(pool)), thread_name_prefix="reader")
        self._glancer = ThreadPoolExecutor(1, thread_name_prefix="reader-glance")
        self._lock = threading.Lock()
        self._unfinished = 0

    def read(self, passage: Samples, turn: Samples | None = None) -> "Future[PassageReading]":
        """Read a passage that has ended; also judge whether the ``turn`` has, if one is given."""
        return self._submit(self._threads, lambda: self._read(passage, turn))

    def glance(
        self, passage: Samples, *, is_first: bool = False
    ) -> "Future[PassageReading] | None":
        """Read a passage that goes on, unless it can be left out.

        Returns:
            None when every thread is busy or glances have had their share of the time, unless it
            ``is_first``.
        """
        with self._lock:
            is_busy = self._unfinished >= max(1, len(self._pool))
        if not is_first and (is_busy or not self._pool.has_spare_time):
            return None
        return self._submit(self._glancer, lambda: self._glance(passage))

    def close(self) -> None:
        """Stop reading; what was not begun is cancelled."""
        self._glancer.shutdown(cancel_futures=True)
        self._threads.shutdown(cancel_futures=True)

    def _submit(
        self, threads: ThreadPoolExecutor, call: Callable[[], PassageReading]
    ) -> "Future[PassageReading]":
        with self._lock:
            self._unfinished += 1
        future = threads.submit(call)
        future.add_done_callback(self._forget)
        return future

    def _glance(self, passage: Samples) -> PassageReading:
        began = time.monotonic()
        reading = self._read(passage, None)
        self._pool.note_spare(time.monotonic() - began)
        return reading

    def _read(self, passage: Samples, turn: Samples | None) -> PassageReading:
        with self._pool.borrow(wait=True) as transcriber:
            text = transcribe(transcriber, pad(passage, self._lead, self._tail))
        return PassageReading(text, None if turn is None else self._judge(turn))

    def _forget(self, future: "Future[PassageReading]") -> None:
        with self._lock:
            self._unfinished -= 1
