# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
"""Transcribe a recording: Deepgram Nova on Amazon SageMaker, with Deepgram's own SDK.

    pip install '.[deepgram,cli]'                    # in the folder of the checkout
    python examples/stt.py speech.wav --endpoint my-nova --region us-east-1

The same on this machine, without an AWS account (pip install '.[deepgram,local]'):

    python examples/stt.py --local                   # a recording that is included, or your own
"""

import argparse
import asyncio
import os
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from deepgram.core.events import EventType
from loguru import logger

from deepgram import AsyncDeepgramClient
from pipecat_sagemaker_deepgram.deepgram_sdk import SageMakerTransportFactory
from pipecat_sagemaker_deepgram.recordings import SoundFile, short_sayings

RATE = 16_000
CHUNK_SECONDS = 0.02


async def transcribe(
    factory: SageMakerTransportFactory, audio: bytes, *, speed: float = 1.0
) -> list[str]:
    """Send mono linear16 at 16 kHz, and return its transcript."""
    said: list[str] = []
    failures: list[Exception] = []

    def on_message(message) -> None:
        if message.type != "Results":
            return
        text = message.channel.alternatives[0].transcript
        if message.is_final and text:
            said.append(text)
            print(f"{message.start:7.2f} s  {text}", flush=True)

    deepgram = AsyncDeepgramClient(api_key="unused", transport_factory=factory)
    async with deepgram.listen.v1.connect(
        model="nova-3", encoding="linear16", sample_rate=str(RATE), smart_format="true"
    ) as connection:
        connection.on(EventType.MESSAGE, on_message)
        connection.on(EventType.ERROR, failures.append)
        listening = asyncio.create_task(connection.start_listening())
        for chunk in chunks(audio):
            await connection.send_media(chunk)
            await asyncio.sleep(CHUNK_SECONDS / speed)
        await connection.send_close_stream()
        await listening
    if failures:
        raise failures[0]
    return said


def chunks(audio: bytes) -> list[bytes]:
    size = 2 * round(RATE * CHUNK_SECONDS)
    return [audio[start : start + size] for start in range(0, len(audio), size)]


@asynccontextmanager
async def endpoint(arguments: argparse.Namespace) -> AsyncIterator[SageMakerTransportFactory]:
    """Provide the endpoint that is named, or one on this machine."""
    if not arguments.local:
        yield SageMakerTransportFactory(arguments.endpoint, arguments.region)
        return
    from pipecat_sagemaker_deepgram.cli.local_endpoint import run_local_endpoint

    async with run_local_endpoint(endpoint_name="local") as emulator:
        os.environ |= emulator.environment()
        yield SageMakerTransportFactory("local", emulator.region)


async def run(arguments: argparse.Namespace) -> list[str]:
    recording = SoundFile(arguments.file, "") if arguments.file else short_sayings()
    async with endpoint(arguments) as factory:
        return await transcribe(factory, recording.linear16(RATE), speed=arguments.speed)


def main() -> int:
    """Run from the command line."""
    parser = argparse.ArgumentParser(description="Transcribe a recording with Deepgram Nova.")
    parser.add_argument("file", nargs="?", type=Path, help="WAV, FLAC, MP3 or Ogg")
    where = parser.add_mutually_exclusive_group(required=True)
    where.add_argument("--endpoint", metavar="NAME")
    where.add_argument("--local", action="store_true", help="an endpoint on this machine")
    parser.add_argument("--region", help="(default: environment or profile)")
    parser.add_argument("--speed", type=float, default=1.0, help="times real time (default: 1)")
    arguments = parser.parse_args()
    logger.remove()  # what goes wrong is said below
    try:
        return 0 if asyncio.run(run(arguments)) else 1
    except Exception as error:
        print(f"error: {error}", file=sys.stderr)
        return 1


if __name__ == "__main__":
    sys.exit(main())
