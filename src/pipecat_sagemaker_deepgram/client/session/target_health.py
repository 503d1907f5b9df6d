# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
"""What was recently seen of the endpoints that sessions have used. Pure.

It is read once a session, before its first stream: whoever calls next need not find out again that
an endpoint does not answer. Nothing is asked of an endpoint for it.
"""

import math
from dataclasses import dataclass

from pipecat_sagemaker_deepgram.client.config import Target

SLOW_CONNECT = 2.0
"""Seconds to readiness from which a stream was slow to come up; containers have a quarter of a
second to accept one (AWS Developer Guide)."""

SLOW_IN_A_ROW = 2
"""Slow streams in a row from which their target is not well: the first one of a process may have
waited for credentials."""


@dataclass
class _Seen:
    unwell_at: float = -math.inf
    slow: int = 0


class TargetHealth:
    """Remembers targets that failed or were slow, for all sessions that share it."""

    def __init__(self) -> None:
        self._seen: dict[Target, _Seen] = {}

    def failed(self, target: Target, now: float) -> None:
        """A stream to a target has failed, for a reason that is not the session's own."""
        self._seen.setdefault(target, _Seen()).unwell_at = now

    def connected(self, target: Target, seconds: float, now: float) -> None:
        """A stream to a target has come up within so many seconds."""
        before = self._seen.pop(target, _Seen())
        if seconds >= SLOW_CONNECT:
            slow = before.slow + 1
            self._seen[target] = _Seen(now if slow >= SLOW_IN_A_ROW else -math.inf, slow)

    def unwell_at(self, target: Target) -> float:
        """When a target was last seen to be not well; minus infinity where it has been well since.

        Args:
            target: A target that is complete.
        """
        return self._seen.get(target, _Seen()).unwell_at


PROCESS_HEALTH = TargetHealth()
"""What the clients of this process have seen, unless they are given another."""
