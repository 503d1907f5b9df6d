# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
"""The distribution of latencies. Pure."""

import math
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

_MOST_BARS = 12
_STEPS = (1, 2, 5)


@dataclass(frozen=True)
class Bar:
    """One bar of a distribution.

    Attributes:
        begin: Its lower limit, in seconds.
        end: Its upper limit, in seconds.
        count: Number of values in it.
    """

    begin: float
    end: float
    count: int


def distribution(values: Sequence[float]) -> list[Bar]:
    """Count values in at most twelve bars of the same round width.

    Args:
        values: Seconds, from 0.
    """
    if not values:
        return []
    width = _width(max(values) - min(values))
    counts = Counter(math.floor(value / width + 1e-9) for value in values)
    return [
        Bar(round(index * width, 6), round((index + 1) * width, 6), counts[index])
        for index in range(min(counts), max(counts) + 1)
    ]


def _width(reach: float) -> float:
    """The smallest of 0.01, 0.02, 0.05, 0.1 and so on that does not need too many bars."""
    widths = (step * 10.0**power for power in range(-2, 7) for step in _STEPS)
    return next(width for width in widths if reach / width <= _MOST_BARS - 1)
