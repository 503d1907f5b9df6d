# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
"""Transcribes passages of speech in threads of its own, so that listening never waits."""

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
    """The result of transcribing a passage.

    Attributes:
        text: The text of the passage.
        end_probability: Probability, 0 to 1, that the speaker has finished; None if not judged.
    """

    text: str
    end_probability: float | None = None


class PassageReader:
    """A queue of passages, transcribed by as many threads as there are transcribers.

    Glances, readings of an unfinished passage, have a thread of their own, so that finished
    passages never wait for them.

    Args:
        pool: The transcribers.
        judge: Returns the probability that a speaker has finished, given their audio.
        lead: Seconds of silence added before a passage.
        tail: Seconds of silence added after it.
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
        """Read a finished passage; if a ``turn`` is given, also judge whether it has ended."""
        return self._submit(self._threads, lambda: self._read(passage, turn))

    def glance(
        self, passage: Samples, *, is_first: bool = False
    ) -> "Future[PassageReading] | None":
        """Read an unfinished passage, if there is time to.

        Returns:
            None if every thread is busy or glances have used up their share of the time, unless it
            ``is_first``.
        """
        with self._lock:
            is_busy = self._unfinished >= max(1, len(self._pool))
        if not is_first and (is_busy or not self._pool.has_spare_time):
            return None
        return self._submit(self._glancer, lambda: self._glance(passage))

    def close(self) -> None:
        """Stop reading; cancel the passages not started."""
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
