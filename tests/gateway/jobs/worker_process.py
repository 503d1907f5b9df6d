# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
"""A worker in a process of its own, which tests kill: ``python -m`` with a database's URL.

It answers every job with its own process id after a moment, and reports each end on stdout.
"""

import asyncio
import os
import sys

from pipecat_sagemaker_deepgram.gateway.jobs.options import JobOptions
from pipecat_sagemaker_deepgram.gateway.jobs.records import ClaimedJob
from pipecat_sagemaker_deepgram.gateway.jobs.service import JobService


async def answer(job: ClaimedJob, audio: bytes) -> bytes:
    await asyncio.sleep(0.02)
    return f'{{"pid": {os.getpid()}, "attempt": {job.attempt}}}'.encode()


async def main(url: str) -> None:
    options = JobOptions(database=url, concurrency=8, lease=2.0, poll=0.2)
    async with JobService(options, answer):
        print("ready", flush=True)
        await asyncio.Event().wait()


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1]))
