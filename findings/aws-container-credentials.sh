#!/bin/sh
# The new SDK renews container credentials after they expire, once for each caller, and ignores
# their time zone.
#
# Seen: 2026-11-28
# Guess: renewed some minutes ahead by one request that all wait for.
#
# Keys may have a second left when they are handed out. Without an expiration they are fetched for
# every single request. `+02:00` is read as UTC, so keys are used for two hours after their end.
. "$(dirname "$0")/lib.sh"
packages aws-credentials-http==0.4.0
python_program <<'EOF'
import asyncio
import json
import os
import threading
from datetime import UTC, datetime, timedelta, timezone
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from aws_credentials_http import ContainerCredentialsResolver


class Endpoint(BaseHTTPRequestHandler):
    requests, expiration = 0, None

    def do_GET(self):
        Endpoint.requests += 1
        keys = {"AccessKeyId": "AKID", "SecretAccessKey": "secret", "Token": "token"}
        if self.expiration:
            keys["Expiration"] = self.expiration
        body = json.dumps(keys).encode()
        self.send_response(200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_):
        pass


server = ThreadingHTTPServer(("127.0.0.1", 0), Endpoint)
threading.Thread(target=server.serve_forever, daemon=True).start()
os.environ["AWS_CONTAINER_CREDENTIALS_FULL_URI"] = f"http://127.0.0.1:{server.server_port}/keys"


def in_seconds(seconds, zone=UTC):
    return (datetime.now(UTC) + timedelta(seconds=seconds)).astimezone(zone).isoformat()


async def sdk(label, expiration, at_once=1):
    Endpoint.requests, Endpoint.expiration = 0, expiration
    resolver = ContainerCredentialsResolver()
    for _ in range(4 // at_once):
        keys = await asyncio.gather(*(resolver.get_identity(properties={}) for _ in range(at_once)))
    end = keys[0].expiration
    hours = end and round((end - datetime.now(UTC)) / timedelta(hours=1))
    print(f"SDK, {label}: {Endpoint.requests} requests for 4 uses; hours left: {hours}")
    await resolver._http_client.close()


async def main():
    await sdk("5 minutes left", in_seconds(300))
    await sdk("an hour left, all at once", in_seconds(3600), at_once=4)
    await sdk("no expiration", None)
    await sdk("an hour left, in zone +02:00", in_seconds(3600, timezone(timedelta(hours=2))))


asyncio.run(main())
EOF
expect <<'EOF'
SDK, 5 minutes left: 1 requests for 4 uses; hours left: 0
SDK, an hour left, all at once: 4 requests for 4 uses; hours left: 1
SDK, no expiration: 4 requests for 4 uses; hours left: None
SDK, an hour left, in zone +02:00: 1 requests for 4 uses; hours left: 3
EOF
