#!/bin/sh
# Words in braces are left out of SRT and WebVTT captions, and WebVTT gets `&`, `<` and `-->` as they are.
#
# Seen: 2026-11-29
# Guess: text given as plain text is what a player shows, in either format.
#
# The text of an event is SubStation Alpha's, where braces hold commands, and setting it by
# `plaintext` does not change that. `keep_ssa_tags=True` keeps the words. In WebVTT `&` and `<` begin
# escapes and tags and `-->` may not be in a cue: escape them before the text is given.
. "$(dirname "$0")/lib.sh"
packages pysubs2==1.9.0
python_program <<'EOF'
import pysubs2


def written(text, format, **options):
    file = pysubs2.SSAFile()
    event = pysubs2.SSAEvent(start=0, end=1000)
    event.plaintext = text
    file.append(event)
    return file.to_string(format, **options).rstrip("\n").splitlines()[-1]


for text in ("{laughs} all right", "R&D <soon>", "left --> right"):
    print(f"given:    {text}")
    print(f"SRT:      {written(text, 'srt')}")
    print(f"WebVTT:   {written(text, 'vtt')}")
    print(f"kept SRT: {written(text, 'srt', keep_ssa_tags=True)}")
EOF
expect <<'EOF'
given:    {laughs} all right
SRT:      all right
WebVTT:   all right
kept SRT: {laughs} all right
given:    R&D <soon>
SRT:      R&D <soon>
WebVTT:   R&D <soon>
kept SRT: R&D <soon>
given:    left --> right
SRT:      left --> right
WebVTT:   left --> right
kept SRT: left --> right
EOF
