# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
"""How long a container takes to answer ``Finalize``, and when an answer is missing. Pure."""

from collections import deque

LEAST_PATIENCE = 1.0
"""Seconds for which an answer is waited for at least."""

FIRST_PATIENCE = 4.0
"""Seconds for which the first answer is waited for, of which nothing is known."""

MOST_PATIENCE = 10.0
"""Seconds for which an answer is waited for at most."""

TIMES_USUAL = 3.0
"""An answer is missing after so many times the longest that one has lately taken."""

MOST_BEHIND = 3.0
"""Seconds that a container may be behind the audio and still be thought to come on."""

_RECENT = 8
"""Answers that are remembered."""


class AnswerTimes:
    """What one container has been seen to need for its answers to ``Finalize``."""

    def __init__(self) -> None:
        self._recent: deque[float] = deque(maxlen=_RECENT)
        self._has_missed = False

    def note(self, seconds: float) -> None:
        """An answer has come.

        Args:
            seconds: How long after ``Finalize`` was sent.
        """
        self._recent.append(seconds)

    def missed(self) -> None:
        """No answer has come."""
        self._has_missed = True

    def patience(self, *, behind: float) -> float:
        """Say how long to wait for the next answer.

        Args:
            behind: Seconds of the audio before ``Finalize`` of which nothing has come yet.

        Returns:
            Seconds.
        """
        usual = max(self._recent, default=0.0)
        is_known = bool(self._recent) or self._has_missed
        least = LEAST_PATIENCE + min(max(0.0, behind), MOST_BEHIND)
        patience = max(least, TIMES_USUAL * usual) if is_known else FIRST_PATIENCE
        return min(patience, MOST_PATIENCE)
