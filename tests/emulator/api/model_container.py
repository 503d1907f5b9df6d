# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause

"""A container that answers `POST /invocations` as a test has it."""

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager

from aiohttp import web

type Handler = Callable[[web.Request], Awaitable[web.Response]]


async def hello(request: web.Request) -> web.Response:
    """Says how much came."""
    return web.json_response({"bytes": len(await request.read())})


@asynccontextmanager
async def model_container(handler: Handler = hello) -> AsyncIterator[str]:
    """Runs a container; gives its address."""
    app = web.Application(client_max_size=64 * 2**20)
    app.router.add_post("/invocations", handler)
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.1)
    await runner.setup()
    try:
        site = web.TCPSite(runner, "127.0.0.1", 0)
        await site.start()
        yield f"ws://127.0.0.1:{runner.addresses[0][1]}"
    finally:
        await runner.cleanup()
