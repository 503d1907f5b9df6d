# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
"""Sound files of every kind that the container reads, made by FFmpeg."""

import io
from collections.abc import Sequence
from functools import cache

import av
import numpy as np

RATE = 16000
SECONDS = 4.0
FLAC_PADDING = 8192
"""Room for titles that FFmpeg leaves before the first frame."""

KINDS = {
    "wav": ("wav", "pcm_s16le", RATE),
    "flac": ("flac", "flac", RATE),
    "ogg": ("ogg", "libopus", 48000),
    "webm": ("webm", "libopus", 48000),
    "mp3": ("mp3", "libmp3lame", RATE),
    "aac": ("adts", "aac", RATE),
}


def tone(seconds: float = SECONDS, rate: int = RATE, channels: int = 1) -> np.ndarray:
    """A tone of 440 Hz that swells and fades; each further channel is an octave higher."""
    at = np.arange(round(seconds * rate)) / rate
    swell = 0.6 + 0.4 * np.sin(2 * np.pi * 2 * at)
    waves = [np.sin(2 * np.pi * 440 * 2**index * at) * swell for index in range(channels)]
    return (np.stack(waves, axis=1) * 9000).astype(np.int16)


@cache
def encoded(kind: str, channels: int = 1, seconds: float = SECONDS) -> bytes:
    """A file of one of ``KINDS``."""
    container, codec, rate = KINDS[kind]
    return write(tone(seconds, rate, channels), container, codec, rate)


@cache
def m4a(*, index_first: bool) -> bytes:
    """An MP4 file with its index at one end."""
    options = {"movflags": "empty_moov+frag_keyframe"} if index_first else {}
    return write(tone(), "mp4", "aac", RATE, options)


def opus_packets() -> Sequence[bytes]:
    """Bare packets of 20 ms."""
    encoder = av.AudioCodecContext.create("libopus", "w")
    encoder.sample_rate = 48000
    encoder.layout = "mono"
    encoder.format = "s16"
    frames = _cut(tone(2.0, 48000), 960, 48000)
    return [bytes(packet) for frame in [*frames, None] for packet in encoder.encode(frame)]


def write(
    samples: np.ndarray, container: str, codec: str, rate: int, options: dict | None = None
) -> bytes:
    """Write a file."""
    target = io.BytesIO()
    with av.open(target, "w", format=container, container_options=options or {}) as output:
        stream = output.add_stream(codec, rate=rate)
        assert isinstance(stream, av.AudioStream)
        stream.layout = "mono" if samples.shape[1] == 1 else "stereo"
        for frame in [*_cut(samples, 1024, rate), None]:
            for packet in stream.encode(frame):
                output.mux(packet)
    return target.getvalue()


def _cut(samples: np.ndarray, size: int, rate: int) -> list[av.AudioFrame]:
    frames = []
    for at in range(0, len(samples), size):
        piece = np.ascontiguousarray(samples[at : at + size]).reshape(1, -1)
        layout = "mono" if samples.shape[1] == 1 else "stereo"
        frame = av.AudioFrame.from_ndarray(piece, format="s16", layout=layout)
        frame.sample_rate = rate
        frame.pts = at
        frames.append(frame)
    return frames
