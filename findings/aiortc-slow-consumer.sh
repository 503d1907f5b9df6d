#!/bin/sh
# A received audio track keeps every frame for a reader that falls behind: a pause of two seconds
# is a delay of two seconds for good.
#
# Seen: 2026-11-28
# Guess: old frames are dropped, or bounded, so that `recv()` gives what is current.
#
# The queue behind the track has no bound, and `recv()` never skips. A reader that was held up has
# to read faster than real time until nothing is left, or the call stays late.
. "$(dirname "$0")/lib.sh"
packages aiortc==1.16.0
python_program <<'EOF'
import asyncio

from aiortc import RTCPeerConnection
from aiortc.mediastreams import AudioStreamTrack

PAUSE = 2


async def connect(track):
    sender, receiver = RTCPeerConnection(), RTCPeerConnection()
    sender.addTrack(track)
    received = asyncio.get_running_loop().create_future()
    receiver.on("track", received.set_result)
    await sender.setLocalDescription(await sender.createOffer())
    await receiver.setRemoteDescription(sender.localDescription)
    await receiver.setLocalDescription(await receiver.createAnswer())
    await sender.setRemoteDescription(receiver.localDescription)
    return sender, receiver, await received


async def main():
    sender, receiver, track = await connect(AudioStreamTrack())
    before = await track.recv()
    await asyncio.sleep(PAUSE)
    after = await track.recv()
    print("the frame behind the pause is the next one:", after.pts - before.pts == after.samples)
    waiting = 0
    while True:
        reading = asyncio.ensure_future(track.recv())
        done, _ = await asyncio.wait([reading], timeout=0.005)
        if not done:
            break
        waiting += 1
    print("behind it wait more than 1.5 s of audio:", waiting * 0.02 > 1.5)
    reading.cancel()
    await sender.close()
    await receiver.close()


asyncio.run(main())
EOF
expect <<'EOF'
the frame behind the pause is the next one: True
behind it wait more than 1.5 s of audio: True
EOF
