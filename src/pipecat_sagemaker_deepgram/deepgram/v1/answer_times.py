# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
"""How long a container takes to answer ``Finalize``, and when an answer is missing. Pure."""

from collections import deque

LEAST_PATIENCE = 1.0
"""Least seconds to wait for an answer."""

FIRST_PATIENCE = 4.0
"""Seconds to wait for the first answer, before anything is known about answer times."""

MOST_PATIENCE = 10.0
"""Most seconds to wait for an answer."""

TIMES_USUAL = 3.0
"""An answer is missing after this many times the longest of the recent answer times."""

MOST_BEHIND = 3.0
"""Most seconds by which a container that is behind the audio lengthens the wait."""

_RECENT = 8
"""Number of answers that are remembered."""


class AnswerTimes:
    """How long one container has taken for its answers to ``Finalize``."""

    def __init__(self) -> None:
        self._recent: deque[float] = deque(maxlen=_RECENT)
        self._has_missed = False

    def note(self, seconds: float) -> None:
        """Note an answer.

        Args:
            seconds: How long after ``Finalize`` it arrived.
        """
        self._recent.append(seconds)

    def missed(self) -> None:
        """Note that an answer did not arrive."""
        self._has_missed = True

    def patience(self, *, behind: float) -> float:
        """Decide how long to wait for the next answer.

        Args:
            behind: Seconds of the audio before ``Finalize`` that have no results yet.

        Returns:
            Seconds.
        """
        usual = max(self._recent, default=0.0)
        is_known = bool(self._recent) or self._has_missed
        least = LEAST_PATIENCE + min(max(0.0, behind), MOST_BEHIND)
        patience = max(least, TIMES_USUAL * usual) if is_known else FIRST_PATIENCE
        return min(patience, MOST_PATIENCE)
