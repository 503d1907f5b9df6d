# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
"""Copies of the Moonshine model, lent to threads, and what they are given to read."""

from collections.abc import Iterator
from contextlib import contextmanager
from queue import Empty, LifoQueue
from typing import Any

import numpy as np
from numpy.typing import NDArray

SAMPLE_RATE = 16000

type Samples = NDArray[np.float32]


class TranscriberPool:
    """Transcribers, lent to one thread at a time: a transcriber is not thread-safe."""

    def __init__(self) -> None:
        self._all: list[Any] = []
        self._free: LifoQueue[Any] = LifoQueue()

    def __len__(self) -> int:
        return len(self._all)

    def add(self, transcriber: Any) -> None:
        """Add a transcriber; the pool owns it."""
        self._all.append(transcriber)
        self._free.put(transcriber)

    @contextmanager
    def borrow(self, *, wait: bool) -> Iterator[Any | None]:
        """Lend a transcriber; without ``wait`` None when all are busy."""
        try:
            transcriber = self._free.get(block=wait)
        except Empty:
            yield None
            return
        try:
            yield transcriber
        finally:
            self._free.put(transcriber)

    def close(self) -> None:
        """Free all transcribers; none may be lent out."""
        self._free = LifoQueue()
        while self._all:
            self._all.pop().close()


def to_samples(pcm: bytes | bytearray) -> Samples:
    """Turn linear16 into samples from -1.0 to 1.0."""
    return np.frombuffer(bytes(pcm), "<i2").astype(np.float32) / np.float32(32768)


def pad(samples: Samples, lead: float, tail: float) -> Samples:
    """Put seconds of silence before and after."""
    return np.pad(samples, (round(lead * SAMPLE_RATE), round(tail * SAMPLE_RATE)))


def transcribe(transcriber: Any, samples: Samples) -> str:
    """Read a passage with a transcriber that was borrowed."""
    lines = transcriber.transcribe_without_streaming(samples.tolist(), SAMPLE_RATE).lines
    return " ".join(line.text for line in lines).strip()
