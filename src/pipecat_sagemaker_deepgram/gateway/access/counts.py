# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
"""Counts of requests in a storage of ``limits``."""

import time

from limits import RateLimitItem
from limits.aio.storage import Storage
from limits.aio.strategies import SlidingWindowCounterRateLimiter


class Counts:
    """Counts requests within sliding windows.

    Args:
        storage: Where they are counted.
    """

    def __init__(self, storage: Storage) -> None:
        self._limiter = SlidingWindowCounterRateLimiter(storage)

    async def hit(self, limit: RateLimitItem, whose: str) -> float | None:
        """Count a request.

        Args:
            limit: The number of requests allowed, and the period.
            whose: Key under which requests are counted together.

        Returns:
            ``None`` if it is within the limit, else the seconds until another is allowed.
        """
        if await self._limiter.hit(limit, "gateway", whose):
            return None
        stats = await self._limiter.get_window_stats(limit, "gateway", whose)
        return stats.reset_time - time.time()
