# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
"""Speak one sentence with Deepgram Aura and one with Flux TTS on Amazon SageMaker.

    pip install '.[deepgram,mic]'                    # in the folder of the checkout
    python examples/tts.py --endpoint my-voices --region us-east-1

The speech is written to a WAV file and played. An endpoint usually has voices of one kind, so
``--flux-endpoint`` names the one for Flux TTS. The same on
this machine, without an AWS account (pip install '.[deepgram,mic,local]'):

    python examples/tts.py --local
"""

import argparse
import asyncio
import os
import sys
import wave
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

from loguru import logger

from deepgram import AsyncDeepgramClient
from pipecat_sagemaker_deepgram.deepgram_sdk import SageMakerConfig, SageMakerTransportFactory

RATE = 24_000
AURA_SAYS = "This sentence is spoken by Deepgram Aura."
FLUX_SAYS = "And this one is spoken by Deepgram Flux."


async def speak_v1(deepgram: AsyncDeepgramClient, text: str) -> bytes:
    """Have Aura speak, and return mono linear16."""
    async with deepgram.speak.v1.connect(
        model="aura-2-thalia-en", encoding="linear16", sample_rate=str(RATE)
    ) as connection:
        from deepgram.speak.v1.types import SpeakV1Text

        await connection.send_text(SpeakV1Text(type="Speak", text=text))
        return await rest_of(connection)


async def speak_v2(deepgram: AsyncDeepgramClient, text: str) -> bytes:
    """Have Flux TTS speak, and return mono linear16; needs version 7 of Deepgram's SDK."""
    async with deepgram.speak.v2.connect(
        model="flux-heather-en", encoding="linear16", sample_rate=str(RATE)
    ) as connection:
        from deepgram.speak.v2.types import SpeakV2Speak

        await connection.send_speak(SpeakV2Speak(type="Speak", text=text))
        return await rest_of(connection)


async def rest_of(connection: Any) -> bytes:
    """The text that has not been spoken yet."""
    await connection.send_flush()
    await connection.send_close()
    return b"".join([message async for message in connection if isinstance(message, bytes)])


def write_wav(path: Path, audio: bytes) -> None:
    with wave.open(str(path), "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(RATE)
        file.writeframes(audio)


def play(audio: bytes) -> None:
    """Play mono linear16 if there is a speaker."""
    try:
        import sounddevice

        with sounddevice.RawOutputStream(samplerate=RATE, channels=1, dtype="int16") as speaker:
            speaker.write(audio)
    except (ImportError, OSError, sounddevice_error()) as error:
        print(f"not played: {error}", file=sys.stderr)


def sounddevice_error() -> type[Exception]:
    """The errors that sounddevice raises if it finds no speaker."""
    return getattr(sys.modules.get("sounddevice"), "PortAudioError", OSError)


@asynccontextmanager
async def endpoint(arguments: argparse.Namespace) -> AsyncIterator[SageMakerTransportFactory]:
    """Provide the endpoints that are named, or one on this machine."""
    if not arguments.local:
        flux = arguments.flux_endpoint or arguments.endpoint
        yield SageMakerTransportFactory(
            arguments.endpoint,
            arguments.region,
            endpoints={"v2/speak": SageMakerConfig(flux, arguments.region)},
        )
        return
    from pipecat_sagemaker_deepgram.cli.local_endpoint import run_local_endpoint

    async with run_local_endpoint(endpoint_name="local") as emulator:
        os.environ |= emulator.environment()
        yield SageMakerTransportFactory("local", emulator.region)


async def run(arguments: argparse.Namespace) -> bytes:
    async with endpoint(arguments) as factory:
        deepgram = AsyncDeepgramClient(api_key="unused", transport_factory=factory)
        aura = await speak_v1(deepgram, AURA_SAYS)
        flux = await speak_v2(deepgram, FLUX_SAYS)
    write_wav(arguments.output, aura + flux)
    seconds = len(aura + flux) / (2 * RATE)
    print(f"{arguments.output}: {seconds:.1f} s of speech", flush=True)
    return aura + flux


def main() -> int:
    """Run from the command line."""
    parser = argparse.ArgumentParser(description="Speak a sentence with each of two voices.")
    where = parser.add_mutually_exclusive_group(required=True)
    where.add_argument("--endpoint", metavar="NAME", help="one with Aura")
    where.add_argument("--local", action="store_true", help="an endpoint on this machine")
    parser.add_argument("--flux-endpoint", metavar="NAME", help="one with Flux TTS")
    parser.add_argument("--region", help="(default: environment or profile)")
    parser.add_argument("--output", type=Path, default=Path("speech.wav"), metavar="FILE")
    parser.add_argument("--mute", action="store_true", help="only write the file")
    arguments = parser.parse_args()
    logger.remove()  # what goes wrong is said below
    try:
        audio = asyncio.run(run(arguments))
    except Exception as error:
        print(f"error: {error}", file=sys.stderr)
        return 1
    if not arguments.mute:
        play(audio)
    return 0


if __name__ == "__main__":
    sys.exit(main())
