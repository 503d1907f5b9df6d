# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
"""Send words to an echo container on Amazon SageMaker, a few per second, and print what comes back.

    pip install .                                             # in the folder of the checkout
    python examples/echo.py --endpoint my-echo --region us-east-1

The same on this machine, without an AWS account (pip install '.[local]'), each in a terminal:

    pipecat-sagemaker-deepgram container echo --port 8080
    pipecat-sagemaker-deepgram emulate --container ws://127.0.0.1:8080 --endpoint my-echo
    python examples/echo.py --endpoint my-echo      # after the exports that emulate prints

docs/deploying.md describes how to deploy the container.
"""

import argparse
import asyncio
import sys

from loguru import logger

from pipecat_sagemaker_deepgram import SageMakerBidiClient, SageMakerDeepgramError

WORDS = ["one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten"]
LAST_WORD_TIMEOUT = 10.0
"""Seconds to wait for words that have not come back yet."""


async def talk(endpoint_name: str, region: str | None, *, seconds_between: float) -> list[str]:
    """Send the words, and return those that came back."""
    client = SageMakerBidiClient(endpoint_name=endpoint_name, region=region)
    heard: list[str] = []

    async def listen() -> None:
        while len(heard) < len(WORDS) and (word := await client.receive_response()) is not None:
            heard.append(word if isinstance(word, str) else word.decode())
            print(f"<- {heard[-1]}", flush=True)

    await client.start_session()
    listening = asyncio.create_task(listen())
    try:
        for word in WORDS:
            print(f"-> {word}", flush=True)
            await client.send_text(word)
            await asyncio.sleep(seconds_between)
        # The end of the input closes the container's WebSocket: what it has not sent is lost.
        await asyncio.wait({listening}, timeout=LAST_WORD_TIMEOUT)
    finally:
        await client.close_session()
        await listening
    return heard


def main() -> int:
    """Run from the command line."""
    parser = argparse.ArgumentParser(description="Talk to an echo container on SageMaker.")
    parser.add_argument("--endpoint", required=True, metavar="NAME")
    parser.add_argument("--region", help="(default: environment or profile)")
    parser.add_argument("--rate", type=float, default=3.0, help="words per second (default: 3)")
    arguments = parser.parse_args()
    logger.remove()  # what goes wrong is said below
    talking = talk(arguments.endpoint, arguments.region, seconds_between=1 / arguments.rate)
    try:
        heard = asyncio.run(talking)
    except SageMakerDeepgramError as error:
        print(f"error: {error}", file=sys.stderr)
        return 1
    print(f"{len(heard)} of {len(WORDS)} words came back")
    return 0 if heard == WORDS else 1


if __name__ == "__main__":
    sys.exit(main())
