#!/bin/sh
# Only channel 0 is captioned, a caption stays through any pause, and a first speaker other than 0
# means no transcript.
#
# Seen: 2026-11-28
# Guess: every channel is captioned, a long pause ends a caption, and speakers only cut lines.
#
# A call recorded in two channels loses one party without a word, or all of it when channel 0 is
# silent. Ask for `utterances`: those cut at pauses and hold both channels.
. "$(dirname "$0")/lib.sh"
packages deepgram-captions==2.0.0
python_program <<'EOF'
from deepgram_captions import DeepgramConverter, srt


def word(text, start, **more):
    return {"word": text, "start": start, "end": start + 0.5, "confidence": 1, **more}


def alternative(words):
    return {"transcript": " ".join(word["word"] for word in words), "words": words}


def captions(label, *channels, **more):
    channels = [{"alternatives": [alternative(words)]} for words in channels]
    response = {"results": {"channels": channels, **more}}
    try:
        text = " | ".join(srt(DeepgramConverter(response)).split("\n")).strip(" |")
    except Exception as error:
        text = f"{type(error).__name__}: {error}"
    print(f"{label}: {text}")


captions("two channels", [word("hello", 0)], [word("hi", 1)])
captions("only channel 1 speaks", [], [word("hi", 1)])
captions(
    "two channels, with utterances",
    [word("hello", 0)],
    [word("hi", 1)],
    utterances=[alternative([word("hello", 0)]), alternative([word("hi", 1)])],
)
captions("a minute's pause", [word("one", 0), word("two", 60)])
captions("speakers 0, 1", [word("hello", 0, speaker=0), word("hi", 1, speaker=1)])
captions("speakers 1, 0", [word("hello", 0, speaker=1), word("hi", 1, speaker=0)])
EOF
expect <<'EOF'
two channels: 1 | 00:00:00,000 --> 00:00:00,500 | hello
only channel 1 speaks: EmptyTranscriptException: No transcript data found
two channels, with utterances: 1 | 00:00:00,000 --> 00:00:00,500 | hello |  | 2 | 00:00:01,000 --> 00:00:01,500 | hi
a minute's pause: 1 | 00:00:00,000 --> 00:01:00,500 | one two
speakers 0, 1: 1 | 00:00:00,000 --> 00:00:00,500 | [speaker 0] | hello |  | 2 | 00:00:01,000 --> 00:00:01,500 | [speaker 1] | hi
speakers 1, 0: EmptyTranscriptException: No transcript data found
EOF
