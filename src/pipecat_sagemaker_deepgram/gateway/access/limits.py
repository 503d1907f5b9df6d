# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
"""Limits of requests per minute and of concurrent requests, for each key and in total."""

import asyncio
import math
import re
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager

from limits import RateLimitItem, RateLimitItemPerMinute
from limits.aio.storage import Storage
from limits.aio.strategies import SlidingWindowCounterRateLimiter
from limits.errors import ConfigurationError as LimitsError
from limits.storage import storage_from_string

from pipecat_sagemaker_deepgram.exceptions import ConfigurationError
from pipecat_sagemaker_deepgram.gateway.access.options import AccessOptions
from pipecat_sagemaker_deepgram.gateway.refusals import too_many_requests

_ALL = "all"
_PASSWORD = re.compile(r"//[^/@]*@")


class RequestLimits:
    """Counts the requests of the last minute.

    Args:
        options: The limits.

    Raises:
        ConfigurationError: The storage cannot be used.
    """

    def __init__(self, options: AccessOptions) -> None:
        self._limiter = SlidingWindowCounterRateLimiter(_storage(options.storage))
        self._own = _per_minute(options.requests_per_minute)
        self._in_all = _per_minute(options.requests_per_minute_in_all)

    async def take(self, key_id: str) -> None:
        """Count a request.

        Raises:
            RequestError: The limit is exceeded.
        """
        await self._take(self._own, key_id)
        await self._take(self._in_all, _ALL)

    async def _take(self, limit: RateLimitItem | None, whose: str) -> None:
        if limit is None or await self._limiter.hit(limit, "gateway", whose):
            return
        stats = await self._limiter.get_window_stats(limit, "gateway", whose)
        raise too_many_requests(max(1, math.ceil(stats.reset_time - time.time())))


class Places:
    """Counts the requests in progress.

    Args:
        options: The limits.
    """

    def __init__(self, options: AccessOptions) -> None:
        self._options = options
        self._taken: Counter[str] = Counter()
        self._freed = asyncio.Event()

    @property
    def taken(self) -> int:
        """Number of places that are taken."""
        return self._taken.total()

    async def wait_until_free(self) -> None:
        """Wait until no place is taken."""
        while self._taken:
            self._freed.clear()
            await self._freed.wait()

    @contextmanager
    def take(self, key_id: str) -> Iterator[None]:
        """Hold a place.

        Raises:
            RequestError: There is no free place.
        """
        own, in_all = self._options.streams, self._options.streams_in_all
        is_full = in_all is not None and self.taken >= in_all
        if is_full or (own is not None and self._taken[key_id] >= own):
            raise too_many_requests()
        self._taken[key_id] += 1
        try:
            yield
        finally:
            self._taken[key_id] -= 1
            if not self._taken[key_id]:
                del self._taken[key_id]
            self._freed.set()


def _storage(url: str) -> Storage:
    shown = _PASSWORD.sub("//***@", url)
    try:
        storage = storage_from_string(url)
    except (LimitsError, ValueError) as error:
        reason = str(error).rstrip(".")
        raise ConfigurationError(f"Requests cannot be counted in {shown}: {reason}") from error
    if not isinstance(storage, Storage):
        raise ConfigurationError(
            f"Requests cannot be counted in {shown}", advice=f"Use async+{shown} instead."
        )
    return storage


def _per_minute(count: int | None) -> RateLimitItem | None:
    return None if count is None else RateLimitItemPerMinute(count)
