# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
"""When to try again, and when to stop trying. Pure."""

from collections.abc import Callable

from pipecat_sagemaker_deepgram.client.config import RetryPolicy

MAX_RETRY_AFTER = 5.0
"""Most seconds to wait because of a server's ``Retry-After``: speech waits meanwhile."""

FIRST_PROBE = 1.0
"""Least seconds from giving up to the first probe."""


def probe_delay(probes: int, *, interval: float, chance: float) -> float:
    """Seconds until the next probe, once recovery has failed.

    Args:
        probes: How many probes have failed since then.
        interval: Longest delay in seconds, before the random part is added.
        chance: A random number in [0, 1).
    """
    return min(FIRST_PROBE * 2.0 ** min(probes, 60), interval) * (1 + chance)


class RetryBudget:
    """Counts the failures of one outage and spaces the attempts.

    Args:
        policy: How often and how long to try again.
        random: Returns numbers in [0, 1).
    """

    def __init__(self, policy: RetryPolicy, random: Callable[[], float]) -> None:
        self._policy = policy
        self._random = random
        self._began: float | None = None
        self._failures = 0

    def restore(self) -> None:
        """Reset the budget, because a stream has proved that it works."""
        self._began = None
        self._failures = 0

    def fail(self, now: float, *, retry_after: float | None = None) -> float | None:
        """Count a failure.

        Args:
            now: The time of the failure.
            retry_after: Seconds that the server asks to wait; honoured for 5 at most.

        Returns:
            The time of the next attempt, no later than the end of the budget's time; ``None`` if
            the time or the number of retries is used up.
        """
        if self._began is None:
            self._began = now
        self._failures += 1
        most, end = self._policy.max_retries, self._began + self._policy.retry_budget
        if now >= end or (most is not None and self._failures > most):
            return None
        wished = min(retry_after or 0.0, MAX_RETRY_AFTER)
        return min(now + max(self._delay(), wished), end)

    def _delay(self) -> float:
        policy = self._policy
        doublings = min(self._failures - 1, 60)
        grown = policy.initial_backoff * policy.backoff_multiplier**doublings
        return self._random() * min(policy.longest_backoff, grown)
