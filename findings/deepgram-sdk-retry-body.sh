#!/bin/sh
# An upload given as a generator is retried with an empty body, and the answer to that is returned
# as the transcript.
#
# Seen: 2026-11-28
# Guess: what cannot be sent again is not retried, and the error is raised.
#
# One 503 is enough. A file object fails the second time with an error of the HTTP library, for it
# is not rewound. Only `bytes` survive a retry; with anything else set `max_retries` to 0.
. "$(dirname "$0")/lib.sh"
packages deepgram-sdk==7.17.0
python_program <<'EOF'
import io
import json
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import httpx
from deepgram.core.api_error import ApiError
from deepgram.environment import DeepgramClientEnvironment

from deepgram import DeepgramClient

METADATA = {
    "request_id": "id",
    "sha256": "",
    "created": "2026-01-01T00:00:00Z",
    "duration": 1,
    "channels": 1,
    "models": [],
    "model_info": {},
}


class FailsOnce(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def body_size(self):
        if size := int(self.headers.get("Content-Length", 0)):
            return len(self.rfile.read(size))
        size = 0
        while chunk := int(self.rfile.readline(), 16):
            size += len(self.rfile.read(chunk))
            self.rfile.readline()
        self.rfile.readline()
        return size

    def do_POST(self):
        self.server.sizes.append(self.body_size())
        body = json.dumps({"metadata": METADATA, "results": {"channels": []}}).encode()
        self.send_response(503 if len(self.server.sizes) == 1 else 200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def handle_one_request(self):
        try:
            super().handle_one_request()
        except OSError:  # the client gave up
            self.close_connection = True

    def log_message(self, *_):
        pass


def generator():
    for _ in range(3):
        yield bytes(1000)


def upload(label, audio, **options):
    server = ThreadingHTTPServer(("127.0.0.1", 0), FailsOnce)
    server.daemon_threads, server.sizes = False, []
    threading.Thread(target=server.serve_forever, daemon=True).start()
    url = f"http://127.0.0.1:{server.server_port}"
    environment = DeepgramClientEnvironment(base=url, production=url, agent=url, agent_rest=url)
    with httpx.Client() as http:
        client = DeepgramClient(api_key="key", environment=environment, httpx_client=http)
        try:
            answer = type(
                client.listen.v1.media.transcribe_file(request=audio, model="nova-3", **options)
            ).__name__
        except ApiError as error:
            answer = f"HTTP {error.status_code}"
        except Exception as error:
            answer = f"{type(error).__name__}: {error}"
    server.shutdown()
    server.server_close()  # waits for what is still being answered
    print(f"{label}: bytes received {server.sizes}, {answer}")


upload("bytes", bytes(3000))
upload("file", io.BytesIO(bytes(3000)))
upload("generator", generator())
upload("generator without retries", generator(), request_options={"max_retries": 0})
EOF
expect <<'EOF'
bytes: bytes received [3000, 3000], ListenV1Response
file: bytes received [3000, 0], LocalProtocolError: Too little data for declared Content-Length
generator: bytes received [3000, 0], ListenV1Response
generator without retries: bytes received [3000], HTTP 503
EOF
