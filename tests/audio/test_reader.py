# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
"""Decoding, separating and resampling."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipecat_sagemaker_deepgram.audio.pcm import AudioFormat, decode
from pipecat_sagemaker_deepgram.audio.reader import AudioReader


def read(data: bytes, audio: AudioFormat, *, chunk: int = 7, multichannel=False, rate=None):
    wanted = rate or audio.sample_rate
    reader = AudioReader(audio, multichannel=multichannel, wanted_rate=lambda _: wanted)
    tracks = [reader.read(data[i : i + chunk]) for i in range(0, len(data), chunk)]
    tracks.append(reader.end())
    return reader, [b"".join(parts) for parts in zip(*tracks, strict=True)]


@settings(deadline=None)
@given(st.lists(st.integers(-32768, 32767), min_size=1), st.integers(1, 9))
def test_linear16_comes_through_however_it_is_cut(samples, chunk):
    data = np.array(samples, "<i2").tobytes()
    reader, tracks = read(data, AudioFormat("linear16", 16000), chunk=chunk)
    assert tracks == [data]
    assert reader.frames == len(samples)


def test_linear32_is_float_and_is_limited():
    data = np.array([0.0, 0.5, -1.0, 2.0, np.nan], "<f4").tobytes()
    assert decode(data, "linear32").tolist() == [0, 16384, -32768, 32767, 0]


@pytest.mark.parametrize(
    ("encoding", "codes", "levels"),
    [
        ("mulaw", [0xFF, 0x7F, 0x80, 0x00, 0xE7], [0, 0, 32124, -32124, 260]),
        ("alaw", [0xD5, 0x55, 0xAA, 0x2A, 0xC5], [8, -8, 32256, -32256, 264]),
    ],
)
def test_g711_levels(encoding, codes, levels):
    assert decode(bytes(codes), encoding).tolist() == levels


def test_unknown_encodings_are_refused():
    with pytest.raises(ValueError, match="opus"):
        decode(b"", "opus")


def test_channels_are_kept_apart_or_mixed():
    data = np.array([[100, 300], [-50, 50]], "<i2").tobytes()
    audio = AudioFormat("linear16", 16000, channels=2)
    _, apart = read(data, audio, multichannel=True)
    assert [np.frombuffer(t, "<i2").tolist() for t in apart] == [[100, -50], [300, 50]]
    _, mixed = read(data, audio)
    assert [np.frombuffer(t, "<i2").tolist() for t in mixed] == [[200, 0]]


@pytest.mark.parametrize("rate", [8000, 44100, 48000])
def test_resampling_keeps_length_and_pitch(rate):
    tone = (np.sin(np.arange(rate) / rate * 2 * np.pi * 440) * 9000).astype("<i2")
    reader, (track,) = read(tone.tobytes(), AudioFormat("linear16", rate), chunk=640, rate=16000)
    samples = np.frombuffer(track, "<i2")
    assert len(samples) == pytest.approx(16000, abs=2)
    assert np.abs(np.fft.rfft(samples)).argmax() == pytest.approx(440, abs=1)
    assert reader.seconds == 1.0
