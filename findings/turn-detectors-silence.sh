#!/bin/sh
# Pipecat's smart-turn takes silence and noise for a finished turn, LiveKit's detector for an
# unfinished one.
#
# Seen: 2026-11-28
# Guess: without speech there is no turn to finish; a longer pause only makes the end more likely.
#
# Behind the first second of a recording smart-turn's answer even goes back and forth as the pause
# grows. Neither model says whether anybody spoke: a VAD has to guard both.
. "$(dirname "$0")/lib.sh"
packages pipecat-ai==1.14.0 livekit-local-inference==0.2.7
packages soundfile==0.13.1
packages --no-deps moonshine-voice==0.0.73 # for the recording in it
python_program <<'EOF'
from importlib.util import find_spec
from pathlib import Path

import numpy as np
import soundfile
from livekit.local_inference import EOT
from pipecat.audio.turn.smart_turn.local_smart_turn_v3 import LocalSmartTurnAnalyzerV3

RATE = 16000
pipecat = LocalSmartTurnAnalyzerV3(cpu_count=1)
pipecat.set_sample_rate(RATE)
livekit = EOT()


def verdict(probability):
    return "finished" if probability > 0.5 else "unfinished"


def smart_turn(audio):
    return verdict(pipecat._predict_endpoint(audio.astype(np.float32))["probability"])


def end_of_turn(audio):
    return verdict(livekit.predict((audio[-19200:] * 32767).astype(np.int16)))


for name, audio in {
    "silence": np.zeros(2 * RATE),
    "noise": np.random.default_rng(0).standard_normal(2 * RATE) * 0.06,
}.items():
    print(f"{name}: smart-turn {smart_turn(audio)}, LiveKit {end_of_turn(audio)}")

assets = Path(find_spec("moonshine_voice").origin).parent / "assets"
speech, rate = soundfile.read(assets / "beckett.wav", dtype="float32")
for pause in (0.2, 1, 2, 3):
    audio = np.concatenate([speech[:rate], np.zeros(int(pause * rate))])
    print(f"a second of speech and a pause of {pause} s: smart-turn {smart_turn(audio)}")
EOF
expect <<'EOF'
silence: smart-turn finished, LiveKit unfinished
noise: smart-turn finished, LiveKit unfinished
a second of speech and a pause of 0.2 s: smart-turn unfinished
a second of speech and a pause of 1 s: smart-turn finished
a second of speech and a pause of 2 s: smart-turn unfinished
a second of speech and a pause of 3 s: smart-turn finished
EOF
