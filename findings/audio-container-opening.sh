#!/bin/sh
# Before a live stream can be decoded, 3.2 s of WAV or AAC have to arrive, 2 s of MP3 or 0.2 s of
# Ogg.
#
# Seen: 2026-11-28
# Guess: the header and a frame or two are enough to start decoding.
#
# The source hands out 20 ms at a time, as a call does. Naming the format or a tiny probe size does
# not help WAV, whose demuxer looks at the data for disguised formats; raw PCM needs no look at all.
. "$(dirname "$0")/lib.sh"
packages av==19.0.2
packages numpy==2.5.5 # for the audio
python_program <<'EOF'
import io

import av
import numpy as np

SECONDS = 20


def encoded(container, codec, rate, **options):
    class Sink(io.RawIOBase):
        def __init__(self):
            self.data = bytearray()

        def write(self, data):
            self.data += data
            return len(data)

        def seekable(self):
            return False

        def writable(self):
            return True

    sink, samples = Sink(), rate // 50
    noise = np.random.default_rng(0)
    with av.open(sink, "w", format=container, options=options) as output:
        stream = output.add_stream(codec, rate=rate, layout="mono")
        for number in range(SECONDS * 50):
            data = (noise.standard_normal((1, samples)) * 3000).astype(np.int16)
            frame = av.AudioFrame.from_ndarray(data, format="s16", layout="mono")
            frame.sample_rate, frame.pts = rate, number * samples
            output.mux(stream.encode(frame))
        output.mux(stream.encode(None))
    return bytes(sink.data)


class Live:
    """A source with a beginning but no end in sight: 20 ms for each read."""

    def __init__(self, data):
        self.data, self.position, self.step = data, 0, len(data) // (SECONDS * 50)

    def read(self, size):
        chunk = self.data[self.position : self.position + min(size, self.step)]
        self.position += len(chunk)
        return chunk


def show(label, container, codec, rate=16000, muxing=None, **opening):
    data = encoded(container, codec, rate, **(muxing or {}))
    source = Live(data)
    with av.open(source, **opening) as stream:
        next(stream.decode(audio=0))
    print(f"{label}: first frame after {source.position / len(data) * SECONDS:.1f} s of audio")


show("WAV", "wav", "pcm_s16le")
show("WAV, format named", "wav", "pcm_s16le", format="wav")
show("WAV, probesize=32", "wav", "pcm_s16le", options={"probesize": "32"})
show("AAC", "adts", "aac")
show("AAC, probesize=32", "adts", "aac", options={"probesize": "32"})
show("MP3", "mp3", "libmp3lame")
show("Ogg with Opus, 20 ms pages", "ogg", "libopus", muxing={"page_duration": "20000"})
show("raw mu-law", "mulaw", "pcm_mulaw", 8000, format="mulaw")
EOF
expect <<'EOF'
WAV: first frame after 3.2 s of audio
WAV, format named: first frame after 3.2 s of audio
WAV, probesize=32: first frame after 2.1 s of audio
AAC: first frame after 3.2 s of audio
AAC, probesize=32: first frame after 0.2 s of audio
MP3: first frame after 2.1 s of audio
Ogg with Opus, 20 ms pages: first frame after 0.2 s of audio
raw mu-law: first frame after 0.5 s of audio
EOF
