# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
"""Runs the endpoint, its recogniser and the page's server until a signal arrives."""

import asyncio
import os
import signal
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from aiohttp import web

from pipecat_sagemaker_deepgram.container import ModelContainer, MoonshineRecognizer
from pipecat_sagemaker_deepgram.emulator import FaultScript, SageMakerEmulator

from .bot import ENDPOINT_NAME, Model
from .web import build_app

_READY_TIMEOUT = 60.0
_SHUTDOWN_TIMEOUT = 2.0


async def serve(model: Model, *, listener: socket.socket) -> None:
    """Serve the page until a signal arrives.

    Args:
        model: The Deepgram model that transcribes.
        listener: The socket on which browsers connect.
    """
    stop = asyncio.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(number, stop.set)
    async with _local_endpoint() as endpoint:
        os.environ.update(endpoint.environment())
        runner = web.AppRunner(
            build_app(model, endpoint.faults, lambda: endpoint.streams),
            access_log=None,
            shutdown_timeout=_SHUTDOWN_TIMEOUT,
        )
        await runner.setup()
        try:
            await web.SockSite(runner, listener).start()
            host, port = listener.getsockname()
            print(f"Open http://{host}:{port} in a browser; Ctrl-C ends the bot.", flush=True)
            await stop.wait()
        finally:
            await runner.cleanup()


@asynccontextmanager
async def _local_endpoint() -> AsyncIterator[SageMakerEmulator]:
    async with ModelContainer(MoonshineRecognizer()) as container:
        await container.wait_until_ready(_READY_TIMEOUT)
        async with SageMakerEmulator(
            container.url, endpoint_names=[ENDPOINT_NAME], faults=FaultScript()
        ) as emulator:
            yield emulator
