#!/bin/sh
# `TurnTrackingObserver` counts the last turn as interrupted when the call ends within 2.5 s of
# the bot's last word.
#
# Seen: 2026-11-28
# Guess: a turn whose answer was spoken to its end is a completed one.
#
# So does the only turn of a call in which nobody spoke. A rate of interruptions made of these events
# counts one for nearly every call that ends with a goodbye. (The wait is shortened here to 1 s.)
. "$(dirname "$0")/lib.sh"
packages pipecat-ai==1.14.0
python_program <<'EOF'
import asyncio

from loguru import logger
from pipecat.frames.frames import (
    BotStartedSpeakingFrame,
    BotStoppedSpeakingFrame,
    UserStartedSpeakingFrame,
    UserStoppedSpeakingFrame,
)
from pipecat.observers.turn_tracking_observer import TurnTrackingObserver
from pipecat.processors.filters.identity_filter import IdentityFilter
from pipecat.tests.utils import SleepFrame, run_test

logger.remove()


async def call(label, *frames):
    observer = TurnTrackingObserver(turn_end_timeout_secs=1)

    @observer.event_handler("on_turn_ended")
    async def ended(_, number, duration, interrupted):
        status = "interrupted" if interrupted else "completed"
        print(f"{label}: turn {number} {status}")

    await run_test(IdentityFilter(), frames_to_send=frames, observers=[observer], start_timeout=30)


async def main():
    turn = (
        UserStartedSpeakingFrame(),
        UserStoppedSpeakingFrame(),
        SleepFrame(0.1),
        BotStartedSpeakingFrame(),
        SleepFrame(0.1),
        BotStoppedSpeakingFrame(),
    )
    await call("the call ends 0.1 s after the bot", *turn, SleepFrame(0.1))
    await call("the call ends 3 s after the bot", *turn, SleepFrame(3))
    await call("nobody speaks", SleepFrame(0.1))


asyncio.run(main())
EOF
expect <<'EOF'
the call ends 0.1 s after the bot: turn 1 interrupted
the call ends 3 s after the bot: turn 1 completed
nobody speaks: turn 1 interrupted
EOF
