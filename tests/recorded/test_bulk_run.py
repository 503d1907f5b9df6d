# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
"""Two hundred recordings of several formats, an endpoint that breaks, and a run that is killed."""

import asyncio
import json
import subprocess
import sys
from itertools import cycle
from pathlib import Path

import pytest

from pipecat_sagemaker_deepgram.cli import main
from pipecat_sagemaker_deepgram.emulator import SageMakerEmulator, parse_fault
from tests.cli.conftest import ENDPOINT_NAME

from .files import LOSSLESS, write_words

FILES = 200
WORDS = 15
FAULTS = (
    "reset@bytes=16000",
    "drop@bytes=24000",
    "model-stream-error=1011:gone@bytes=8000",
    "internal-stream-failure@bytes=30000",
    "refuse=429@connect",
    "refuse=424@connect",
    "refuse=503@connect",
    "end@bytes=20000",
    "goaway@bytes=16000",
    "cut=drop@events=2",
)


@pytest.fixture(scope="module")
def recordings(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("recordings")
    for number, kind in zip(range(FILES), cycle(LOSSLESS), strict=False):
        path = folder / f"{number % 4}" / f"{number:03}"
        path.parent.mkdir(exist_ok=True)
        write_words(path, words=WORDS, first=number * WORDS, kind=kind)
    return folder


def arguments(recordings: Path, output: Path) -> list[str]:
    return [
        *["transcribe", str(recordings), "--endpoint", ENDPOINT_NAME, "--jobs", "8"],
        *["--json", "--output", f"{output}/", "--sample-rate", "16000"],
    ]


def break_ten_times(endpoint: SageMakerEmulator) -> None:
    """Faults for ten of the next streams, one about every twenty."""
    first = len(endpoint.streams) + 3
    for number, fault in enumerate(FAULTS):
        endpoint.faults.add(parse_fault(f"{fault},streams={first + 17 * number}"))


def heard_in(output: Path) -> dict[int, list[str]]:
    """The words of each output, by the number of its recording."""
    return {
        int(path.stem.split(".")[0]): json.loads(path.read_text())["text"].split()
        for path in output.rglob("*.json")
    }


EVERY_WORD = {
    number: [f"w{word}" for word in range(number * WORDS, (number + 1) * WORDS)]
    for number in range(FILES)
}


def test_every_word_of_every_recording_is_there_once_though_the_endpoint_breaks_ten_times(
    recordings: Path,
    tmp_path: Path,
    endpoint: SageMakerEmulator,
    capsys: pytest.CaptureFixture[str],
):
    break_ten_times(endpoint)
    try:
        assert main(arguments(recordings, tmp_path)) == 0
    finally:
        endpoint.faults.clear()
    assert heard_in(tmp_path) == EVERY_WORD
    losses = sum(
        "lost" in stream
        for path in tmp_path.rglob("*.json")
        for stream in json.loads(path.read_text())["streams"]
    )
    assert losses >= 5
    assert f"{FILES} of {FILES} transcribed: " in capsys.readouterr().err


async def test_a_run_that_was_killed_goes_on_where_it_was(
    recordings: Path, tmp_path: Path, endpoint: SageMakerEmulator
):
    break_ten_times(endpoint)
    try:
        process = await asyncio.create_subprocess_exec(
            *[sys.executable, "-m", "pipecat_sagemaker_deepgram"],
            *arguments(recordings, tmp_path),
            stdout=asyncio.subprocess.DEVNULL,
            stderr=asyncio.subprocess.DEVNULL,
        )
        async with asyncio.timeout(60):
            while len(list(tmp_path.rglob("*.json"))) < FILES // 4:
                await asyncio.sleep(0.02)
        process.kill()
        await process.wait()
        before = {path: path.stat().st_mtime_ns for path in tmp_path.rglob("*.json")}
        assert len(before) >= FILES // 4
        assert await asyncio.to_thread(_run, arguments(recordings, tmp_path)) == 0
    finally:
        endpoint.faults.clear()
    assert heard_in(tmp_path) == EVERY_WORD
    changed = [path for path, at in before.items() if path.stat().st_mtime_ns != at]
    # What was moved into its place and not noted any more is done again.
    assert len(changed) <= 1


def _run(argv: list[str]) -> int:
    command = [sys.executable, "-m", "pipecat_sagemaker_deepgram", *argv]
    return subprocess.run(command, capture_output=True, timeout=100, check=False).returncode
