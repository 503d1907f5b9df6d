# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
"""Limits that several gateways share through a real Redis server, where one is installed."""

import asyncio
import shutil
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from pipecat_sagemaker_deepgram.gateway import AccessOptions
from pipecat_sagemaker_deepgram.gateway.access.limits import RequestLimits
from pipecat_sagemaker_deepgram.web.errors import RequestError

pytest.importorskip("coredis", reason="limits[async-redis] is not installed")
pytestmark = pytest.mark.skipif(
    shutil.which("redis-server") is None, reason="redis-server is not installed"
)


@asynccontextmanager
async def redis(folder: Path) -> AsyncIterator[str]:
    """Run a Redis server; its address as the gateway takes it."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    options = ["--port", str(port), "--bind", "127.0.0.1", "--save", "", "--dir", str(folder)]
    process = await asyncio.create_subprocess_exec(
        "redis-server", *options, stdout=asyncio.subprocess.PIPE
    )
    assert process.stdout is not None
    try:
        async with asyncio.timeout(30):
            while b"Ready to accept connections" not in await process.stdout.readline():
                pass
        yield f"async+redis://127.0.0.1:{port}"
    finally:
        process.terminate()
        await process.communicate()


async def test_gateways_count_requests_together(tmp_path: Path):
    async with redis(tmp_path) as storage:
        options = AccessOptions(requests_per_minute=3, storage=storage)
        one, other = RequestLimits(options), RequestLimits(options)
        for limits in (one, other, one):
            await limits.take("key")
        with pytest.raises(RequestError) as refused:
            await other.take("key")
        await other.take("another key")
    assert refused.value.status == 429
    assert 1 <= (refused.value.retry_after or 0) <= 61
