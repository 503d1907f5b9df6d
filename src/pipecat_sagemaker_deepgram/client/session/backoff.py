# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
"""When to try again, and when to stop trying. Pure."""

from collections.abc import Callable

from pipecat_sagemaker_deepgram.client.config import RetryPolicy


class RetryBudget:
    """Counts the failures of one outage and spaces the attempts.

    Args:
        policy: How often and how long.
        random: Gives numbers in [0, 1).
    """

    def __init__(self, policy: RetryPolicy, random: Callable[[], float]) -> None:
        self._policy = policy
        self._random = random
        self._began: float | None = None
        self._failures = 0

    def restore(self) -> None:
        """Make the budget whole: the stream has proved itself."""
        self._began = None
        self._failures = 0

    def fail(self, now: float, *, retry_after: float | None = None) -> float | None:
        """Count a failure.

        Args:
            now: The time of the failure.
            retry_after: Seconds that the server asks to wait.

        Returns:
            The time of the next attempt, or ``None`` when the budget is spent.
        """
        if self._began is None:
            self._began = now
        self._failures += 1
        if self._failures > self._policy.max_retries:
            return None
        at = now + max(self._delay(), retry_after or 0.0)
        return at if at <= self._began + self._policy.retry_budget else None

    def _delay(self) -> float:
        policy = self._policy
        grown = policy.initial_backoff * policy.backoff_multiplier ** (self._failures - 1)
        return self._random() * min(policy.max_backoff, grown)
