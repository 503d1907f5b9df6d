# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
"""Measure, and print a line for each way."""

import argparse
import asyncio
import json
import os
import subprocess
import sys
import tempfile
import time
import wave
from collections.abc import Awaitable, Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from loguru import logger

from benchmarks.processes import ROOT
from benchmarks.recorded.calls import hold_calls, hold_pipecat_calls
from benchmarks.recorded.speech import spoken, words_in
from pipecat_sagemaker_deepgram.recorded import (
    ModeWanted,
    RecordedSettings,
    RecordingTranscriber,
    Source,
    transcribe_files,
)

NAME = "benchmark"


@contextmanager
def endpoint() -> Iterator[dict[str, str]]:
    """Run the endpoint; return the environment variables that point to it."""
    with subprocess.Popen(
        [sys.executable, "-m", "benchmarks.recorded.endpoint"],
        cwd=ROOT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    ) as process:
        assert process.stdout is not None
        try:
            yield json.loads(process.stdout.readline())
        finally:
            process.terminate()


def write_recordings(folder: Path, count: int, seconds: int) -> list[Source]:
    """Write recordings of different words."""
    words = words_in(seconds)
    for number in range(count):
        with wave.open(str(folder / f"{number}.wav"), "wb") as file:
            file.setparams((1, 2, 16_000, 0, "NONE", ""))
            file.writeframes(spoken(number * words, words))
    return [Source(str(folder / f"{number}.wav")) for number in range(count)]


async def transcribe(
    sources: Sequence[Source], mode: ModeWanted, jobs: int, *, has_interims: bool = True
) -> float:
    """Transcribe recordings; return the seconds of audio whose words all arrived."""
    heard = 0.0
    parameters = {} if has_interims else {"interim_results": False}
    settings = RecordedSettings(parameters=parameters)
    async with RecordingTranscriber(NAME, mode=mode, settings=settings) as transcriber:
        async for each in transcribe_files(transcriber, sources, jobs=jobs):
            assert each.transcript is not None, each.error
            words = words_in(each.transcript.seconds)
            first = int(Path(each.source.name).stem) * words
            assert each.transcript.text.split() == [f"w{first + n}" for n in range(words)]
            heard += each.transcript.seconds
    return heard


def measure(what: str, work: Callable[[], Awaitable[float]]) -> float:
    """Run something and print its cost; return the hours of audio per hour of CPU time."""
    cpu, began = time.process_time(), time.monotonic()
    seconds = asyncio.run(_run(work))
    cpu, took = time.process_time() - cpu, time.monotonic() - began
    print(
        f"{what:32} {seconds / 60:7.1f} min of audio {took:7.1f} s {cpu:7.2f} s of CPU "
        f"{seconds / cpu:8.0f} hours of audio for each CPU hour",
        flush=True,
    )
    return seconds / cpu


async def _run(work: Callable[[], Awaitable[float]]) -> float:
    return await work()


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.recorded", description=__doc__)
    parser.add_argument("--files", type=int, default=10, help="recordings (default: 10)")
    parser.add_argument("--seconds", type=int, default=300, help="of each (default: 300)")
    parser.add_argument("--jobs", type=int, default=4, help="at a time (default: 4)")
    parser.add_argument("--calls", type=int, default=20, help="in real time (default: 20)")
    parser.add_argument("--call-seconds", type=int, default=30, help="of each (default: 30)")
    options = parser.parse_args()
    logger.remove()
    with endpoint() as environment, tempfile.TemporaryDirectory() as folder:
        os.environ.update(environment)
        sources = write_recordings(Path(folder), options.files, options.seconds)
        calls = measure(
            f"{options.calls} sessions in real time",
            lambda: hold_calls(NAME, options.calls, options.call_seconds),
        )
        pipecat = measure(
            f"{options.calls} Pipecat calls in real time",
            lambda: hold_pipecat_calls(NAME, options.calls, options.call_seconds),
        )
        streams = measure(
            f"streams at full speed, {options.jobs} jobs",
            lambda: transcribe(sources, "stream", options.jobs),
        )
        finals = measure(
            "the same, without interims",
            lambda: transcribe(sources, "stream", options.jobs, has_interims=False),
        )
        measure(
            f"InvokeEndpoint, {options.jobs} jobs",
            lambda: transcribe(sources, "sync", options.jobs),
        )
        print(
            f"streams at full speed reach {streams / calls:.1f} times what sessions in real time "
            f"reach, and {streams / pipecat:.1f} times what Pipecat calls reach; without interims "
            f"{finals / calls:.1f} and {finals / pipecat:.1f} times"
        )


main()
