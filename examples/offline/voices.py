# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
"""Voices that need no cloud: the program flite if it is installed, otherwise a hum."""

import asyncio
import shutil
import subprocess
import wave
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Protocol

import numpy as np

SAMPLE_RATE = 16_000
_TIMEOUT = 30.0
_SECONDS_PER_CHARACTER = 0.06
_SECONDS_PER_SYLLABLE = 0.18
_PITCH = 130.0
_LOUDNESS = 0.15


class Voice(Protocol):
    """Turns text into audio."""

    @property
    def name(self) -> str:
        """The name of the voice."""
        ...

    async def speak(self, text: str) -> bytes:
        """Say a text.

        Args:
            text: The text.

        Returns:
            Mono linear16 at ``SAMPLE_RATE``.
        """
        ...


class FliteVoice:
    """The program flite, a small speech synthesiser of Debian's.

    Args:
        program: Path of the program.
    """

    name = "flite rms"

    def __init__(self, program: str) -> None:
        self._program = program

    async def speak(self, text: str) -> bytes:
        """Say a text.

        Args:
            text: The text.

        Returns:
            Mono linear16 at ``SAMPLE_RATE``.

        Raises:
            subprocess.SubprocessError: The program failed, or takes too long.
        """
        return await asyncio.to_thread(self._synthesize, text)

    def _synthesize(self, text: str) -> bytes:
        with TemporaryDirectory() as folder:
            path = Path(folder) / "speech.wav"
            command = [self._program, "-voice", "rms", "-t", text, "-o", str(path)]
            subprocess.run(command, check=True, timeout=_TIMEOUT)
            with wave.open(str(path)) as sound:
                return sound.readframes(sound.getnframes())


class HummingVoice:
    """Hums for as long as the words would take, so that it can be interrupted like a voice."""

    name = "a hum"

    async def speak(self, text: str) -> bytes:
        """Hum for a text.

        Args:
            text: The text.

        Returns:
            Mono linear16 at ``SAMPLE_RATE``.
        """
        times = np.arange(round(len(text) * _SECONDS_PER_CHARACTER * SAMPLE_RATE)) / SAMPLE_RATE
        syllables = np.sin(np.pi * times / _SECONDS_PER_SYLLABLE) ** 2
        hum = np.sin(2 * np.pi * _PITCH * times) * syllables * _LOUDNESS
        return (hum * 32767).astype("<i2").tobytes()


def find_voice() -> Voice:
    """The best voice available."""
    program = shutil.which("flite")
    return FliteVoice(program) if program is not None else HummingVoice()
