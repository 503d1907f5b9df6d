# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
"""Lending transcribers, and what they are given."""

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


def test_samples_lie_between_minus_one_and_one():
    pcm = np.array([-32768, 0, 16384], "<i2").tobytes()
    assert to_samples(pcm) == pytest.approx([-1.0, 0.0, 0.5])


def test_silence_is_put_round_a_passage():
    padded = pad(np.ones(10, np.float32), 0.5, 0.25)
    assert len(padded) == 10 + 0.75 * SAMPLE_RATE
    assert np.flatnonzero(padded)[0] == 0.5 * SAMPLE_RATE
