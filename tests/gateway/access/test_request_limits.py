# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
"""Limits that gateways share through a real Redis server, and what they do without it."""

import asyncio
import sys
from collections.abc import AsyncIterator, Iterator
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path
from typing import Any

import aiohttp
import pytest

from pipecat_sagemaker_deepgram.gateway import AccessOptions
from pipecat_sagemaker_deepgram.gateway.access import request_limits
from pipecat_sagemaker_deepgram.gateway.access.request_limits import PATIENCE, RequestLimits
from pipecat_sagemaker_deepgram.web.errors import RequestError

from ..logs import lines_logged_by
from .redis_server import NO_REDIS, RedisServer, has_redis, running_redis

pytestmark = pytest.mark.skipif(not has_redis(), reason=NO_REDIS)


@pytest.fixture
async def redis(tmp_path: Path) -> AsyncIterator[RedisServer]:
    async with running_redis(tmp_path) as server:
        yield server


@pytest.fixture
def log() -> Iterator[list[str]]:
    """What the limits report."""
    with lines_logged_by(request_limits) as lines:
        yield lines


@asynccontextmanager
async def limits(
    storage: str, *, requests_per_minute: int, retry_after: float = 60.0
) -> AsyncIterator[RequestLimits]:
    """Limits of one gateway."""
    options = AccessOptions(storage=storage, requests_per_minute=requests_per_minute)
    counted = RequestLimits(options, retry_after=retry_after)
    try:
        yield counted
    finally:
        await counted.close()


async def refusal(counted: RequestLimits, key: str) -> RequestError:
    with pytest.raises(RequestError) as refused:
        await counted.take(key)
    return refused.value


async def test_the_limits_of_a_key_are_those_of_all_gateways_together(redis: RedisServer):
    options: dict[str, Any] = {"requests_per_minute": 3}
    async with limits(redis.url, **options) as one, limits(redis.url, **options) as other:
        for each in (one, other, one):
            await each.take("key")
        refused = await refusal(other, "key")
        await other.take("another key")
    assert refused.status == 429
    assert 1 <= (refused.retry_after or 0) <= 61


async def test_while_redis_is_away_each_gateway_counts_its_own_requests(
    redis: RedisServer, log: list[str]
):
    options: dict[str, Any] = {"requests_per_minute": 2, "retry_after": 0.0}
    async with limits(redis.url, **options) as one, limits(redis.url, **options) as other:
        for each in (one, other):
            await each.take("key")
        await redis.stop()
        for each in (one, one, other, other):
            await each.take("key")
        assert (await refusal(one, "key")).status == 429
        await redis.start()
        for each in (one, other):
            await each.take("key")
        await refusal(one, "key")
    assert [line.split(":")[0] for line in log] == [
        *("Requests cannot be counted in redis",) * 2,
        *("Requests are counted in redis",) * 2,
    ]
    assert redis.url in log[0]


async def test_a_redis_that_does_not_answer_holds_up_one_request_only(
    redis: RedisServer, log: list[str]
):
    now = asyncio.get_running_loop().time
    async with limits(redis.url, requests_per_minute=3) as counted:
        await counted.take("key")
        redis.freeze()
        began = now()
        await counted.take("key")
        waited = now() - began
        for _ in range(2):
            await counted.take("key")
        assert (await refusal(counted, "key")).status == 429
        assert now() - began < waited + PATIENCE
    assert waited >= PATIENCE * 0.9
    assert len(log) == 1


async def test_a_gateway_starts_without_its_redis(tmp_path: Path, log: list[str]):
    server = RedisServer(tmp_path)
    async with limits(server.url.replace("//", "//user:secret@"), requests_per_minute=1) as counted:
        await counted.take("key")
        assert (await refusal(counted, "key")).status == 429
    assert len(log) == 1
    assert "redis://***@127.0.0.1" in log[0]
    assert "secret" not in log[0]


@asynccontextmanager
async def gateway_process(storage: str, folder: Path) -> AsyncIterator[str]:
    """Run ``serve`` in a process of its own; its URL."""
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "pipecat_sagemaker_deepgram", "serve", "--port", "0"),
        *("--endpoint", "deepgram", "--region", "us-east-1", "--workers", "0"),
        *("--jobs", f"sqlite:///{folder}/jobs.db", "--keys", str(folder / "keys.json")),
        *("--requests-per-minute", "5", "--limit-storage", storage),
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
    )
    assert process.stdout is not None
    try:
        async with asyncio.timeout(60):
            line = (await process.stdout.readline()).decode()
        yield line.split()[-1]
    finally:
        process.terminate()
        await process.communicate()


async def test_two_gateways_in_processes_of_their_own_share_limits(
    redis: RedisServer, tmp_path: Path
):
    folders = [tmp_path / name for name in ("one", "other")]
    for folder in folders:
        folder.mkdir()
    async with AsyncExitStack() as opened:
        urls = [
            await opened.enter_async_context(gateway_process(redis.url, folder))
            for folder in folders
        ]
        client = await opened.enter_async_context(aiohttp.ClientSession())
        statuses = []
        for url in urls * 3:
            async with client.get(f"{url}/v1/jobs") as response:
                statuses.append(response.status)
    assert statuses == [200] * 5 + [429]
