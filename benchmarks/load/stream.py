# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
"""One real-time stream: a feeder, a receiver, and what they have counted."""

import asyncio
import time

from benchmarks.drivers import Driver
from benchmarks.load.spec import LoadSpec
from benchmarks.marks import FRAME_SECONDS, completes_word, frame, last_word_in


class Stream:
    """One real-time stream.

    Args:
        driver: The driver that sends it.
        number: Its number, from 0.
        spec: How to feed it.
    """

    def __init__(self, driver: Driver, number: int, spec: LoadSpec) -> None:
        self.driver = driver
        self.frames = 0
        self.messages = 0
        self.failure = ""
        self.sent_at: list[float] = []
        self.answered: list[tuple[float, float]] = []
        self._number = number
        self._spec = spec
        self._stops = False

    def stop(self) -> None:
        """Stop feeding."""
        self._stops = True

    async def feed(self, start: float) -> None:
        """Send a chunk whenever one is due."""
        frames = self._spec.frames_per_chunk
        pace = FRAME_SECONDS * frames
        due = start
        if not self._spec.in_step:
            due += pace * self._number / self._spec.streams
        while not self._stops:
            await asyncio.sleep(max(0.0, due - time.perf_counter()))
            await self._send(self._chunk(frames))
            self.frames += frames
            due += pace

    def _chunk(self, frames: int) -> bytes:
        numbers = range(self.frames, self.frames + frames)
        now = time.perf_counter()
        self.sent_at.extend(now for number in numbers if completes_word(number))
        if frames == 1:
            return frame(self._number, self.frames)
        return b"".join(frame(self._number, number) for number in numbers)

    async def _send(self, chunk: bytes) -> None:
        try:
            await self.driver.send(chunk)
        except Exception as error:
            self.failure = f"send: {type(error).__name__}: {error}"
            self._stops = True

    async def receive(self) -> None:
        """Take every message, and the time of the first that knows a word."""
        known = -1
        try:
            while (message := await self.driver.receive()) is not None:
                now = time.perf_counter()
                self.messages += 1
                word = last_word_in(message)
                if word is not None and word > known:
                    known = word
                    self.answered.append((self.sent_at[word], now))
        except Exception as error:
            self.failure = f"receive: {type(error).__name__}: {error}"

    def latencies(self, start: float, end: float) -> list[float]:
        """Latencies of the frames sent between two moments."""
        return [there - sent for sent, there in self.answered if start <= sent < end]

    def expected(self, start: float, end: float) -> int:
        """How many answers the frames sent between two moments should bring."""
        return sum(start <= sent < end for sent in self.sent_at)
