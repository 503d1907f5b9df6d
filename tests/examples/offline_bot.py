# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
"""The offline bot as a process of its own, and a microphone whose sound is a file."""

import asyncio
import os
import re
import sys
import wave
from asyncio.subprocess import Process
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parent.parent.parent
RATE = 16_000

_START_TIMEOUT = 120.0
_STOP_TIMEOUT = 30.0


class Microphone:
    """The file that a browser takes its microphone's sound from.

    Args:
        path: Where the file is.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self.load(b"")

    def load(self, speech: bytes, *, lead: float = 0.5) -> None:
        """What is heard from the next time that a page opens the microphone; then silence."""
        partial = self.path.with_suffix(".partial")
        with wave.open(str(partial), "wb") as sound:
            sound.setnchannels(1)
            sound.setsampwidth(2)
            sound.setframerate(RATE)
            sound.writeframes(bytes(2 * round(lead * RATE)) + speech + bytes(2 * RATE))
        partial.replace(self.path)


@dataclass(frozen=True)
class OfflineBot:
    """The process of the bot.

    Args:
        address: Where its page is.
        process: The process.
    """

    address: str
    process: Process

    @property
    def port(self) -> str:
        """The port of its page."""
        return self.address.rpartition(":")[2]

    async def kill(self) -> None:
        """End it as a crash would."""
        self.process.kill()
        await self.process.wait()


@asynccontextmanager
async def running_offline_bot(*arguments: str, port: str = "0") -> AsyncIterator[OfflineBot]:
    """Run ``python -m examples.offline``; it has to end well unless it is killed."""
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "examples.offline", "--port", port, *arguments),
        cwd=ROOT,
        env=os.environ | {"PYTHONUNBUFFERED": "1"},
        stdout=asyncio.subprocess.PIPE,
    )
    try:
        yield OfflineBot(await _read_address(process), process)
        if process.returncode is None:
            process.terminate()
            assert await asyncio.wait_for(process.wait(), _STOP_TIMEOUT) == 0
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()


async def _read_address(process: Process) -> str:
    assert process.stdout is not None
    line = await asyncio.wait_for(process.stdout.readline(), _START_TIMEOUT)
    address = re.search(r"http://\S+", line.decode())
    assert address is not None, f"the bot did not start: {line!r}"
    return address[0]
