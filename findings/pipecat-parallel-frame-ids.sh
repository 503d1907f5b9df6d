#!/bin/sh
# `ParallelPipeline`, and so `ServiceSwitcher`, lets a frame out once in its life and remembers
# every frame for good.
#
# Seen: 2026-11-28
# Guess: what goes through two branches comes out twice, and a frame sent again passes again.
#
# A frame that the application keeps and pushes again never gets through a second time. The ids are
# never forgotten: 50 audio frames a second are 180 000 ids an hour for each call.
. "$(dirname "$0")/lib.sh"
packages pipecat-ai==1.14.0
python_program <<'EOF'
import asyncio

from pipecat.frames.frames import InputAudioRawFrame, TextFrame
from pipecat.pipeline.parallel_pipeline import ParallelPipeline
from pipecat.processors.filters.identity_filter import IdentityFilter
from pipecat.tests.utils import SleepFrame, run_test


def two_branches():
    return ParallelPipeline([IdentityFilter()], [IdentityFilter()])


async def main():
    prompt, other = TextFrame("prompt"), TextFrame("other")
    sent = [prompt, other, SleepFrame(0.5), prompt]
    down, _ = await run_test(two_branches(), frames_to_send=sent, start_timeout=30)
    print("sent prompt, other, prompt; out came", ", ".join(frame.text for frame in down))

    pipeline = two_branches()
    second = [InputAudioRawFrame(bytes(640), 16000, 1) for _ in range(50)]
    await run_test(pipeline, frames_to_send=second, start_timeout=30)
    print("ids kept after a second of audio, its start and its end:", len(pipeline._seen_ids))


asyncio.run(main())
EOF
expect <<'EOF'
sent prompt, other, prompt; out came prompt, other
ids kept after a second of audio, its start and its end: 52
EOF
