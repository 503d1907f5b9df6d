#!/bin/sh
# One lost audio packet costs the track five frames and delays everything after it by 200 ms for
# good.
#
# Seen: 2026-11-28
# Guess: the lost frame is concealed or missing, and the delay stays what it was.
#
# The jitter buffer lets a frame out once four more packets are there. Behind a gap it lets out
# nothing until its 16 places are full, throws away what lies before the gap, and from then on
# stays 14 packets behind: at 20 ms a packet, 280 ms instead of 80 for the rest of the call. Losses
# at random cost about five times their share of the audio.
. "$(dirname "$0")/lib.sh"
packages aiortc==1.16.0
python_program <<'EOF'
import random

from aiortc.jitterbuffer import JitterBuffer
from aiortc.rtp import RtpPacket


def received(packets, lost):
    """Which packet brings out which frame, in the buffer that a receiver makes for audio."""
    buffer = JitterBuffer(capacity=16, prefetch=4)
    frames = {}
    for number in range(packets):
        if number not in lost:
            packet = RtpPacket(sequence_number=number, timestamp=number * 960)  # 20 ms at 48 kHz
            packet._data = b"opus"
            _, frame = buffer.add(packet)
            if frame is not None:
                frames[frame.timestamp // 960] = number
    return frames


frames = received(200, lost={20})
print("packets behind before it:", {came - frame for frame, came in frames.items() if came < 20})
print("missing:", [number for number in range(max(frames)) if number not in frames])
print("the next frame comes with packet", min(came for came in frames.values() if came > 20))
print("packets behind after it:", {came - frame for frame, came in frames.items() if came > 20})

for percent in (1, 3, 10):
    dice = random.Random(0)
    lost = {number for number in range(30000) if dice.random() < percent / 100}
    missing = 1 - len(received(30000, lost)) / 30000
    print(f"{percent} % of the packets lost: {round(missing * 100)} % of the audio lost")
EOF
expect <<'EOF'
packets behind before it: {4}
missing: [16, 17, 18, 19, 20]
the next frame comes with packet 35
packets behind after it: {14}
1 % of the packets lost: 5 % of the audio lost
3 % of the packets lost: 15 % of the audio lost
10 % of the packets lost: 43 % of the audio lost
EOF
