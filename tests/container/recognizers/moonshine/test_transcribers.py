# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
"""Lending transcribers, and what they are given."""

import threading

import numpy as np
import pytest

from pipecat_sagemaker_deepgram.container.recognizers.moonshine.transcribers import (
    SAMPLE_RATE,
    TranscriberPool,
    pad,
    to_samples,
)


class Transcriber:
    """Knows whether it was closed."""

    is_closed = False

    def close(self) -> None:
        self.is_closed = True


def test_a_pool_closes_what_it_owns():
    pool, transcriber = TranscriberPool(), Transcriber()
    pool.add(transcriber)
    pool.close()
    assert transcriber.is_closed
    assert len(pool) == 0


def test_a_transcriber_is_lent_to_one_at_a_time():
    pool, transcriber = TranscriberPool(), Transcriber()
    pool.add(transcriber)
    with pool.borrow(wait=True) as lent:
        assert lent is transcriber
        with pool.borrow(wait=False) as second:
            assert second is None
    with pool.borrow(wait=False) as lent:
        assert lent is transcriber


class Clock:
    """A clock that is set by hand."""

    now = 0.0

    def __call__(self) -> float:
        return self.now


def test_the_last_of_several_is_kept_for_who_must_have_one():
    pool = TranscriberPool()
    for _ in range(2):
        pool.add(Transcriber())
    with pool.borrow(wait=False) as first:
        assert first is not None
        with pool.borrow(wait=False) as second:
            assert second is None
        with pool.borrow(wait=True) as needed:
            assert needed is not None


def test_what_could_be_left_out_gets_its_share_of_the_time():
    clock = Clock()
    pool = TranscriberPool(spare_share=0.5, clock=clock)
    pool.add(Transcriber())
    with pool.borrow(wait=False):
        clock.now += 2.0
    clock.now += 1.9
    with pool.borrow(wait=False) as lent:
        assert lent is None
    with pool.borrow(wait=True) as needed:
        assert needed is not None
    clock.now += 0.1
    with pool.borrow(wait=False) as lent:
        assert lent is not None


def test_nothing_is_spared_while_somebody_waits():
    pool, transcriber = TranscriberPool(), Transcriber()
    pool.add(transcriber)
    waits, has_it = threading.Event(), threading.Event()

    def wait_for_one() -> None:
        waits.set()
        with pool.borrow(wait=True):
            has_it.set()

    with pool.borrow(wait=True):
        thread = threading.Thread(target=wait_for_one)
        thread.start()
        assert waits.wait(10)
        with pool.borrow(wait=False) as lent:
            assert lent is None
    assert has_it.wait(10)
    thread.join()


def test_samples_lie_between_minus_one_and_one():
    pcm = np.array([-32768, 0, 16384], "<i2").tobytes()
    assert to_samples(pcm) == pytest.approx([-1.0, 0.0, 0.5])


def test_silence_is_put_round_a_passage():
    padded = pad(np.ones(10, np.float32), 0.5, 0.25)
    assert len(padded) == 10 + 0.75 * SAMPLE_RATE
    assert np.flatnonzero(padded)[0] == 0.5 * SAMPLE_RATE
