#!/bin/sh
# `MinWordsUserTurnStartStrategy` counts each transcript on its own and discards those that are
# too short.
#
# Seen: 2026-11-28
# Guess: words add up until there are enough to interrupt the bot.
#
# With final transcripts of one word the user never gets through, and what was said is not in the
# context either. Words are what stands between spaces: a whole Chinese sentence is one.
. "$(dirname "$0")/lib.sh"
packages pipecat-ai==1.14.0
python_program <<'EOF'
import asyncio

from pipecat.frames.frames import BotStartedSpeakingFrame, TranscriptionFrame
from pipecat.turns.user_start.min_words_user_turn_start_strategy import (
    MinWordsUserTurnStartStrategy,
)


async def said(*transcripts):
    strategy = MinWordsUserTurnStartStrategy(min_words=3)
    events = []
    for event in ("on_user_turn_started", "on_reset_aggregation"):

        async def note(*_, event=event):
            events.append(event)

        strategy.add_event_handler(event, note)
    await strategy.process_frame(BotStartedSpeakingFrame())
    for text in transcripts:
        await strategy.process_frame(TranscriptionFrame(text, "", ""))
        await asyncio.sleep(0.2)  # handlers run in tasks
    print(" | ".join(transcripts), "->", ", ".join(events))


async def main():
    await said("stop talking now")
    await said("stop", "talking", "now")
    await said("请你现在马上停止说话好吗")


asyncio.run(main())
EOF
expect <<'EOF'
stop talking now -> on_user_turn_started
stop | talking | now -> on_reset_aggregation, on_reset_aggregation, on_reset_aggregation
请你现在马上停止说话好吗 -> on_reset_aggregation
EOF
