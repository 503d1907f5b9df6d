#!/bin/sh
# When only interims came for the opening turn, the LLM is told that its response was cut off,
# though the bot has said nothing; the interim's words are lost.
#
# Seen: 2026-11-28
# Guess: the last interim is taken for what was said, or nothing happens.
#
# The same for a cough that a VAD takes for speech. `EmptyUserTurnConfig(interrupted_prompt=None)`
# leaves such a turn unanswered. (The time until the turn ends is shortened here.)
. "$(dirname "$0")/lib.sh"
packages pipecat-ai==1.14.0
python_program <<'EOF'
import asyncio

from loguru import logger
from pipecat.frames.frames import (
    InterimTranscriptionFrame,
    LLMContextFrame,
    VADUserStartedSpeakingFrame,
    VADUserStoppedSpeakingFrame,
)
from pipecat.processors.aggregators.llm_context import LLMContext
from pipecat.processors.aggregators.llm_response_universal import (
    LLMContextAggregatorPair,
    LLMUserAggregatorParams,
)
from pipecat.tests.utils import SleepFrame, run_test

logger.remove()


async def main():
    context = LLMContext()
    pair = LLMContextAggregatorPair(
        context, user_params=LLMUserAggregatorParams(user_turn_stop_timeout=0.5)
    )
    down, _ = await run_test(
        pair.user(),
        start_timeout=30,
        frames_to_send=[
            VADUserStartedSpeakingFrame(),
            InterimTranscriptionFrame("I need help", "", ""),
            SleepFrame(0.1),
            VADUserStoppedSpeakingFrame(),
            SleepFrame(3),
        ],
    )
    print("the LLM runs:", any(isinstance(frame, LLMContextFrame) for frame in down))
    for message in context.messages:
        is_about = "cut off" in message["content"]
        print(f"a {message['role']} message about a cut off response: {is_about}")
    print("the interim is in the context:", "I need help" in str(context.messages))


asyncio.run(main())
EOF
expect <<'EOF'
the LLM runs: True
a developer message about a cut off response: True
the interim is in the context: False
EOF
