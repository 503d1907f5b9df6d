# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
"""From nothing to an open stream: a process that opens one and ends.

Usage: python -m benchmarks.load.start SPEC ACCESS, both JSON.
"""

import asyncio
import importlib
import json
import os
import sys
import time

from benchmarks.access import Access


async def main() -> None:
    """Open one stream and print when it was open, on the system's monotonic clock."""
    spec, access = json.loads(sys.argv[1]), Access(**json.loads(sys.argv[2]))
    driver = importlib.import_module(f"benchmarks.drivers.{spec['driver']}")
    stream = driver.make(access, spec["options"])
    await stream.open()
    print(json.dumps({"up_at": time.monotonic()}), flush=True)
    # Closing is not measured, and some libraries are slow to close.
    os._exit(0)


if __name__ == "__main__":
    asyncio.run(main())
