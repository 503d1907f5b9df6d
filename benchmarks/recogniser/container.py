# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
"""The container that is measured; prints its address, and ends with its standard input."""

import asyncio
import json
import resource
import sys

from pipecat_sagemaker_deepgram.container import ModelContainer, MoonshineRecognizer


async def main() -> None:
    async with ModelContainer(MoonshineRecognizer()) as container:
        await container.wait_until_ready(60)
        print(json.dumps({"url": container.url}), flush=True)
        await asyncio.to_thread(sys.stdin.readline)
        usage = resource.getrusage(resource.RUSAGE_SELF)
        print(json.dumps({"cpu": usage.ru_utime + usage.ru_stime}), flush=True)
        await asyncio.to_thread(sys.stdin.readline)
        usage = resource.getrusage(resource.RUSAGE_SELF)
        print(
            json.dumps(
                {"cpu": usage.ru_utime + usage.ru_stime, "memory_mb": usage.ru_maxrss / 1024}
            ),
            flush=True,
        )


asyncio.run(main())
