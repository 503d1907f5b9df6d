#!/bin/sh
# A live muxer holds audio back: Ogg and WebM about a second at their defaults, fragmented MP4 all
# of it.
#
# Seen: 2026-11-28
# Guess: each 20 ms packet leaves as soon as it is encoded, in every container made for streaming.
#
# What is fed is 12 s of audio in 20 ms frames; what is shown is how much had gone in when the first
# audio came out and how much goes in between two writes. `flush_packets` changes nothing; for Ogg
# `page_duration` and for WebM `cluster_time_limit` do.
. "$(dirname "$0")/lib.sh"
packages av==19.0.2
packages numpy==2.5.5 # for the audio
python_program <<'EOF'
import statistics
from itertools import pairwise

import av
import numpy as np

FRAMES = 600


class Sink:
    """A peer that cannot be rewound: it only notes when bytes came."""

    def __init__(self):
        self.fed, self.writes = 0, []

    def write(self, data):
        self.writes.append((self.fed, len(data)))
        return len(data)


def show(label, container, codec, rate=16000, **options):
    sink = Sink()
    samples = rate // 50
    noise = np.random.default_rng(0)
    with av.open(sink, "w", format=container, options=options) as output:
        stream = output.add_stream(codec, rate=rate, layout="mono")
        output.start_encoding()  # writes the header
        for number in range(FRAMES):
            sink.fed = number + 1
            data = (noise.standard_normal((1, samples)) * 3000).astype(np.int16)
            frame = av.AudioFrame.from_ndarray(data, format="s16", layout="mono")
            frame.sample_rate, frame.pts = rate, number * samples
            output.mux(stream.encode(frame))
        output.mux(stream.encode(None))
        sink.fed = FRAMES + 1
    times = sorted({fed for fed, size in sink.writes if fed > 0})
    if times[0] > FRAMES:
        print(f"{label}: nothing before the end")
        return
    first = times[0] * 20
    gap = statistics.median(later - sooner for sooner, later in pairwise(times)) * 20
    print(f"{label}: first audio after {first} ms, then every {gap:g} ms")


show("Ogg with Opus", "ogg", "libopus")
show("Ogg with Opus, flush_packets=1", "ogg", "libopus", flush_packets="1")
show("Ogg with Opus, page_duration=20000", "ogg", "libopus", page_duration="20000")
show("WebM with Opus", "webm", "libopus")
show("WebM with Opus, live=1", "webm", "libopus", live="1")
show("WebM with Opus, cluster_time_limit=20", "webm", "libopus", cluster_time_limit="20")
show("Matroska with PCM", "matroska", "pcm_s16le")
show("fragmented MP4 with AAC", "mp4", "aac", movflags="frag_keyframe+empty_moov")
EOF
expect <<'EOF'
Ogg with Opus: first audio after 2000 ms, then every 1000 ms
Ogg with Opus, flush_packets=1: first audio after 2000 ms, then every 1000 ms
Ogg with Opus, page_duration=20000: first audio after 40 ms, then every 20 ms
WebM with Opus: first audio after 1020 ms, then every 1000 ms
WebM with Opus, live=1: first audio after 1020 ms, then every 1000 ms
WebM with Opus, cluster_time_limit=20: first audio after 60 ms, then every 20 ms
Matroska with PCM: first audio after 1040 ms, then every 1000 ms
fragmented MP4 with AAC: nothing before the end
EOF
