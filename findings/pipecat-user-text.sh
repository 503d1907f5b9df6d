#!/bin/sh
# The user aggregator joins final transcripts with a space whatever the language, and those of two
# speakers into one sentence.
#
# Seen: 2026-11-28
# Guess: texts without spaces are joined without, and another `user_id` begins another message.
#
# The space stands in every Chinese, Japanese or Thai message that came in more than one final. The
# `user_id` of a transcript is not in the context at all.
. "$(dirname "$0")/lib.sh"
packages pipecat-ai==1.14.0
python_program <<'EOF'
import asyncio

from loguru import logger
from pipecat.frames.frames import (
    TranscriptionFrame,
    VADUserStartedSpeakingFrame,
    VADUserStoppedSpeakingFrame,
)
from pipecat.processors.aggregators.llm_context import LLMContext
from pipecat.processors.aggregators.llm_response_universal import LLMContextAggregatorPair
from pipecat.tests.utils import SleepFrame, run_test
from pipecat.transcriptions.language import Language

logger.remove()


async def said(*transcripts):
    context = LLMContext()
    frames = [
        TranscriptionFrame(text, user, "", language, finalized=number == len(transcripts))
        for number, (user, text, language) in enumerate(transcripts, 1)
    ]
    await run_test(
        LLMContextAggregatorPair(context).user(),
        start_timeout=30,
        frames_to_send=[
            VADUserStartedSpeakingFrame(),
            *frames,
            VADUserStoppedSpeakingFrame(),
            SleepFrame(2),
        ],
    )
    print(context.messages)


async def main():
    await said(("one", "请你", Language.ZH), ("one", "停下", Language.ZH))
    await said(("one", "yes", Language.EN), ("two", "no", Language.EN))


asyncio.run(main())
EOF
expect <<'EOF'
[{'role': 'user', 'content': '请你 停下'}]
[{'role': 'user', 'content': 'yes no'}]
EOF
