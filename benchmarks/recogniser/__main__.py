# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
"""Measure, and print one line for each number of streams."""

import argparse
import asyncio
import json
import os
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import jiwer
import numpy as np
from tests.speech_clips import plain, two_cities

from benchmarks.processes import ROOT
from benchmarks.recogniser.stream import StreamResult, run_stream

_APART = 0.37
"""Seconds from one stream's beginning to the next one's."""


class MeasuredContainer:
    """The container's process."""

    def __init__(self, process: "subprocess.Popen[str]") -> None:
        self._process = process
        self.url: str = self._read()["url"]

    def usage(self) -> dict[str, Any]:
        """Its resource usage so far."""
        assert self._process.stdin is not None
        self._process.stdin.write("\n")
        self._process.stdin.flush()
        return self._read()

    def _read(self) -> dict[str, Any]:
        assert self._process.stdout is not None
        return json.loads(self._process.stdout.readline())


@contextmanager
def measured_container(source: Path) -> Iterator[MeasuredContainer]:
    """Run the container of a source tree."""
    environment = {**os.environ, "PYTHONPATH": str(source)}
    script = Path(__file__).parent / "container.py"
    with subprocess.Popen(
        [sys.executable, str(script)],
        cwd=ROOT,
        env=environment,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    ) as process:
        try:
            yield MeasuredContainer(process)
        finally:
            process.kill()


async def measure(url: str, count: int, *, flux: bool) -> list[StreamResult]:
    """Run a number of streams at once."""
    audio = two_cities().linear16()
    return await asyncio.gather(
        *(run_stream(url, audio, flux=flux, delay=_APART * index) for index in range(count))
    )


def summary(results: Sequence[StreamResult], usages: Sequence[dict[str, Any]]) -> dict[str, Any]:
    """The results of all streams."""
    wanted = plain(two_cities().text)
    rates = [jiwer.wer(wanted, plain(result.text)) for result in results]
    delays = [delay for result in results for delay in result.delays]
    return {
        "streams": len(results),
        "word error rate": f"{100 * np.mean(rates):.1f} % (worst {100 * max(rates):.1f} %)",
        "final p50 / p95 / max": " / ".join(
            f"{value:.2f} s" for value in (*np.percentile(delays, [50, 95]), max(delays))
        ),
        "interims per stream": round(float(np.mean([r.interims for r in results])), 1),
        "longest drain": f"{max(result.drain for result in results):.2f} s",
        "cut off": sum(not result.is_complete for result in results),
        "container's CPU": f"{usages[1]['cpu'] - usages[0]['cpu']:.1f} s",
        "memory": f"{usages[1]['memory_mb']:.0f} MB",
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--streams", type=int, nargs="+", default=[1, 10])
    parser.add_argument("--flux", action="store_true", help="v2/listen in place of v1/listen")
    parser.add_argument(
        "--source", type=Path, default=ROOT / "src", help="whose container, to compare another"
    )
    options = parser.parse_args()
    for count in options.streams:
        with measured_container(options.source) as container:
            before = container.usage()
            results = asyncio.run(measure(container.url, count, flux=options.flux))
            print(json.dumps(summary(results, [before, container.usage()])), flush=True)


if __name__ == "__main__":
    main()
