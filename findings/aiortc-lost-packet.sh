#!/bin/sh
# One audio packet that never arrives costs the track five frames and makes it 200 ms later for
# good.
#
# Seen: 2026-11-28
# Guess: the lost frame is concealed or missing, and the delay stays what it was.
#
# The jitter buffer lets a frame out once four more packets are there. Behind a gap it lets out
# nothing until its 16 places are full, throws away what lies before the gap, and from then on
# stays 14 packets behind: at 20 ms a packet, 280 ms instead of 80 for the rest of the call.
. "$(dirname "$0")/lib.sh"
packages aiortc==1.16.0
python_program <<'EOF'
from aiortc.jitterbuffer import JitterBuffer
from aiortc.rtp import RtpPacket

LOST = 20


def packet(number):
    packet = RtpPacket(sequence_number=number, timestamp=number * 960)  # 20 ms at 48 kHz
    packet._data = b"opus"
    return packet


buffer = JitterBuffer(capacity=16, prefetch=4)  # as RTCRtpReceiver makes it for audio
frames = {}
for number in range(200):
    if number != LOST:
        _, frame = buffer.add(packet(number))
        if frame is not None:
            frames[frame.timestamp // 960] = number

print("packets behind before the loss:", 15 - 1 - (max(f for f, n in frames.items() if n < 15) - 0))
print("missing:", [n for n in range(max(frames)) if n not in frames])
after = min(n for n in frames if n > LOST)
print("silence while packets", LOST + 1, "to", frames[after] - 1, "arrive")
print("packets behind after it:", {n - f for f, n in frames.items() if f > LOST})
EOF
expect <<'EOF'
packets behind before the loss: 4
missing: [16, 17, 18, 19, 20]
silence while packets 21 to 34 arrive
packets behind after it: {14}
EOF
