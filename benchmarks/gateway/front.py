# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
"""A process that accepts WebSockets: ``python -m benchmarks.gateway.front KIND ACCESS``.

It prints its address, then its resource usage for each line that it reads, until its standard
input ends.
"""

import asyncio
import json
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import asdict

from loguru import logger
from websockets.asyncio.server import ServerConnection, serve
from websockets.exceptions import ConnectionClosed

from benchmarks.access import ENDPOINT_NAME, REGION, Access
from benchmarks.load.meter import read
from benchmarks.server.transcriber import Transcriber
from pipecat_sagemaker_deepgram.cli.event_loop import frozen_heap
from pipecat_sagemaker_deepgram.client import Target
from pipecat_sagemaker_deepgram.gateway import AccessOptions, Endpoint, Gateway, GatewayOptions

logger.remove()


@asynccontextmanager
async def _gateway(access: Access) -> AsyncIterator[str]:
    options = GatewayOptions(
        endpoints=(Endpoint(target=Target(endpoint_name=ENDPOINT_NAME, region=REGION)),),
        connection={"endpoint_url": access.url, "ca_bundle": access.ca_bundle},
        access=AccessOptions(requests_per_minute_in_all=None),
        open_timeout=30.0,
    )
    async with Gateway(options) as gateway:
        yield gateway.url.replace("http", "ws", 1)


@asynccontextmanager
async def _bare(access: Access) -> AsyncIterator[str]:
    async with serve(_answer, "127.0.0.1", 0, compression=None) as server:
        yield f"ws://127.0.0.1:{next(iter(server.sockets)).getsockname()[1]}"


async def _answer(connection: ServerConnection) -> None:
    """Answer as the endpoint behind the gateway does, with nothing in between."""
    transcriber = Transcriber("bare")
    try:
        async for audio in connection:
            assert isinstance(audio, bytes)
            for message in transcriber.hear(audio):
                await connection.send(message, text=True)
    except ConnectionClosed:
        return


async def _run(kind: str, access: Access) -> None:
    loop = asyncio.get_running_loop()
    async with {"gateway": _gateway, "bare": _bare}[kind](access) as url:
        with frozen_heap():
            print(json.dumps({"url": url}), flush=True)
            while await loop.run_in_executor(None, sys.stdin.readline):
                print(json.dumps(asdict(read())), flush=True)


if __name__ == "__main__":
    asyncio.run(_run(sys.argv[1], Access(**json.loads(sys.argv[2]))))
