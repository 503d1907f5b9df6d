#!/bin/sh
# `user_idle_timeout` does not run until the bot has spoken.
#
# Seen: 2026-11-28
# Guess: it counts from the start of the call, and from the end of each turn of the user.
#
# It is armed when the bot stops speaking. The same holds after a turn of the user that the bot
# answers without sound.
. "$(dirname "$0")/lib.sh"
packages pipecat-ai==1.14.0
python_program <<'EOF'
import asyncio

from loguru import logger
from pipecat.frames.frames import (
    BotStartedSpeakingFrame,
    BotStoppedSpeakingFrame,
    TranscriptionFrame,
    UserStartedSpeakingFrame,
    UserStoppedSpeakingFrame,
)
from pipecat.processors.aggregators.llm_context import LLMContext
from pipecat.processors.aggregators.llm_response_universal import (
    LLMContextAggregatorPair,
    LLMUserAggregatorParams,
)
from pipecat.tests.utils import SleepFrame, run_test

logger.remove()


async def idle(label, *frames):
    pair = LLMContextAggregatorPair(
        LLMContext(), user_params=LLMUserAggregatorParams(user_idle_timeout=0.2)
    )
    times = []

    @pair.user().event_handler("on_user_turn_idle")
    async def note(_):
        times.append(1)

    await run_test(pair.user(), frames_to_send=[*frames, SleepFrame(1)], start_timeout=30)
    print(f"{label}: {'idle' if times else 'never idle'}")


async def main():
    await idle("nobody has spoken")
    await idle("the bot has spoken", BotStartedSpeakingFrame(), BotStoppedSpeakingFrame())
    await idle(
        "the user has spoken",
        UserStartedSpeakingFrame(),
        TranscriptionFrame("hello", "", "", finalized=True),
        SleepFrame(0.1),
        UserStoppedSpeakingFrame(),
    )


asyncio.run(main())
EOF
expect <<'EOF'
nobody has spoken: never idle
the bot has spoken: idle
the user has spoken: never idle
EOF
