#!/bin/sh
# The default HTTP client of AWS's new SDK cuts off every response after five minutes, even while
# data arrives, and ignores a request's `read_timeout`.
#
# Seen: 2026-11-28
# Long: five minutes
# Guess: a stream may go on as long as it sends, and a silent one ends at the `read_timeout`.
#
# The client leaves aiohttp's limit for a whole request in place and hands it no other. So does
# everything built on it: a response stream ends with a TimeoutError in the middle, and the time
# limit of the container's credentials (`timeout=2`) does nothing. Pass another
# client where that matters.
. "$(dirname "$0")/lib.sh"
packages smithy-http==0.6.0 aiohttp==3.14.5
python_program <<'EOF'
import asyncio
import time

from aiohttp import web
from smithy_core import URI
from smithy_http import Fields
from smithy_http.aio import HTTPRequest
from smithy_http.aio.aiohttp import AIOHTTPClient
from smithy_http.interfaces import HTTPRequestConfiguration


async def silent(request):
    await asyncio.sleep(3)
    return web.Response(text="late")


async def endless(request):
    response = web.StreamResponse()
    await response.prepare(request)
    while True:
        await response.write(b"x")
        await asyncio.sleep(1)


async def main():
    app = web.Application()
    app.router.add_get("/silent", silent)
    app.router.add_get("/endless", endless)
    runner = web.AppRunner(app, shutdown_timeout=0)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    port = runner.addresses[0][1]

    def request(path):
        uri = URI(scheme="http", host="127.0.0.1", port=port, path=path)
        return HTTPRequest(method="GET", destination=uri, fields=Fields())

    async with AIOHTTPClient() as client:
        limits = HTTPRequestConfiguration(read_timeout=1)
        response = await client.send(request("/silent"), request_config=limits)
        print("read_timeout 1, answer after 3 s:", await response.consume_body_async())

        started = time.monotonic()
        response = await client.send(request("/endless"))
        try:
            async for _ in response.body:
                pass
        except Exception as error:
            minutes = (time.monotonic() - started) / 60
            print(f"a byte each second: {type(error).__name__} after {minutes:.1f} minutes")
    await runner.cleanup()


asyncio.run(main())
EOF
expect <<'EOF'
read_timeout 1, answer after 3 s: b'late'
a byte each second: TimeoutError after 5.0 minutes
EOF
