# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
"""Copies of the Moonshine model, lent to threads, and the preparation of their input."""

import math
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import numpy as np
from numpy.typing import NDArray

SAMPLE_RATE = 16000

type Samples = NDArray[np.float32]


class TranscriberPool:
    """Transcribers, lent to one thread at a time: a transcriber is not thread-safe.

    A caller with a finished passage waits for one. A caller with optional work does not wait: it
    gets one only while nobody waits, never the last of several, and all optional work together
    gets only a share of one transcriber's time. So under load interims become rare, and finals
    stay quick.

    Args:
        spare_share: That share.
        clock: Returns the time in seconds.
    """

    def __init__(
        self, *, spare_share: float = 0.5, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._all: list[Any] = []
        self._free: list[Any] = []
        self._changed = threading.Condition()
        self._waiting = 0
        self._spare_share = spare_share
        self._clock = clock
        self._spare_from = -math.inf

    def __len__(self) -> int:
        return len(self._all)

    @property
    def has_spare_time(self) -> bool:
        """Whether optional work has not yet used up its share."""
        return self._clock() >= self._spare_from

    def add(self, transcriber: Any) -> None:
        """Add a transcriber; the pool owns it."""
        self._all.append(transcriber)
        self._give_back(transcriber)

    @contextmanager
    def borrow(self, *, wait: bool) -> Iterator[Any | None]:
        """Lend a transcriber; without ``wait``, return None if none is available."""
        began = self._clock()
        transcriber = self._take() if wait else self._take_spare()
        try:
            yield transcriber
        finally:
            if transcriber is not None:
                self._give_back(transcriber)
            if not wait and transcriber is not None:
                self.note_spare(self._clock() - began)

    def note_spare(self, seconds: float) -> None:
        """Record the time that optional work took."""
        self._spare_from = self._clock() + seconds * (1.0 / self._spare_share - 1.0)

    def close(self) -> None:
        """Release all transcribers; none may be lent out."""
        self._free.clear()
        while self._all:
            self._all.pop().close()

    def _take(self) -> Any:
        with self._changed:
            self._waiting += 1
            try:
                self._changed.wait_for(lambda: self._free)
                return self._free.pop()
            finally:
                self._waiting -= 1

    def _take_spare(self) -> Any | None:
        with self._changed:
            kept = 1 if len(self._all) > 1 else 0
            if self._waiting or len(self._free) <= kept or not self.has_spare_time:
                return None
            return self._free.pop()

    def _give_back(self, transcriber: Any) -> None:
        with self._changed:
            self._free.append(transcriber)
            self._changed.notify()


def to_samples(pcm: bytes | bytearray) -> Samples:
    """Convert linear16 to samples from -1.0 to 1.0."""
    return np.frombuffer(bytes(pcm), "<i2").astype(np.float32) / np.float32(32768)


def pad(samples: Samples, lead: float, tail: float) -> Samples:
    """Add seconds of silence before and after."""
    return np.pad(samples, (round(lead * SAMPLE_RATE), round(tail * SAMPLE_RATE)))


def transcribe(transcriber: Any, samples: Samples) -> str:
    """Transcribe a passage with a borrowed transcriber."""
    lines = transcriber.transcribe_without_streaming(samples.tolist(), SAMPLE_RATE).lines
    return " ".join(line.text for line in lines).strip()
