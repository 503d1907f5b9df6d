# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
"""Run one client in this process; print the result as JSON."""

import asyncio
import json
import os
import sys
from collections.abc import Callable
from dataclasses import asdict

from benchmarks.access import Access
from benchmarks.load.run import run
from benchmarks.load.spec import LoadSpec


async def _measure(spec: LoadSpec, access: Access) -> None:
    result = await run(spec, access)
    print(json.dumps(asdict(result)), flush=True)
    # A library that cannot be closed must not keep the process alive.
    os._exit(0)


def _loop_factory(spec: LoadSpec) -> Callable[[], asyncio.AbstractEventLoop] | None:
    if not spec.uvloop:
        return None
    from uvloop import new_event_loop

    return new_event_loop


def main() -> None:
    """Run the client."""
    spec, access = (json.loads(argument) for argument in sys.argv[1:3])
    task = LoadSpec(**spec)
    with asyncio.Runner(loop_factory=_loop_factory(task)) as runner:
        runner.run(_measure(task, Access(**access)))


if __name__ == "__main__":
    main()
