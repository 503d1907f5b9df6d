#!/bin/sh
# `session_timeout` of the WebSocket server transport closes nothing, and counts for the first
# client only.
#
# Seen: 2026-11-28
# Guess: each session is closed when its time is over.
#
# It calls `on_session_timeout` once, in the first session. In the handler the application has to
# close the connection itself; later sessions have no limit unless it sets a timer of its own.
. "$(dirname "$0")/lib.sh"
packages pipecat-ai==1.14.0
python_program <<'EOF'
import asyncio
import socket

from loguru import logger
from pipecat.pipeline.pipeline import Pipeline
from pipecat.pipeline.worker import PipelineWorker
from pipecat.serializers.protobuf import ProtobufFrameSerializer
from pipecat.transports.websocket.server import (
    SingleClientWebsocketServerParams,
    SingleClientWebsocketServerTransport,
)
from pipecat.workers.runner import WorkerRunner
from websockets.asyncio.client import connect

logger.remove()


def free_port():
    with socket.create_server(("127.0.0.1", 0)) as listening:
        return listening.getsockname()[1]


async def connected(url):
    while True:
        try:
            return await connect(url)
        except OSError:
            await asyncio.sleep(0.1)  # the server is not there yet


async def main():
    port = free_port()
    transport = SingleClientWebsocketServerTransport(
        host="127.0.0.1",
        port=port,
        params=SingleClientWebsocketServerParams(
            serializer=ProtobufFrameSerializer(), session_timeout=1
        ),
    )
    expired = asyncio.Event()

    @transport.event_handler("on_session_timeout")
    async def on_session_timeout(*_):
        expired.set()

    runner = WorkerRunner(handle_sigint=False)
    worker = PipelineWorker(Pipeline([transport.input(), transport.output()]))
    await runner.add_workers(worker)
    running = asyncio.create_task(runner.run())
    for number in (1, 2):
        client = await connected(f"ws://127.0.0.1:{port}")
        await asyncio.sleep(3)
        print(f"client {number}: event {expired.is_set()}, connection {client.state.name}")
        expired.clear()
        await client.close()
        await asyncio.sleep(0.5)
    await worker.cancel()
    await running


asyncio.run(main())
EOF
expect <<'EOF'
client 1: event True, connection OPEN
client 2: event False, connection OPEN
EOF
