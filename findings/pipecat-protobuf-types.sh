#!/bin/sh
# `ProtobufFrameSerializer` drops subclasses of text and audio frames, and a transcript's language
# and `finalized`.
#
# Seen: 2026-11-28
# Guess: subclasses travel as what they are derived from, and all plain fields travel.
#
# The text of an LLM, interims and synthesised audio do not reach the peer unless something turns
# them into the base type first. The id does travel: it can be that of another frame over there.
. "$(dirname "$0")/lib.sh"
packages pipecat-ai==1.14.0
python_program <<'EOF'
import asyncio

from loguru import logger
from pipecat.frames.frames import (
    InterimTranscriptionFrame,
    LLMTextFrame,
    OutputAudioRawFrame,
    TextFrame,
    TranscriptionFrame,
    TTSAudioRawFrame,
)
from pipecat.serializers.protobuf import ProtobufFrameSerializer
from pipecat.transcriptions.language import Language

logger.remove()
TextFrame("takes the id 0, which is not sent")
FRAMES = (
    TextFrame("hello"),
    LLMTextFrame("hello"),
    InterimTranscriptionFrame("hello", "user", "now"),
    OutputAudioRawFrame(bytes(2), 16000, 1),
    TTSAudioRawFrame(bytes(2), 16000, 1),
    TranscriptionFrame("hello", "user", "now", Language.DE, finalized=True),
)


async def main():
    serializer = ProtobufFrameSerializer()
    for frame in FRAMES:
        data = await serializer.serialize(frame)
        if data is None:
            print(f"{type(frame).__name__}: dropped")
            continue
        twin = await serializer.deserialize(data)
        print(f"{type(frame).__name__}: {type(twin).__name__}, same id: {twin.id == frame.id}")
    print(f"language {twin.language}, finalized {twin.finalized}")


asyncio.run(main())
EOF
expect <<'EOF'
TextFrame: TextFrame, same id: True
LLMTextFrame: dropped
InterimTranscriptionFrame: dropped
OutputAudioRawFrame: InputAudioRawFrame, same id: True
TTSAudioRawFrame: dropped
TranscriptionFrame: TranscriptionFrame, same id: True
language None, finalized False
EOF
