#!/bin/sh
# For the first 760 ms of a stream, and again after each `reset()`, the answer is -1.
#
# Seen: 2026-11-28
# Guess: a probability for each 10 ms, from the first on.
#
# A `probability > threshold` on its result misses whoever speaks at once, and resetting between two
# turns makes it deaf for the start of the next.
. "$(dirname "$0")/lib.sh"
packages pymicro-vad==2.1.0
python_program <<'EOF'
import random

from pymicro_vad import MicroVad

noise = random.Random(0)
audio = [noise.randbytes(320) for _ in range(200)]
detector = MicroVad()


def unknown():
    answers = [detector.process_10ms(chunk) for chunk in audio]
    first = next(number for number, answer in enumerate(answers) if answer >= 0)
    then = "probabilities only" if min(answers[first:]) >= 0 else "both"
    return f"-1 for {first * 10} ms, then {then}"


print("fresh:", unknown())
print("going on:", unknown() if detector.process_10ms(audio[0]) < 0 else "probabilities only")
detector.reset()
print("after reset():", unknown())
EOF
expect <<'EOF'
fresh: -1 for 760 ms, then probabilities only
going on: probabilities only
after reset(): -1 for 760 ms, then probabilities only
EOF
