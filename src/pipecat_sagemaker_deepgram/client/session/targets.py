# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
"""Which of several endpoints the next stream goes to. Pure."""

import math

from pipecat_sagemaker_deepgram.client.config import Target
from pipecat_sagemaker_deepgram.client.session.target_health import TargetHealth
from pipecat_sagemaker_deepgram.exceptions import SageMakerDeepgramError


class TargetList:
    """An ordered list of targets: the first one that is not being avoided is used.

    Args:
        targets: The targets, the preferred one first.
        retry_after: Seconds for which a target that failed is avoided.
        health: What other sessions have seen. It is used once, at the first choice: a target that
            was recently unwell is then avoided like one that has failed.
    """

    def __init__(
        self,
        targets: tuple[Target, ...],
        *,
        retry_after: float,
        health: TargetHealth | None = None,
    ) -> None:
        self.targets = targets
        self._retry_after = retry_after
        self._health = health or TargetHealth()
        self._has_chosen = False
        self._left_until = [-math.inf] * len(targets)
        self._fatal: dict[int, SageMakerDeepgramError] = {}

    def choose(self, now: float) -> int:
        """Index of the target to use: the first available one, else the next to become so."""
        if not self._has_chosen:
            self._has_chosen = True
            self._left_until = [
                max(until, self._health.unwell_at(target) + self._retry_after)
                for until, target in zip(self._left_until, self.targets, strict=True)
            ]
        usable = [index for index in range(len(self.targets)) if index not in self._fatal]
        available = (index for index in usable if self._left_until[index] <= now)
        return next(available, None) or self._soonest(usable, now)

    def leave(self, index: int, now: float) -> None:
        """Avoid a failed target for a while."""
        self._left_until[index] = now + self._retry_after

    def failed(self, index: int, now: float) -> None:
        """Let other sessions know that a target failed."""
        self._health.failed(self.targets[index], now)

    def connected(self, index: int, seconds: float, now: float) -> None:
        """Let other sessions know how long a stream to a target took to come up."""
        self._health.connected(self.targets[index], seconds, now)

    def rule_out(self, index: int, error: SageMakerDeepgramError) -> bool:
        """Stop using a target, for a reason that another attempt cannot overcome.

        Returns:
            Whether another target is left.
        """
        self._fatal[index] = error
        return len(self._fatal) < len(self.targets)

    def reset(self) -> None:
        """Give every target another chance."""
        self._left_until = [-math.inf] * len(self.targets)
        self._fatal.clear()

    def _soonest(self, usable: list[int], now: float) -> int:
        candidates = usable or list(range(len(self.targets)))
        return min(candidates, key=lambda index: max(self._left_until[index], now))
