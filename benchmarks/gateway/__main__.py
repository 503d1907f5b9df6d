# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
"""Measure the gateway: CPU, latency and memory of streams, and many clients at once.

The bare server represents the cost of any WebSocket server, the project's own client that of the
session behind it; the gateway is compared with both together.
"""

import argparse
import asyncio
import json
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from typing import Any

from benchmarks.access import Access
from benchmarks.load.meter import Reading
from benchmarks.load.run import run
from benchmarks.load.spec import LoadResult, LoadSpec
from benchmarks.processes import ROOT, running_server

MIB = 1024 * 1024
BOUNDS = {"cpu": 1.5, "added": 5.0, "memory": 0.5}
"""Most times the CPU of both together, milliseconds added, MiB of a stream."""


@dataclass
class Front:
    """A process that accepts WebSockets.

    Attributes:
        url: Its address.
        readings: Its resource usage at each request.
    """

    process: subprocess.Popen[str]
    url: str
    readings: list[Reading]

    def ask(self) -> Reading:
        """Its resource usage so far."""
        assert self.process.stdin is not None
        assert self.process.stdout is not None
        self.process.stdin.write("\n")
        self.process.stdin.flush()
        self.readings.append(Reading(**json.loads(self.process.stdout.readline())))
        return self.readings[-1]

    @contextmanager
    def measured(self) -> Iterator[None]:
        """Read the resource usage before and after."""
        self.ask()
        yield
        self.ask()


@contextmanager
def running_front(kind: str, access: Access) -> Iterator[Front]:
    """Run a process that accepts WebSockets."""
    command = [sys.executable, "-m", "benchmarks.gateway.front", kind, json.dumps(asdict(access))]
    environment = {**os.environ, **access.environment()}
    pipes: dict[str, Any] = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "text": True}
    with subprocess.Popen(command, cwd=ROOT, env=environment, **pipes) as process:
        assert process.stdout is not None
        assert process.stdin is not None
        try:
            yield Front(process, json.loads(process.stdout.readline())["url"], [])
            process.stdin.close()
            process.wait(30)
        finally:
            process.kill()


@dataclass(frozen=True)
class Figures:
    """What one run came to: microseconds, milliseconds, MiB."""

    name: str
    opened: int
    open_seconds: float
    cpu_per_frame: float
    median: float
    p99: float
    memory: float
    unanswered: int
    errors: list[str]


def of_client(name: str, result: LoadResult) -> Figures:
    """Of the process that has sent the frames."""
    memory = (result.memory - result.memory_before) / max(1, result.opened)
    return _figures(name, result, result.cpu_seconds, memory)


def of_front(name: str, result: LoadResult, front: Front, before: Reading) -> Figures:
    """Of a process that has taken them."""
    first, last = front.readings[-2:]
    memory = (last.memory - before.memory) / max(1, result.opened)
    return _figures(name, result, last.cpu_seconds - first.cpu_seconds, memory)


def _figures(name: str, result: LoadResult, cpu: float, memory: float) -> Figures:
    late = sorted(result.latencies) or [0.0]
    return Figures(
        name=name,
        opened=result.opened,
        open_seconds=result.open_seconds,
        cpu_per_frame=cpu / max(1, result.frames) * 1e6,
        median=late[len(late) // 2] * 1e3,
        p99=late[min(len(late) - 1, len(late) * 99 // 100)] * 1e3,
        memory=memory / MIB,
        unanswered=result.unanswered,
        errors=[*result.open_errors, *result.failures],
    )


async def through(kind: str, access: Access, spec: LoadSpec) -> Figures:
    """Measure one kind of front."""
    with running_front(kind, access) as front:
        before = front.ask()
        told = LoadSpec(**{**asdict(spec), "driver": "websocket", "options": {"url": front.url}})
        result = await run(told, access, around_window=front.measured)
        return of_front(kind, result, front, before)


def show(figures: Figures) -> None:
    """Print a row."""
    print(
        f"{figures.name:10} {figures.opened:5} open in {figures.open_seconds:5.2f} s"
        f"  {figures.cpu_per_frame:7.1f} µs/frame  median {figures.median:6.2f} ms"
        f"  p99 {figures.p99:7.2f} ms  {figures.memory:5.2f} MiB/stream"
        f"  unanswered {figures.unanswered}  {'; '.join(figures.errors)}"
    )


async def measure(streams: int, window: float, at_once: int) -> None:
    """Measure everything, and compare."""
    spec = LoadSpec(driver="ours", streams=streams, window=window, warm_up=2.0)
    with running_server({}) as server:
        os.environ.update(server.access.environment())
        ours = of_client("client", await run(spec, server.access))
        bare = await through("bare", server.access, spec)
        gateway = await through("gateway", server.access, spec)
        for each in (ours, bare, gateway):
            show(each)
        together = ours.cpu_per_frame + bare.cpu_per_frame
        ratio, added = gateway.cpu_per_frame / together, gateway.p99 - ours.p99
        print(f"CPU: {ratio:.2f} times client and bare server (at most {BOUNDS['cpu']})")
        print(f"p99: {added:+.2f} ms to the client's (at most {BOUNDS['added']})")
        print(f"memory: {gateway.memory:.2f} MiB a stream (at most {BOUNDS['memory']})")
        crowd = LoadSpec(driver="ours", streams=at_once, window=1.0, warm_up=0.5)
        show(await through("gateway", server.access, crowd))


def main() -> None:
    """Run it."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.gateway", description=__doc__)
    parser.add_argument("--streams", type=int, default=50)
    parser.add_argument("--window", type=float, default=10.0, help="seconds that are measured")
    parser.add_argument("--at-once", type=int, default=300, help="clients that connect at once")
    options = parser.parse_args()
    print(f"load before: {os.getloadavg()[0]:.2f} on {os.cpu_count()} cores")
    asyncio.run(measure(options.streams, options.window, options.at_once))


if __name__ == "__main__":
    main()
