#!/bin/sh
# Each `SileroVADAnalyzer` loads the model again: about 10 MB and a thread for every call.
#
# Seen: 2026-11-28
# Guess: the model is shared, and an analyzer costs its recurrent state, a few kilobytes.
#
# A hundred calls in one process are a gigabyte for voice activity alone.
. "$(dirname "$0")/lib.sh"
packages pipecat-ai==1.14.0
packages psutil==7.2.2 # to measure with
python_program <<'EOF'
import asyncio
import gc

import psutil
from loguru import logger
from pipecat.audio.vad.silero import SileroVADAnalyzer

logger.remove()
process = psutil.Process()


async def analyzers(count):
    made = [SileroVADAnalyzer() for _ in range(count)]
    for analyzer in made:
        analyzer.set_sample_rate(16000)
        for _ in range(10):
            await analyzer.analyze_audio(bytes(1024))
    gc.collect()
    return made


async def main():
    warm = await analyzers(2)
    memory, threads = process.memory_info().rss, process.num_threads()
    more = await analyzers(20)
    each = (process.memory_info().rss - memory) / 20 / 1e6
    print("MB for each more analyzer, between 7 and 16:", 7 < each < 16)
    print("threads for each more analyzer:", (process.num_threads() - threads) / 20)
    for analyzer in warm + more:
        await analyzer.cleanup()


asyncio.run(main())
EOF
expect <<'EOF'
MB for each more analyzer, between 7 and 16: True
threads for each more analyzer: 1.0
EOF
