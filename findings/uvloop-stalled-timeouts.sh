#!/bin/sh
# A result that is ready in time becomes a `TimeoutError` on uvloop when the loop is held up past
# the deadline; asyncio returns it.
#
# Seen: 2026-11-28
# Guess: `wait_for` returns what was ready before the deadline, on both.
#
# uvloop runs timers that are due before callbacks that are ready, asyncio runs them behind. One
# slow call of a model in the loop turns answers that came into time-outs, and only on uvloop.
. "$(dirname "$0")/lib.sh"
packages uvloop==0.23.0
python_program <<'EOF'
import asyncio
import time

import uvloop

DEADLINE, EARLY, STALL = 0.5, 0.1, 1


async def main(loop):
    queue = asyncio.Queue()
    waiting = asyncio.create_task(asyncio.wait_for(queue.get(), DEADLINE))
    await asyncio.sleep(EARLY)
    queue.put_nowait("answer")
    time.sleep(STALL)
    try:
        outcome = await waiting
    except TimeoutError:
        outcome = "TimeoutError"
    print(f"{loop}: {outcome}, left in the queue: {queue.qsize()}")


asyncio.run(main("asyncio"))
uvloop.run(main("uvloop"))
EOF
expect <<'EOF'
asyncio: answer, left in the queue: 0
uvloop: TimeoutError, left in the queue: 1
EOF
