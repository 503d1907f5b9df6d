#!/bin/sh
# A client that does not read does not answer pings: aiohttp never, websockets once its queue is
# full.
#
# Seen: 2026-11-28
# Guess: the library answers pings in the background, whatever the application does.
#
# A consumer that is slow, or only sends for a while, looks dead to a server that pings, and is
# disconnected while audio still flows. `websockets` stops reading the socket behind 16 messages;
# aiohttp's `autoping` works inside `receive()` only.
. "$(dirname "$0")/lib.sh"
packages aiohttp==3.14.5 websockets==17.4
python_program <<'EOF'
import asyncio

import aiohttp
from websockets.asyncio.client import connect
from websockets.asyncio.server import serve


async def answered(client, messages):
    """Whether a ping is answered that the server sends behind this many messages."""
    result = asyncio.get_running_loop().create_future()

    async def server(connection):
        for number in range(messages):
            await connection.send(f"message {number}")
        pong = await connection.ping()
        done, _ = await asyncio.wait([asyncio.ensure_future(pong)], timeout=3)
        result.set_result(bool(done))

    async with serve(server, "127.0.0.1", 0, ping_interval=None) as listening:
        return await client(f"ws://127.0.0.1:{listening.sockets[0].getsockname()[1]}", result)


async def websockets_client(url, result):
    async with connect(url, ping_interval=None):
        return await result


async def aiohttp_client(url, result):
    async with aiohttp.ClientSession() as session, session.ws_connect(url) as connection:
        while not result.done():
            await connection.send_bytes(bytes(640))
            await asyncio.wait([result], timeout=0.1)
        return result.result()


async def aiohttp_reader(url, result):
    async with aiohttp.ClientSession() as session, session.ws_connect(url) as connection:
        reading = asyncio.create_task(connection.receive())
        await asyncio.wait([result])
        reading.cancel()
        return result.result()


async def main():
    for messages in (0, 16, 100):
        pong = await answered(websockets_client, messages)
        print(f"websockets, {messages} messages unread: answered {pong}")
    print("aiohttp, sending only: answered", await answered(aiohttp_client, 0))
    print("aiohttp, inside receive(): answered", await answered(aiohttp_reader, 0))


asyncio.run(main())
EOF
expect <<'EOF'
websockets, 0 messages unread: answered True
websockets, 16 messages unread: answered True
websockets, 100 messages unread: answered False
aiohttp, sending only: answered False
aiohttp, inside receive(): answered True
EOF
