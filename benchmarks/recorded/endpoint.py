# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
"""An endpoint that prints its address and runs until its standard input ends."""

import asyncio
import json
import sys

from loguru import logger

from pipecat_sagemaker_deepgram.cli.local_endpoint import run_local_endpoint
from pipecat_sagemaker_deepgram.container import ScriptedBehavior, ScriptedRecognizer

NAME = "benchmark"

BEHAVIOR = ScriptedBehavior(interim_interval=1.0, final_interval=5.0)
"""Interims once a second and a final every five seconds, about as Deepgram Nova gives them."""


async def main() -> None:
    logger.remove()
    recognizer = ScriptedRecognizer(BEHAVIOR)
    async with run_local_endpoint(endpoint_name=NAME, recognizer=recognizer) as emulator:
        print(json.dumps(emulator.environment()), flush=True)
        await asyncio.to_thread(sys.stdin.read)


asyncio.run(main())
