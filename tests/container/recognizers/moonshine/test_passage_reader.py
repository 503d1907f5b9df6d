# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
"""Reading passages in threads."""

import threading
from collections.abc import Iterator
from concurrent.futures import CancelledError
from types import SimpleNamespace

import numpy as np
import pytest

from pipecat_sagemaker_deepgram.container.recognizers.moonshine.passage_reader import (
    PassageReader,
    PassageReading,
)
from pipecat_sagemaker_deepgram.container.recognizers.moonshine.transcribers import (
    SAMPLE_RATE,
    TranscriberPool,
)

PASSAGE = np.ones(SAMPLE_RATE, np.float32)
_LONGEST_WAIT = 10.0


class Transcriber:
    """Says how many samples it was given, as soon as it may."""

    def __init__(self) -> None:
        self.may_read = threading.Event()
        self.is_reading = threading.Event()

    def transcribe_without_streaming(self, samples: list[float], rate: int) -> SimpleNamespace:
        self.is_reading.set()
        assert self.may_read.wait(_LONGEST_WAIT)
        return SimpleNamespace(lines=[SimpleNamespace(text=f" {len(samples)} ")])

    def close(self) -> None:
        """There is nothing to free."""


@pytest.fixture
def transcriber() -> Transcriber:
    return Transcriber()


@pytest.fixture
def reader(transcriber: Transcriber) -> Iterator[PassageReader]:
    pool = TranscriberPool(spare_share=1.0)
    pool.add(transcriber)
    reader = PassageReader(pool, lambda turn: float(turn[0]), lead=0.5, tail=0.25)
    yield reader
    transcriber.may_read.set()
    reader.close()


def test_a_passage_is_read_with_silence_round_it(reader: PassageReader, transcriber: Transcriber):
    transcriber.may_read.set()
    assert reader.read(PASSAGE).result(_LONGEST_WAIT) == PassageReading("28000")


def test_a_turn_is_judged_where_one_is_given(reader: PassageReader, transcriber: Transcriber):
    transcriber.may_read.set()
    turn = np.full(10, 0.25, np.float32)
    assert reader.read(PASSAGE, turn).result(_LONGEST_WAIT) == PassageReading("28000", 0.25)


def test_nobody_glances_while_all_are_busy(reader: PassageReader, transcriber: Transcriber):
    first = reader.glance(PASSAGE)
    assert first is not None
    assert reader.glance(PASSAGE) is None
    queued = reader.read(PASSAGE)
    transcriber.may_read.set()
    assert first.result(_LONGEST_WAIT) == queued.result(_LONGEST_WAIT)


def test_glances_have_a_share_of_the_time_and_no_more(transcriber: Transcriber):
    pool = TranscriberPool(spare_share=0.01)
    pool.add(transcriber)
    reader = PassageReader(pool, lambda turn: 0.0)
    first = reader.glance(PASSAGE)
    assert first is not None
    assert transcriber.is_reading.wait(_LONGEST_WAIT)
    transcriber.may_read.set()
    first.result(_LONGEST_WAIT)
    reader.read(PASSAGE).result(_LONGEST_WAIT)
    assert reader.glance(PASSAGE) is None
    assert reader.glance(PASSAGE, is_first=True) is not None
    reader.close()


def test_a_first_glance_waits_for_its_turn(reader: PassageReader, transcriber: Transcriber):
    queued = reader.read(PASSAGE)
    first = reader.glance(PASSAGE, is_first=True)
    assert first is not None
    transcriber.may_read.set()
    assert first.result(_LONGEST_WAIT) == queued.result(_LONGEST_WAIT)


def test_after_a_reading_there_is_room_for_a_glance(
    reader: PassageReader, transcriber: Transcriber
):
    transcriber.may_read.set()
    for _ in range(3):
        freed = threading.Event()
        glance = reader.glance(PASSAGE)
        assert glance is not None
        glance.add_done_callback(lambda _, freed=freed: freed.set())
        assert freed.wait(_LONGEST_WAIT)


def test_closing_cancels_what_was_not_begun(reader: PassageReader, transcriber: Transcriber):
    reader.read(PASSAGE)
    assert transcriber.is_reading.wait(_LONGEST_WAIT)
    queued = reader.read(PASSAGE)
    threading.Timer(0.05, transcriber.may_read.set).start()
    reader.close()
    with pytest.raises(CancelledError):
        queued.result(_LONGEST_WAIT)
