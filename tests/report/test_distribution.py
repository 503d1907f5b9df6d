# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
from hypothesis import given
from hypothesis import strategies as st

from pipecat_sagemaker_deepgram.report.distribution import distribution


@given(st.lists(st.floats(0, 1e4), min_size=1, max_size=60))
def test_every_value_is_in_one_of_a_dozen_bars(values: list[float]):
    bars = distribution(values)
    assert sum(bar.count for bar in bars) == len(values)
    assert len(bars) <= 13
    assert bars[0].begin <= min(values) + 1e-5
    assert bars[-1].end >= max(values) - 1e-5


def test_no_value_is_no_bar():
    assert distribution([]) == []
