# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
"""A Redis server of one test alone, from Debian's package."""

import asyncio
import shutil
import signal
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

NO_REDIS = "Redis is not installed: run scripts/system-deps as root"

_LIMIT = 30.0


def has_redis() -> bool:
    return shutil.which("redis-server") is not None


class RedisServer:
    """A server that keeps its port, and nothing else, when it is started again.

    Args:
        folder: Where it runs.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._process: asyncio.subprocess.Process | None = None
        with socket.create_server(("127.0.0.1", 0)) as free:
            self._port = free.getsockname()[1]

    @property
    def url(self) -> str:
        return f"redis://127.0.0.1:{self._port}"

    async def start(self) -> None:
        """Start it, and wait until it answers."""
        options = ("--port", str(self._port), "--bind", "127.0.0.1", "--save", "")
        self._process = await asyncio.create_subprocess_exec(
            "redis-server", *options, "--dir", str(self._folder), stdout=asyncio.subprocess.PIPE
        )
        assert self._process.stdout is not None
        async with asyncio.timeout(_LIMIT):
            while line := await self._process.stdout.readline():
                if b"Ready to accept connections" in line:
                    return
        raise RuntimeError("Redis has ended")

    async def stop(self) -> None:
        """Kill it, as a host that fails does."""
        if self._process is None:
            return
        process, self._process = self._process, None
        process.kill()
        await process.communicate()

    def freeze(self) -> None:
        """Let it answer nothing, with its connections open."""
        assert self._process is not None
        self._process.send_signal(signal.SIGSTOP)


@asynccontextmanager
async def running_redis(folder: Path) -> AsyncIterator[RedisServer]:
    """Run a server.

    Args:
        folder: Where it runs.
    """
    server = RedisServer(folder)
    try:
        await server.start()
        yield server
    finally:
        await server.stop()
