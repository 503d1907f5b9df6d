# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
"""Run one client in this process; print the result as JSON."""

import asyncio
import json
import os
import sys
from dataclasses import asdict

from benchmarks.access import Access
from benchmarks.load.run import run
from benchmarks.load.spec import LoadSpec


async def _main() -> None:
    spec, access = (json.loads(argument) for argument in sys.argv[1:3])
    result = await run(LoadSpec(**spec), Access(**access))
    print(json.dumps(asdict(result)), flush=True)
    # A library that cannot be closed must not keep the process alive.
    os._exit(0)


if __name__ == "__main__":
    asyncio.run(_main())
