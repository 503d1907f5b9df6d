# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
"""Sound files of many formats."""

import struct
import wave
from collections.abc import Callable
from pathlib import Path

import av
import numpy as np
import soundfile
from av.container import OutputContainer

from pipecat_sagemaker_deepgram.container import marked_audio


def samples_of(audio: bytes) -> np.ndarray:
    """The samples of linear16."""
    return np.frombuffer(audio, "<i2")


def tone(hertz: float, *, sample_rate: int = 16_000, seconds: float = 2.0) -> np.ndarray:
    """A sine at half of full scale."""
    return 0.5 * np.sin(2 * np.pi * hertz * np.arange(round(seconds * sample_rate)) / sample_rate)


def write_wav(
    path: Path, audio: bytes, *, length: int | None = None, sample_rate: int = 16_000
) -> Path:
    """Write linear16 as a WAV file, whose header says another length where one is given."""
    with wave.open(str(path), "wb") as file:
        file.setparams((1, 2, sample_rate, 0, "NONE", ""))
        file.writeframes(audio)
    if length is not None:
        data = bytearray(path.read_bytes())
        struct.pack_into("<I", data, 40, length)
        path.write_bytes(data)
    return path


def write_by_ffmpeg(
    path: Path, audio: bytes, codec: str, *, sample_rate: int = 16_000, with_picture: bool = False
) -> Path:
    """Write linear16 by one of FFmpeg's encoders, in the format that the name says."""
    with av.open(str(path), "w") as container:
        picture = _picture_stream(container) if with_picture else None
        stream = container.add_stream(codec, rate=sample_rate, layout="mono")
        assert isinstance(stream, av.AudioStream)
        if picture is not None:
            frame = av.VideoFrame.from_ndarray(np.zeros((64, 64, 3), np.uint8), format="rgb24")
            frame.pts = 0
            container.mux([*picture.encode(frame), *picture.encode(None)])
        samples = samples_of(audio)
        for at in range(0, len(samples), 1024):
            piece = av.AudioFrame.from_ndarray(samples[None, at : at + 1024], "s16", "mono")
            piece.sample_rate, piece.pts = sample_rate, at
            container.mux(stream.encode(piece))
        container.mux(stream.encode(None))
    return path


def _picture_stream(container: OutputContainer) -> av.VideoStream:
    stream = container.add_stream("mpeg4", rate=5)
    stream.width = stream.height = 64
    return stream


def _sound(name: str, subtype: str) -> Callable[[Path, bytes], Path]:
    def write(path: Path, audio: bytes) -> Path:
        path = path.with_suffix(name)
        soundfile.write(path, samples_of(audio) / 32768, 16_000, subtype=subtype)
        return path

    return write


def _raw(path: Path, audio: bytes) -> Path:
    path = path.with_suffix(".raw")
    path.write_bytes(audio)
    return path


LOSSLESS: dict[str, Callable[[Path, bytes], Path]] = {
    "wav": lambda path, audio: write_wav(path.with_suffix(".wav"), audio),
    "wav of length 0": lambda path, audio: write_wav(path.with_suffix(".wav"), audio, length=0),
    "wav of all ones": lambda path, audio: write_wav(
        path.with_suffix(".wav"), audio, length=0xFFFFFFFF
    ),
    "wav of 24 bits": _sound(".wav", "PCM_24"),
    "wav of mulaw": _sound(".wav", "ULAW"),
    "wav of alaw": _sound(".wav", "ALAW"),
    "wav of floats": _sound(".wav", "FLOAT"),
    "flac": _sound(".flac", "PCM_16"),
    "aiff": _sound(".aiff", "PCM_16"),
    "caf": _sound(".caf", "PCM_16"),
    "alac": lambda path, audio: write_by_ffmpeg(path.with_suffix(".m4a"), audio, "alac"),
    "video": lambda path, audio: write_by_ffmpeg(
        path.with_suffix(".mkv"), audio, "pcm_s16le", with_picture=True
    ),
    "raw": _raw,
}
"""Writers of formats that keep the marks of marked audio; each gives the file its own suffix."""


def write_words(path: Path, *, words: int, first: int = 0, kind: str = "wav") -> Path:
    """Write marked audio, ten words a second.

    Args:
        path: Where; the suffix is the format's.
        words: How many.
        first: Number of the first.
        kind: One of ``LOSSLESS``.
    """
    return LOSSLESS[kind](path, marked_audio(first, words))
