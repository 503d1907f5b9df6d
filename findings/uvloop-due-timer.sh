#!/bin/sh
# On uvloop `call_at()` and `call_later()` return a handle without `when()` where the call is due within half a millisecond.
#
# Seen: 2026-11-29
# Guess: they return a `TimerHandle`, as on asyncio's own loop and as uvloop's own types say.
#
# Code that keeps a timer and asks it whether an earlier one is needed works for hours, then fails
# in the moment in which something was due at once. Keep the time beside the handle.
. "$(dirname "$0")/lib.sh"
packages uvloop==0.23.0
python_program <<'EOF'
import asyncio

import uvloop


async def look():
    loop = asyncio.get_running_loop()
    for seconds in (0.01, 0.0004, 0.0, -1.0):
        handle = loop.call_at(loop.time() + seconds, lambda: None)
        print(f"  in {seconds * 1000:g} ms: {type(handle).__name__}, when(): {hasattr(handle, 'when')}")


for name, factory in (("asyncio", asyncio.new_event_loop), ("uvloop", uvloop.new_event_loop)):
    print(name)
    with asyncio.Runner(loop_factory=factory) as runner:
        runner.run(look())
EOF
expect <<'EOF'
asyncio
  in 10 ms: TimerHandle, when(): True
  in 0.4 ms: TimerHandle, when(): True
  in 0 ms: TimerHandle, when(): True
  in -1000 ms: TimerHandle, when(): True
uvloop
  in 10 ms: TimerHandle, when(): True
  in 0.4 ms: Handle, when(): False
  in 0 ms: Handle, when(): False
  in -1000 ms: Handle, when(): False
EOF
