# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
"""The encoding of speech: raw samples on a stream, raw samples or a file in a response."""

import io
from dataclasses import dataclass

import av
import numpy as np
from numpy.typing import NDArray

from pipecat_sagemaker_deepgram.audio.pcm import decode

RAW = ("linear16", "mulaw", "alaw")
"""The encodings of a stream."""

_CODECS = {
    "linear16": ("wav", "pcm_s16le"),
    "mulaw": ("wav", "pcm_mulaw"),
    "alaw": ("wav", "pcm_alaw"),
    "mp3": ("mp3", "libmp3lame"),
    "opus": ("ogg", "libopus"),
    "flac": ("flac", "flac"),
    "aac": ("adts", "aac"),
}
_FILE_TYPES = {
    "linear16": "audio/wav",
    "mulaw": "audio/wav",
    "alaw": "audio/wav",
    "mp3": "audio/mpeg",
    "opus": "audio/ogg;codecs=opus",
    "flac": "audio/flac",
    "aac": "audio/aac",
}
_RAW_TYPES = {"linear16": "audio/l16", "mulaw": "audio/mulaw", "alaw": "audio/alaw"}
_FRAME = 1024


@dataclass(frozen=True)
class SpeechFormat:
    """The format of the speech sent.

    Attributes:
        encoding: ``linear16``, ``mulaw``, ``alaw``, ``mp3``, ``opus``, ``flac`` or ``aac``.
        sample_rate: Hz.
        is_file: Whether it is sent as a file, with a header or in a container format.
        bit_rate: Bits per second, for compressed encodings.
    """

    encoding: str = "linear16"
    sample_rate: int = 24000
    is_file: bool = False
    bit_rate: int | None = None

    @property
    def content_type(self) -> str:
        """The media type."""
        if self.is_file:
            return _FILE_TYPES[self.encoding]
        return f"{_RAW_TYPES[self.encoding]};rate={self.sample_rate}"


def encode_raw(samples: NDArray[np.float32], rate: int, target: SpeechFormat) -> bytes:
    """Convert a piece of speech to the rate and the raw encoding of a stream."""
    linear = resampled(samples, rate, target.sample_rate)
    match target.encoding:
        case "mulaw":
            return _MULAW_CODES[linear.astype(np.int32) + 32768].tobytes()
        case "alaw":
            return _ALAW_CODES[linear.astype(np.int32) + 32768].tobytes()
        case _:
            return linear.astype("<i2").tobytes()


def encode(samples: NDArray[np.float32], rate: int, target: SpeechFormat) -> bytes:
    """Encode speech in the requested format."""
    if not target.is_file:
        return encode_raw(samples, rate, target)
    container, codec = _CODECS[target.encoding]
    linear = resampled(samples, rate, target.sample_rate)
    output = io.BytesIO()
    with av.open(output, "w", format=container) as file:
        stream = file.add_stream(codec, rate=target.sample_rate)
        assert isinstance(stream, av.AudioStream)
        stream.layout = "mono"
        if target.bit_rate is not None:
            stream.bit_rate = target.bit_rate
        for at in range(0, len(linear), _FRAME):
            for packet in stream.encode(_frame(linear[at : at + _FRAME], target.sample_rate, at)):
                file.mux(packet)
        for packet in stream.encode(None):
            file.mux(packet)
    return output.getvalue()


def resampled(samples: NDArray[np.float32], given: int, wanted: int) -> NDArray[np.int16]:
    """Convert samples to 16 bits at another rate."""
    linear = np.clip(np.rint(samples * 32767), -32768, 32767).astype(np.int16)
    if given == wanted or not len(linear):
        return linear
    resampler = av.AudioResampler(format="s16", layout="mono", rate=wanted)
    frames = [*resampler.resample(_frame(linear, given, 0)), *resampler.resample(None)]
    return np.concatenate([frame.to_ndarray()[0] for frame in frames])


def _frame(samples: NDArray[np.int16], rate: int, at: int) -> av.AudioFrame:
    frame = av.AudioFrame.from_ndarray(samples[np.newaxis], format="s16", layout="mono")
    frame.sample_rate = rate
    frame.pts = at
    return frame


def _codes(encoding: str) -> NDArray[np.uint8]:
    """The nearest G.711 code, for each of the 65536 samples."""
    levels = decode(bytes(range(256)), encoding).astype(np.int32)
    order = np.argsort(levels, kind="stable")
    middles = (levels[order][:-1] + levels[order][1:]) / 2
    return order[np.searchsorted(middles, np.arange(-32768, 32768))].astype(np.uint8)


_MULAW_CODES = _codes("mulaw")
_ALAW_CODES = _codes("alaw")
