# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
"""Limits of requests per minute, for each key and in total.

While a shared storage is unavailable, each gateway counts its own requests. Otherwise an outage of
that storage would stop all calls, or lift all limits.
"""

import asyncio
import math
import re
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from limits import RateLimitItem, RateLimitItemPerMinute
from limits.aio.storage import MemoryStorage
from loguru import logger

from pipecat_sagemaker_deepgram.client.clock import loop_time
from pipecat_sagemaker_deepgram.exceptions import ConfigurationError
from pipecat_sagemaker_deepgram.gateway.access.counts import Counts
from pipecat_sagemaker_deepgram.gateway.access.options import AccessOptions
from pipecat_sagemaker_deepgram.gateway.refusals import too_many_requests

if TYPE_CHECKING:
    from pipecat_sagemaker_deepgram.gateway.access.redis_counts import RedisCounts

PATIENCE = 1.0
"""Seconds that a request waits for a shared storage."""

RETRY_AFTER = 5.0
"""Default of ``retry_after``, in seconds."""

_ALL = "all"
_PASSWORD = re.compile(r"//[^/]*@")


class RequestLimits:
    """Counts the requests of the last minute.

    Args:
        options: The limits.
        retry_after: Seconds after which a shared storage that could not be used is tried again.

    Raises:
        ConfigurationError: The storage is unknown.
        ModuleNotFoundError: It is Redis, and the extra ``redis`` is not installed.
    """

    def __init__(self, options: AccessOptions, *, retry_after: float = RETRY_AFTER) -> None:
        self._retry_after = retry_after
        self._shown = _PASSWORD.sub("//***@", options.storage)
        self._shared = _shared_counts(options.storage, self._shown)
        self._own_counts = Counts(MemoryStorage())
        self._away_until: float | None = None
        self._own = _per_minute(options.requests_per_minute)
        self._in_all = _per_minute(options.requests_per_minute_in_all)

    async def take(self, key_id: str) -> None:
        """Count a request.

        Raises:
            RequestError: The limit is exceeded.
        """
        await self._take(self._own, key_id)
        await self._take(self._in_all, _ALL)

    async def close(self) -> None:
        """Close the connections to a shared storage."""
        if self._shared is not None:
            await self._shared.close()

    async def _take(self, limit: RateLimitItem | None, whose: str) -> None:
        if limit is None:
            return
        seconds = await self._hit(limit, whose)
        if seconds is not None:
            raise too_many_requests(max(1, math.ceil(seconds)))

    async def _hit(self, limit: RateLimitItem, whose: str) -> float | None:
        is_away = self._away_until is not None and loop_time() < self._away_until
        if self._shared is None or is_away:
            return await self._own_counts.hit(limit, whose)
        try:
            async with asyncio.timeout(PATIENCE):
                seconds = await self._shared.hit(limit, whose)
        except self._shared.errors as error:
            self._failed(error)
            return await self._own_counts.hit(limit, whose)
        self._worked()
        return seconds

    def _failed(self, error: Exception) -> None:
        if self._away_until is None:
            logger.warning(
                "Requests cannot be counted in {}: {}. Until they can, this gateway counts its "
                "own requests only",
                self._shown,
                _reason(error),
            )
        self._away_until = loop_time() + self._retry_after

    def _worked(self) -> None:
        if self._away_until is not None:
            logger.info("Requests are counted in {} again", self._shown)
        self._away_until = None


def _shared_counts(url: str, shown: str) -> "RedisCounts | None":
    try:
        match urlsplit(url).scheme:
            case "memory":
                return None
            case "redis" | "rediss":
                return _redis_counts(url)
            case scheme:
                raise ValueError(f"unknown scheme {scheme!r}")
    except ValueError as error:
        raise ConfigurationError(
            f"Requests cannot be counted in {shown!r}",
            advice="Use redis://HOST:6379, or memory:// for this process alone.",
        ) from error


def _redis_counts(url: str) -> "RedisCounts":
    from pipecat_sagemaker_deepgram.gateway.access.redis_counts import RedisCounts

    return RedisCounts(url, patience=PATIENCE)


def _per_minute(count: int | None) -> RateLimitItem | None:
    return None if count is None else RateLimitItemPerMinute(count)


def _reason(error: Exception) -> str:
    return str(error).rstrip(".") or f"no answer within {PATIENCE:g} s"
