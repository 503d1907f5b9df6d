#!/bin/sh
# The standard retry of AWS's new SDK waits at most 5 s beyond its own back-off, whatever
# `Retry-After` says.
#
# Seen: 2026-11-28
# Guess: a server that asks for 30 s gets 30 s.
#
# Three attempts against an endpoint that asks for half a minute are over in about ten seconds.
. "$(dirname "$0")/lib.sh"
packages smithy-core==0.9.0
python_program <<'EOF'
import asyncio

from smithy_core.aio.retries import StandardRetryStrategy
from smithy_core.exceptions import CallError, RetryError


async def waits(retry_after):
    strategy = StandardRetryStrategy(max_attempts=3)
    error = CallError("busy", is_retry_safe=True, is_throttling_error=True, retry_after=retry_after)
    token = await strategy.acquire_initial_retry_token()
    delays = []
    try:
        while True:
            token = await strategy.refresh_retry_token_for_retry(token_to_renew=token, error=error)
            delays.append(token.retry_delay)
    except RetryError:
        return delays


async def main():
    for retry_after in (3, 30, 300):
        delays = await waits(retry_after)
        asked = "as asked" if all(retry_after <= delay for delay in delays) else "less than asked"
        bound = "within" if sum(delays) <= 2 * 5 + 1 + 2 + 4 else "over"
        print(f"Retry-After {retry_after}: {len(delays)} waits, {asked}, {bound} 17 s in all")


asyncio.run(main())
EOF
expect <<'EOF'
Retry-After 3: 2 waits, as asked, within 17 s in all
Retry-After 30: 2 waits, less than asked, within 17 s in all
Retry-After 300: 2 waits, less than asked, within 17 s in all
EOF
