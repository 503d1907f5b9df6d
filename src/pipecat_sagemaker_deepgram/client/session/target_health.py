# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
"""How well the endpoints that sessions have used worked recently. Pure.

Each session reads this once, before its first stream, so that the next caller need not find out
again that an endpoint does not answer. No endpoint is contacted for it.
"""

import math
from dataclasses import dataclass

from pipecat_sagemaker_deepgram.client.config import Target

SLOW_CONNECT = 2.0
"""Seconds to readiness from which a stream counts as slow; containers have a quarter of a second to
accept one (AWS Developer Guide)."""

SLOW_IN_A_ROW = 2
"""Number of slow streams in a row from which their target counts as unwell: the first stream of a
process may have waited for credentials."""


@dataclass
class _Seen:
    unwell_at: float = -math.inf
    slow: int = 0


class TargetHealth:
    """Remembers targets that failed or were slow, for all sessions that share it."""

    def __init__(self) -> None:
        self._seen: dict[Target, _Seen] = {}

    def failed(self, target: Target, now: float) -> None:
        """Note that a stream to a target has failed for a reason that concerns the target."""
        self._seen.setdefault(target, _Seen()).unwell_at = now

    def connected(self, target: Target, seconds: float, now: float) -> None:
        """Note how many seconds a stream to a target took to come up."""
        before = self._seen.pop(target, _Seen())
        if seconds >= SLOW_CONNECT:
            slow = before.slow + 1
            self._seen[target] = _Seen(now if slow >= SLOW_IN_A_ROW else -math.inf, slow)

    def unwell_at(self, target: Target) -> float:
        """When a target was last seen to be unwell; minus infinity if it has worked well since.

        Args:
            target: A target with all its fields filled in.
        """
        return self._seen.get(target, _Seen()).unwell_at


PROCESS_HEALTH = TargetHealth()
"""What the clients of this process have seen, except those that were given another."""
