# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
"""Stand-ins on loopback for the services that give AWS credentials."""

import json
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

type Answer = tuple[int, str]
type Respond = Callable[["Call"], Answer]


@dataclass(frozen=True)
class Call:
    """One request to a stand-in."""

    method: str
    path: str
    headers: dict[str, str]
    body: str


@dataclass
class StandIn:
    """A running stand-in and what it was asked."""

    url: str
    calls: list[Call] = field(default_factory=list)


@contextmanager
def stand_in(respond: Respond) -> Iterator[StandIn]:
    """Run an HTTP service on loopback."""

    class Handler(BaseHTTPRequestHandler):
        def _answer(self) -> None:
            length = int(self.headers.get("content-length", 0))
            headers = {name.lower(): value for name, value in self.headers.items()}
            body = self.rfile.read(length).decode()
            call = Call(self.command, self.path, headers, body)
            running.calls.append(call)
            status, text = respond(call)
            self.send_response(status)
            self.send_header("content-length", str(len(text.encode())))
            self.end_headers()
            self.wfile.write(text.encode())

        do_GET = do_POST = do_PUT = _answer

        def log_message(self, format: str, *args: object) -> None:
            """Keep quiet."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    running = StandIn(f"http://127.0.0.1:{server.server_port}")
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield running
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def in_an_hour() -> str:
    """An expiry that asks for no refresh."""
    return time_in(timedelta(hours=1))


def time_in(delta: timedelta) -> str:
    """A time from now, as AWS writes it."""
    return (datetime.now(UTC) + delta).strftime("%Y-%m-%dT%H:%M:%SZ")


def metadata_keys(number: int = 1, expiration: str | None = None) -> str:
    """Keys as the container and instance metadata services give them."""
    return json.dumps(
        {
            "Code": "Success",
            "AccessKeyId": f"ASIA{number}",
            "SecretAccessKey": f"secret-{number}",
            "Token": f"token-{number}",
            "Expiration": expiration or in_an_hour(),
        }
    )


def sts_keys(action: str, number: int = 1) -> str:
    """Keys as the Security Token Service gives them."""
    return f"""<{action}Response xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><{action}Result>
    <Credentials><AccessKeyId>ASIA{number}</AccessKeyId>
    <SecretAccessKey>secret-{number}</SecretAccessKey><SessionToken>token-{number}</SessionToken>
    <Expiration>{in_an_hour()}</Expiration></Credentials>
    <AssumedRoleUser><Arn>arn:aws:sts::000000000000:assumed-role/r/s</Arn>
    <AssumedRoleId>ARO:s</AssumedRoleId></AssumedRoleUser>
    </{action}Result></{action}Response>"""
