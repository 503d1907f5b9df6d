# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
"""The audio of a microphone."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from pipecat_sagemaker_deepgram.cli.audio_format import SAMPLE_RATE
from pipecat_sagemaker_deepgram.cli.exceptions import CommandError

_BLOCK_SAMPLES = SAMPLE_RATE // 50


@asynccontextmanager
async def open_microphone(device: int | str | None) -> AsyncIterator[AsyncIterator[bytes]]:
    """Record a microphone while the context is open.

    Args:
        device: Its number, or a part of its name; ``None`` for the system's default.

    Yields:
        Its audio, without end: mono linear16 at 16 kHz, in blocks of 20 ms.

    Raises:
        CommandError: There is no such microphone, or it cannot be used.
        ImportError: The extra ``mic`` is not installed.
    """
    sounddevice = import_sounddevice()
    blocks: asyncio.Queue[bytes] = asyncio.Queue()
    loop = asyncio.get_running_loop()

    def take(data: Any, frames: int, time: Any, status: Any) -> None:
        loop.call_soon_threadsafe(blocks.put_nowait, bytes(data))

    try:
        stream = sounddevice.RawInputStream(
            samplerate=SAMPLE_RATE,
            blocksize=_BLOCK_SAMPLES,
            device=device,
            channels=1,
            dtype="int16",
            callback=take,
        )
        stream.start()
    except (sounddevice.PortAudioError, ValueError) as error:
        name = "The microphone" if device is None else f"The microphone {device!r}"
        raise CommandError(
            f"{name} cannot be used: {error}",
            advice="Run `python -m sounddevice` to list the microphones, and choose one with "
            "--device.",
        ) from error
    try:
        yield _drain(blocks)
    finally:
        stream.close()


def import_sounddevice() -> Any:
    """Import the package sounddevice.

    Raises:
        CommandError: PortAudio is not installed.
        ImportError: It is not installed.
    """
    try:
        import sounddevice
    except OSError as error:
        raise CommandError(
            f"No microphone can be used: {error}",
            advice="Install PortAudio; on Debian: apt-get install libportaudio2.",
        ) from error
    return sounddevice


async def _drain(blocks: asyncio.Queue[bytes]) -> AsyncIterator[bytes]:
    while True:
        yield await blocks.get()
