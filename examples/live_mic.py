# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
"""Transcribe a microphone until Ctrl-C: Deepgram Nova on SageMaker, with Deepgram's own SDK.

    pip install '.[deepgram,mic]'                    # in the folder of the checkout
    python examples/live_mic.py --endpoint my-nova --region us-east-1

The same on this machine, without an AWS account (pip install '.[deepgram,mic,local]'):

    python examples/live_mic.py --local
"""

import argparse
import asyncio
import os
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from deepgram.core.events import EventType
from loguru import logger

from deepgram import AsyncDeepgramClient
from pipecat_sagemaker_deepgram.cli.microphone import open_microphone
from pipecat_sagemaker_deepgram.deepgram_sdk import SageMakerTransportFactory

RATE = 16_000


async def listen(factory: SageMakerTransportFactory, sound: AsyncIterator[bytes]) -> list[str]:
    """Send mono linear16 at 16 kHz as it arrives, and return the transcript when it ends."""
    said: list[str] = []
    failures: list[Exception] = []

    def on_message(message) -> None:
        if message.type != "Results" or not message.channel.alternatives[0].transcript:
            return
        text = message.channel.alternatives[0].transcript
        # Later results overwrite words that may still change.
        print(f"\r\033[K{text}", end="\n" if message.is_final else "", flush=True)
        if message.is_final:
            said.append(text)

    async def speak() -> None:
        async for block in sound:
            await connection.send_media(block)
        await connection.send_close_stream()

    deepgram = AsyncDeepgramClient(api_key="unused", transport_factory=factory)
    async with deepgram.listen.v1.connect(
        model="nova-3",
        encoding="linear16",
        sample_rate=str(RATE),
        interim_results="true",
        smart_format="true",
    ) as connection:
        connection.on(EventType.MESSAGE, on_message)
        connection.on(EventType.ERROR, failures.append)
        speaking = asyncio.create_task(speak())
        await connection.start_listening()
        speaking.cancel()
    if failures:
        raise failures[0]
    return said


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


async def run(arguments: argparse.Namespace) -> None:
    async with endpoint(arguments) as factory, open_microphone(arguments.device) as sound:
        print("speak; Ctrl-C ends it", file=sys.stderr, flush=True)
        await listen(factory, sound)


def main() -> int:
    """Run from the command line."""
    parser = argparse.ArgumentParser(description="Transcribe a microphone with Deepgram Nova.")
    where = parser.add_mutually_exclusive_group(required=True)
    where.add_argument("--endpoint", metavar="NAME")
    where.add_argument("--local", action="store_true", help="an endpoint on this machine")
    parser.add_argument("--region", help="(default: environment or profile)")
    parser.add_argument("--device", help="number or part of the name (default: the system's)")
    arguments = parser.parse_args()
    logger.remove()  # what goes wrong is said below
    try:
        asyncio.run(run(arguments))
    except KeyboardInterrupt:
        print()
    except Exception as error:
        print(f"error: {error}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
