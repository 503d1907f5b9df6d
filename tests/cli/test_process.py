# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
"""The command as a process: signals, pipes and exit codes."""

import asyncio
import os
import signal
import sys
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from .conftest import ENDPOINT_NAME
from .recordings import words_up_to, write_recording

pytestmark = pytest.mark.usefixtures("endpoint", "buffered_output")


@pytest.fixture
def buffered_output(monkeypatch: pytest.MonkeyPatch) -> None:
    """Python keeps back what goes to a pipe, unless it is told not to."""
    monkeypatch.delenv("PYTHONUNBUFFERED", raising=False)


@asynccontextmanager
async def transcribing(path: Path, *options: str) -> AsyncIterator[asyncio.subprocess.Process]:
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        *["-m", "pipecat_sagemaker_deepgram", "transcribe", str(path)],
        *["--endpoint", ENDPOINT_NAME, "--speed", "1", *options],
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )
    try:
        async with asyncio.timeout(30):
            yield process
    finally:
        if process.returncode is None:
            process.kill()
        await process.wait()


async def first_line(process: asyncio.subprocess.Process) -> bytes:
    assert process.stdout is not None
    return await process.stdout.readline()


async def test_the_first_interrupt_keeps_what_was_heard(tmp_path: Path):
    """Feeding stops, the last words are transcribed, and the exit code is 130."""
    async with transcribing(write_recording(tmp_path / "a.wav", words=600)) as process:
        line = await first_line(process)
        process.send_signal(signal.SIGINT)
        out, err = await process.communicate()
    words = [word for each in (line + out).decode().splitlines() for word in each.split("\t")[2:]]
    heard = " ".join(words).split()
    assert process.returncode == 130
    assert 10 <= len(heard) < 100
    assert heard == words_up_to(len(heard))
    assert err.decode().startswith("stopped after ")
    assert float(err.split()[2]) == pytest.approx(len(heard) / 10, abs=0.2)


async def test_the_second_interrupt_does_not_wait(tmp_path: Path):
    async with transcribing(write_recording(tmp_path / "a.wav", words=600)) as process:
        await first_line(process)
        process.send_signal(signal.SIGINT)
        process.send_signal(signal.SIGTERM)
        began = time.monotonic()
        _, err = await process.communicate()
    assert process.returncode == 130
    assert time.monotonic() - began < 10
    assert b"Traceback" not in err


async def test_a_reader_that_goes_away_ends_the_command_quietly(tmp_path: Path):
    """As in ``transcribe FILE | head -1``."""
    reading, writing = os.pipe()
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        *["-m", "pipecat_sagemaker_deepgram", "transcribe"],
        *[str(write_recording(tmp_path / "a.wav", words=600)), "--endpoint", ENDPOINT_NAME],
        *["--speed", "1"],
        stdout=writing,
        stderr=asyncio.subprocess.PIPE,
    )
    os.close(writing)
    with os.fdopen(reading, "rb") as out:
        assert (await asyncio.to_thread(out.readline)).startswith(b"0.00\t")
    async with asyncio.timeout(10):
        _, err = await process.communicate()
    assert process.returncode == 1
    assert err == b""
