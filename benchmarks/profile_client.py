# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
"""Run this project's client against the server under cProfile and print where its time goes.

Usage: .venv/bin/python -m benchmarks.profile_client [--streams N] [--seconds S] [--top N]
           [--sort tottime|cumtime] [--min-chunk-seconds S] [--driver NAME] [--opening] [--plain]

The server has a process of its own; the profile covers the steady window only, or, with
``--opening``, the time until all streams are open. With ``--plain``
nothing is profiled and only the CPU time is printed, which cProfile roughly doubles.
"""

import argparse
import asyncio
import cProfile
import os
import pstats
from typing import Any

from benchmarks.load.run import run
from benchmarks.load.spec import LoadResult, LoadSpec
from benchmarks.processes import running_server


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.profile_client")
    parser.add_argument("--streams", type=int, default=10)
    parser.add_argument("--seconds", type=float, default=5.0)
    parser.add_argument("--top", type=int, default=40)
    parser.add_argument("--sort", choices=("tottime", "cumtime"), default="tottime")
    parser.add_argument("--min-chunk-seconds", type=float, default=0.0)
    parser.add_argument("--driver", choices=("ours", "null"), default="ours")
    parser.add_argument("--opening", action="store_true")
    parser.add_argument("--plain", action="store_true")
    return parser.parse_args()


def _describe(result: LoadResult) -> str:
    per_frame = result.cpu_seconds / max(result.frames, 1) * 1e6
    middle = result.latencies[len(result.latencies) // 2] if result.latencies else 0.0
    return (
        f"{result.opened} streams open after {result.open_seconds:.3f} s, {result.frames} frames "
        f"({result.frames / result.wanted_frames:.2f} of real time), {result.messages} messages, "
        f"{per_frame:.1f} us of CPU per 20 ms frame (harness included), "
        f"p50 {middle * 1e3:.2f} ms, {result.threads} threads, failures: {result.failures}"
    )


def _around(arguments: argparse.Namespace, profile: cProfile.Profile) -> dict[str, Any]:
    if arguments.plain:
        return {}
    return {"around_opening" if arguments.opening else "around_window": lambda: profile}


def main() -> None:
    """Profile the client."""
    arguments = _arguments()
    options = {"min_chunk_seconds": arguments.min_chunk_seconds}
    spec = LoadSpec(
        driver=arguments.driver,
        options=options if arguments.min_chunk_seconds else {},
        streams=arguments.streams,
        window=arguments.seconds,
    )
    profile = cProfile.Profile()
    with running_server({}) as server:
        os.environ.update(server.access.environment())
        result = asyncio.run(run(spec, server.access, **_around(arguments, profile)))
    if not arguments.plain:
        pstats.Stats(profile).strip_dirs().sort_stats(arguments.sort).print_stats(arguments.top)
    print(_describe(result))


if __name__ == "__main__":
    main()
