#!/bin/sh
# One exception in a message handler ends the listening for good, and `start_listening()` returns
# as if all were well.
#
# Seen: 2026-11-28
# Guess: the exception is logged, or raised out of `start_listening()`, as it was in version 5.
#
# Listening ends with the events ERROR and CLOSE as if the connection had, though it is still open;
# `start_listening()` returns as after a normal end, and later transcripts are never read.
. "$(dirname "$0")/lib.sh"
packages deepgram-sdk==7.17.0
packages websockets==17.4 # for the server
python_program <<'EOF'
import asyncio
import json

from deepgram.core.events import EventType
from deepgram.environment import DeepgramClientEnvironment
from websockets.asyncio.server import serve

from deepgram import AsyncDeepgramClient


def results(text):
    alternative = {"transcript": text, "confidence": 1, "words": []}
    return json.dumps(
        {
            "type": "Results",
            "channel_index": [0, 1],
            "start": 0,
            "duration": 1,
            "is_final": True,
            "channel": {"alternatives": [alternative]},
            "metadata": {
                "request_id": "id",
                "model_uuid": "id",
                "model_info": {"name": "nova-3", "version": "1", "arch": "nova-3"},
            },
        }
    )


async def main():
    seen, finished, pinged = [], asyncio.Event(), asyncio.Event()

    async def server(connection):
        for text in ("first", "second", "third"):
            await connection.send(results(text))
        await finished.wait()
        await asyncio.wait_for(await connection.ping(), 10)
        print("the connection is still open")
        pinged.set()

    async with serve(server, "127.0.0.1", 0) as listening:
        url = f"ws://127.0.0.1:{listening.sockets[0].getsockname()[1]}"
        environment = DeepgramClientEnvironment(base=url, production=url, agent=url, agent_rest=url)
        client = AsyncDeepgramClient(api_key="key", environment=environment)
        async with client.listen.v1.connect(model="nova-3") as connection:

            def on_message(message):
                seen.append(f"MESSAGE {message.channel.alternatives[0].transcript}")
                raise ValueError("a fault of the handler")

            connection.on(EventType.MESSAGE, on_message)
            connection.on(EventType.ERROR, lambda error: seen.append(f"ERROR {error}"))
            connection.on(EventType.CLOSE, lambda _: seen.append("CLOSE"))
            await asyncio.wait_for(connection.start_listening(), 10)
            print("start_listening() returned after:", ", ".join(seen))
            finished.set()
            await asyncio.wait_for(pinged.wait(), 20)


asyncio.run(main())
EOF
expect <<'EOF'
start_listening() returned after: MESSAGE first, ERROR a fault of the handler, CLOSE
the connection is still open
EOF
