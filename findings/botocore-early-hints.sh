#!/bin/sh
# An informational `103 Early Hints` is taken for the answer: status 103, an empty body and no
# error.
#
# Seen: 2026-11-28
# Guess: informational responses are skipped until the final one, as HTTP asks of every client.
#
# aiohttp skips it. A proxy or a server of your own in front of an endpoint must not send any.
. "$(dirname "$0")/lib.sh"
packages botocore==1.43.117 urllib3==2.8.0
packages aiohttp==3.14.5 # to compare with
python_program <<'EOF'
import asyncio
import socket
import threading

import aiohttp
from botocore.config import Config
from botocore.session import Session

ANSWER = (
    b"HTTP/1.1 103 Early Hints\r\nLink: </style.css>; rel=preload\r\n\r\n"
    b"HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\ntranscript"
)
listening = socket.create_server(("127.0.0.1", 0))
url = f"http://127.0.0.1:{listening.getsockname()[1]}"


def answer(connection):
    with connection:
        request = b""
        while not request.endswith(b"audio"):
            request += connection.recv(65536)
        connection.sendall(ANSWER)
        connection.recv(1)  # until the client closes


def serve():
    while True:
        threading.Thread(target=answer, args=(listening.accept()[0],), daemon=True).start()


threading.Thread(target=serve, daemon=True).start()

client = Session().create_client(
    "sagemaker-runtime",
    region_name="us-east-1",
    endpoint_url=url,
    aws_access_key_id="AKID",
    aws_secret_access_key="secret",
    config=Config(retries={"max_attempts": 0}),
)
response = client.invoke_endpoint(EndpointName="deepgram", Body=b"audio")
status = response["ResponseMetadata"]["HTTPStatusCode"]
print("botocore:", status, response["Body"].read())
client.close()


async def main():
    async with aiohttp.ClientSession() as session, session.post(url, data=b"audio") as response:
        print("aiohttp:", response.status, await response.read())


asyncio.run(main())
EOF
expect <<'EOF'
botocore: 103 b''
aiohttp: 200 b'transcript'
EOF
