# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
"""Counts of requests in Redis, which several gateways share."""

from limits import RateLimitItem
from limits.aio.storage import RedisStorage
from redis.asyncio import BlockingConnectionPool
from redis.asyncio.retry import Retry
from redis.backoff import NoBackoff
from redis.exceptions import RedisError

from pipecat_sagemaker_deepgram.gateway.access.counts import Counts

_CONNECTIONS = 16
_AGAIN_AT_ONCE = Retry(NoBackoff(), 1)
"""A connection that Redis has closed since it was last used is replaced."""


class RedisCounts:
    """Counts in a Redis server; every wait ends after ``patience``.

    Args:
        url: ``redis://`` or, with TLS, ``rediss://``, then ``HOST:PORT``.
        patience: Seconds to wait for a connection or an answer.

    Raises:
        ValueError: It is not the URL of a Redis server.
    """

    errors = (RedisError, OSError)
    """The errors that counting raises while the server is unavailable."""

    def __init__(self, url: str, *, patience: float) -> None:
        self._pool = BlockingConnectionPool.from_url(
            url,
            max_connections=_CONNECTIONS,
            timeout=patience,
            socket_timeout=patience,
            socket_connect_timeout=patience,
            retry=_AGAIN_AT_ONCE,
        )
        storage = RedisStorage(url, implementation="redispy", connection_pool=self._pool)  # pyright: ignore[reportArgumentType]
        self._counts = Counts(storage)

    async def hit(self, limit: RateLimitItem, whose: str) -> float | None:
        """Count a request, as ``Counts`` does."""
        return await self._counts.hit(limit, whose)

    async def close(self) -> None:
        """Close the connections."""
        await self._pool.aclose()
