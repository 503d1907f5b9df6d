# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
"""Run the server until its standard input ends; then print its record."""

import argparse
import asyncio
import json
import sys
from dataclasses import fields

from benchmarks.server.connection import Connection
from benchmarks.server.endpoint import Behaviour, Endpoint
from pipecat_sagemaker_deepgram.emulator.http.certificates import Certificates

try:
    from uvloop import new_event_loop
except ImportError:
    from asyncio import new_event_loop

BACKLOG = 2048


def _behaviour() -> Behaviour:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.server")
    parser.add_argument("behaviour", type=json.loads, nargs="?", default={})
    given = parser.parse_args().behaviour
    return Behaviour(
        **{each.name: given[each.name] for each in fields(Behaviour) if each.name in given}
    )


async def _serve(certificates: Certificates, endpoint: Endpoint) -> None:
    loop = asyncio.get_running_loop()
    server = await loop.create_server(
        lambda: Connection(endpoint),
        "127.0.0.1",
        0,
        ssl=certificates.server_context,
        backlog=BACKLOG,
    )
    port = server.sockets[0].getsockname()[1]
    address = {"url": f"https://127.0.0.1:{port}", "ca_bundle": str(certificates.ca_bundle)}
    print(json.dumps(address), flush=True)
    await loop.run_in_executor(None, sys.stdin.read)
    print(json.dumps(endpoint.report()), flush=True)


def main() -> None:
    """Run the server."""
    certificates = Certificates()
    try:
        with asyncio.Runner(loop_factory=new_event_loop) as runner:
            runner.run(_serve(certificates, Endpoint(_behaviour())))
    finally:
        certificates.remove()


if __name__ == "__main__":
    main()
