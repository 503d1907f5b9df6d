# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
"""How latencies are distributed. Pure."""

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
        begin: From where, in seconds.
        end: Up to where.
        count: How many are in it.
    """

    begin: float
    end: float
    count: int


def distribution(values: Sequence[float]) -> list[Bar]:
    """Count values in bars of the same round width, a dozen at most, from the lowest on.

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
    """The smallest of 0.01, 0.02, 0.05, 0.1 and so on that needs no more bars than there may be."""
    widths = (step * 10.0**power for power in range(-2, 7) for step in _STEPS)
    return next(width for width in widths if reach / width <= _MOST_BARS - 1)
