# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
"""What follows a failure: another attempt, another target, or the end. Pure."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from math import inf

from pipecat_sagemaker_deepgram.client.classify import Classification, FailureKind
from pipecat_sagemaker_deepgram.client.config import RetryPolicy
from pipecat_sagemaker_deepgram.client.session.backoff import RetryBudget
from pipecat_sagemaker_deepgram.client.session.targets import TargetList
from pipecat_sagemaker_deepgram.exceptions import SageMakerDeepgramError

MAX_UNAVAILABLE_RETRIES = 2
"""Most retries of an HTTP 424 on a target that has never worked: a container that is full and one
that refuses a parameter give the same response."""


class Recovery:
    """Decides what follows each failure of one session.

    Args:
        policy: How often and how long to try.
        targets: The endpoints to try.
        classify: Decides which failures another attempt can overcome.
        random: Returns numbers in [0, 1).
    """

    def __init__(
        self,
        policy: RetryPolicy,
        targets: TargetList,
        classify: Callable[[BaseException], Classification],
        random: Callable[[], float],
    ) -> None:
        self._budget = RetryBudget(policy, random)
        self._change_policy = replace(policy, max_retries=None, retry_budget=inf)
        self._random = random
        self._targets = targets
        self._classify = classify
        self._have_worked: set[int] = set()
        self._unavailable = 0
        self._has_refreshed = False
        self.attempt = 0
        """Which retry is next, from 1; 0 when nothing has failed."""
        self.needs_fresh_credentials = False
        """Whether the next attempt has to resolve fresh credentials."""

    def choose_target(self, now: float) -> int:
        """Index of the target for the next attempt."""
        return self._targets.choose(now)

    def connected(self, target: int, seconds: float, now: float) -> None:
        """Note how many seconds a stream to the target took to come up."""
        self._targets.connected(target, seconds, now)

    def proved(self, target: int) -> None:
        """Forgive all failures so far, because a stream to the target has proved that it works."""
        if self.attempt or target not in self._have_worked:
            self._have_worked.add(target)
            self._forgive()

    def delay_of_change(self, failures: Sequence[SageMakerDeepgramError]) -> float | None:
        """Seconds until the next attempt to open a successor of a working stream.

        Args:
            failures: Errors of the attempts so far; they do not count against the session.

        Returns:
            The delay; ``None`` if the last failure is permanent, or if a model was unavailable
            too often (see ``MAX_UNAVAILABLE_RETRIES``).
        """
        verdict = self._classify(failures[-1])
        unavailable = sum(
            self._classify(each).kind is FailureKind.UNAVAILABLE_MODEL for each in failures
        )
        if not verdict.is_retryable or unavailable > MAX_UNAVAILABLE_RETRIES:
            return None
        budget = RetryBudget(self._change_policy, self._random)
        for _ in failures[:-1]:
            budget.fail(0.0)
        return budget.fail(0.0, retry_after=verdict.retry_after)

    def leave(self, target: int, now: float) -> None:
        """Use another target for a while, if there is one."""
        self._targets.leave(target, now)

    def start_over(self) -> None:
        """Begin as if nothing had failed."""
        self._forgive()
        self._targets.reset()

    def failed(
        self, error: SageMakerDeepgramError, target: int, now: float, *, leave: bool
    ) -> float | None:
        """Count a failure and decide what follows it.

        Args:
            error: The failure.
            target: Index of the target on which it happened.
            now: When it happened.
            leave: Whether to avoid the target for a while.

        Returns:
            The time of the next attempt; ``None`` if there will be none.
        """
        self.attempt += 1
        classification = self._classify(error)
        if not self._is_worth_another(classification, target):
            if not self._targets.rule_out(target, error):
                return None
            self._unavailable = 0
            return now
        if leave:
            self._targets.leave(target, now)
            if self._is_targets_own(classification, target):
                self._targets.failed(target, now)
        return self._budget.fail(now, retry_after=classification.retry_after)

    def _is_targets_own(self, classification: Classification, target: int) -> bool:
        """Whether a failure concerns the target, and not only this session."""
        if classification.kind is FailureKind.UNAVAILABLE_MODEL:
            return target in self._have_worked
        return not classification.needs_fresh_credentials

    def _is_worth_another(self, classification: Classification, target: int) -> bool:
        if classification.needs_fresh_credentials:
            is_first, self._has_refreshed = not self._has_refreshed, True
            self.needs_fresh_credentials = is_first
            return is_first
        self.needs_fresh_credentials = False
        if classification.kind is FailureKind.UNAVAILABLE_MODEL:
            self._unavailable += 1
            return target in self._have_worked or self._unavailable <= MAX_UNAVAILABLE_RETRIES
        return classification.is_retryable

    def _forgive(self) -> None:
        self._budget.restore()
        self.attempt = 0
        self._unavailable = 0
        self._has_refreshed = False
        self.needs_fresh_credentials = False
