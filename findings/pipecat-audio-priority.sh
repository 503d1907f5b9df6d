#!/bin/sh
# Where a processor takes longer for audio than the audio lasts, the user's words wait behind it until
# the microphone is silent: the turn ends without them.
#
# Seen: 2026-11-29
# Guess: frames are handled in the order in which they come, each a little late.
#
# Audio is a system frame and a transcription is not: a queue of audio that never empties lets no
# transcription through. After five seconds the turn is ended as empty, and the words count for the
# next one. A voice activity detector on a busy machine is enough.
. "$(dirname "$0")/lib.sh"
packages pipecat-ai==1.14.0
python_program <<'EOF'
import asyncio
import time

from loguru import logger
from pipecat.audio.vad.vad_analyzer import VADAnalyzer
from pipecat.frames.frames import (
    InputAudioRawFrame,
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
from pipecat.turns.user_turn_strategies import ExternalUserTurnStrategies

logger.remove()
LENGTH = 0.02  # seconds of audio in a frame
SPEECH = [
    UserStartedSpeakingFrame(),
    TranscriptionFrame("my number is five", "", "", finalized=True),
    UserStoppedSpeakingFrame(),
]


class Analyzer(VADAnalyzer):
    def __init__(self, cost):
        super().__init__()
        self.cost = cost

    def num_frames_required(self):
        return int(16000 * LENGTH)

    def voice_confidence(self, audio):
        time.sleep(self.cost)
        return 0.0


def microphone(seconds):
    for _ in range(int(seconds / LENGTH)):
        audio = bytes(int(32000 * LENGTH))
        yield InputAudioRawFrame(audio, sample_rate=16000, num_channels=1)
        yield SleepFrame(LENGTH)


async def call(label, cost):
    pair = LLMContextAggregatorPair(
        LLMContext(),
        user_params=LLMUserAggregatorParams(
            vad_analyzer=Analyzer(cost), user_turn_strategies=ExternalUserTurnStrategies()
        ),
    )
    turns = []

    @pair.user().event_handler("on_user_turn_stopped")
    async def note(_, strategy, message):
        turns.append(message.content)

    frames = [*microphone(1), *SPEECH, *microphone(7)]
    await run_test(pair.user(), frames_to_send=frames, start_timeout=30)
    print(f"{label}: {turns}")


async def main():
    await call("audio takes a quarter of its length", LENGTH / 4)
    await call("audio takes twice its length", LENGTH * 2)


asyncio.run(main())
EOF
expect <<'EOF'
audio takes a quarter of its length: ['my number is five']
audio takes twice its length: ['', 'my number is five']
EOF
