#!/bin/sh
# With 30 ms frames the strictest mode calls a dial tone, a pressed key and steady noise speech
# without end.
#
# Seen: 2026-11-28
# Guess: mode 3 rejects what is no voice, or at least gets used to it within seconds.
#
# A minute of each. With 10 ms frames the same detector says other things about the same signals.
. "$(dirname "$0")/lib.sh"
packages webrtcvad-wheels==2.0.14.post1
packages numpy==2.5.5 # for the tones
python_program <<'EOF'
import numpy as np
import webrtcvad

RATE = 16000
time = np.arange(60 * RATE) / RATE


def tones(*frequencies):
    return sum(3000 * np.sin(2 * np.pi * frequency * time) for frequency in frequencies)


SIGNALS = {
    "silence": 0 * time,
    "dial tone (350 and 440 Hz)": tones(350, 440),
    "key 5 (770 and 1336 Hz)": tones(770, 1336),
    "white noise": np.random.default_rng(0).standard_normal(len(time)) * 2000,
}
for name, signal in SIGNALS.items():
    for milliseconds in (10, 30):
        size = RATE * milliseconds // 1000
        frames = signal.astype(np.int16).reshape(-1, size)
        detector = webrtcvad.Vad(3)
        speech = sum(detector.is_speech(frame.tobytes(), RATE) for frame in frames)
        print(f"{name}, {milliseconds} ms frames: {round(100 * speech / len(frames))} % speech")
EOF
expect <<'EOF'
silence, 10 ms frames: 0 % speech
silence, 30 ms frames: 0 % speech
dial tone (350 and 440 Hz), 10 ms frames: 0 % speech
dial tone (350 and 440 Hz), 30 ms frames: 100 % speech
key 5 (770 and 1336 Hz), 10 ms frames: 100 % speech
key 5 (770 and 1336 Hz), 30 ms frames: 100 % speech
white noise, 10 ms frames: 17 % speech
white noise, 30 ms frames: 100 % speech
EOF
