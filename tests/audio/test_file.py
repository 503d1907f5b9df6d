# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
"""Files as they arrive."""

import struct
import threading

import numpy as np
import pytest

from pipecat_sagemaker_deepgram.audio.errors import AudioError
from pipecat_sagemaker_deepgram.audio.pcm import AudioFormat
from pipecat_sagemaker_deepgram.audio.reader import AudioReader

from .files import FLAC_PADDING, KINDS, RATE, SECONDS, encoded, m4a, opus_packets, tone

FIRST_WITHIN = 0.5
OGG_PAGE = 1.0
"""The muxer puts a second in each page, and nothing of a page can be read before its end."""


def opened(encoding: str | None = None, *, multichannel: bool = False) -> AudioReader:
    audio = AudioFormat(encoding)
    return AudioReader(audio, multichannel=multichannel, wanted_rate=lambda _: RATE)


def pitch(track: bytes) -> float:
    samples = np.frombuffer(track, "<i2").astype(float)
    return np.abs(np.fft.rfft(samples)).argmax() * RATE / len(samples)


def read(data: bytes, reader: AudioReader, chunk: int) -> list[bytes]:
    parts = [reader.read(data[at : at + chunk]) for at in range(0, len(data), chunk)]
    parts.append(reader.end())
    reader.close()
    return [b"".join(track) for track in zip(*filter(None, parts), strict=True)]


@pytest.mark.parametrize("kind", KINDS)
def test_a_file_is_read_as_it_arrives(kind):
    data = encoded(kind)
    reader = opened()
    before = FLAC_PADDING if kind == "flac" else 0
    per_second = (len(data) - before) / SECONDS
    chunk = max(1, round(per_second * 0.02))
    first = next(
        at + chunk for at in range(0, len(data), chunk) if any(reader.read(data[at : at + chunk]))
    )
    assert (first - before) / per_second <= (OGG_PAGE if kind == "ogg" else FIRST_WITHIN)
    reader.close()


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("chunk", [97, 10**9])
def test_nothing_of_a_file_is_missing_however_it_is_cut(kind, chunk):
    reader = opened()
    (track,) = read(encoded(kind), reader, chunk)
    assert len(track) / 2 / RATE == pytest.approx(SECONDS, abs=0.1)
    assert pitch(track) == pytest.approx(440, abs=2)
    assert reader.seconds == pytest.approx(SECONDS, abs=0.1)


@pytest.mark.parametrize("kind", ["wav", "flac"])
def test_lossless_files_come_through_to_the_bit(kind):
    (track,) = read(encoded(kind), opened(), 1000)
    assert track == tone().tobytes()


@pytest.mark.parametrize("kind", ["wav", "flac", "ogg"])
def test_channels_of_a_file_are_kept_apart(kind):
    reader = opened(multichannel=True)
    tracks = read(encoded(kind, channels=2), reader, 4000)
    assert [round(pitch(track) / 440) for track in tracks] == [1, 2]
    assert (reader.tracks, reader.channels) == (2, 2)


@pytest.mark.parametrize(
    ("tag", "bits", "data"),
    [
        (1, 8, bytes([128, 255, 0])),
        (1, 24, b"\0\0\0\xff\xff\x7f\0\0\x80"),
        (1, 32, struct.pack("<3i", 0, 2**31 - 1, -(2**31))),
        (3, 32, struct.pack("<3f", 0.0, 1.0, -1.0)),
        (3, 64, struct.pack("<3d", 0.0, 1.0, -1.0)),
    ],
)
@pytest.mark.parametrize("length", [None, 0xFFFFFFFF])
def test_every_width_of_wav_is_read(tag, bits, data, length):
    (track,) = read(wav(tag, bits, data, length), opened(), 5)
    levels = np.frombuffer(track, "<i2")
    assert levels[0] == 0
    assert levels[1] >= 32512
    assert levels[2] == -32768


def test_what_follows_the_audio_of_a_wav_is_no_audio():
    data = wav(1, 16, bytes(8)) + b"LIST\x04\x00\x00\x00INFO"
    assert read(data, opened(), 3) == [bytes(8)]


def wav(tag: int, bits: int, data: bytes, length: int | None = None) -> bytes:
    width = bits // 8
    head = struct.pack("<HHIIHH", tag, 1, RATE, RATE * width, width, bits)
    chunks = b"JUNK\x03\x00\x00\x00abc\0fmt " + struct.pack("<I", len(head)) + head
    chunks += b"data" + struct.pack("<I", len(data) if length is None else length) + data
    return b"RIFF" + struct.pack("<I", len(chunks) + 4) + b"WAVE" + chunks


def test_an_mp4_with_its_index_in_front_is_read():
    (track,) = read(m4a(index_first=True), opened(), 500)
    assert len(track) / 2 / RATE == pytest.approx(SECONDS, abs=0.1)


def test_an_mp4_with_its_index_at_the_end_is_refused_before_its_audio_is_waited_for():
    reader = opened()
    with pytest.raises(AudioError, match="index at the end"):
        reader.read(m4a(index_first=False)[:1000])


@pytest.mark.parametrize(
    "data",
    [
        bytes(100),
        b"RIFF\x24\x00\x00\x00WAVEdata" + bytes(40),
        b"RIFF\x24\x00\x00\x00WAVEfmt \x10\x00\x00\x00" + bytes(40),
        b"RIFF\x24\x00\x00\x00WAVELIST" + b"\xff" * 40,
        b"OggS" + bytes(2000),
        b"fLaC\x80\x00\x00\x22" + bytes(200),
        b"\0\0\0\x04ftypM4A " + bytes(100),
        b"\x1a\x45\xdf\xa3" + b"\xff" * 2000,
    ],
)
def test_what_is_no_audio_is_refused_and_leaves_no_thread(data):
    reader = opened()
    with pytest.raises(AudioError):
        read(data, reader, len(data))
    reader.close()
    assert not [t for t in threading.enumerate() if t.name == "demuxer"]


@pytest.mark.parametrize("kind", ["wav", "flac"])
def test_a_file_that_ends_in_its_header_is_refused(kind):
    reader = opened()
    reader.read(encoded(kind)[:30])
    with pytest.raises(AudioError, match="header"):
        reader.end()


def test_the_named_encoding_must_be_the_files():
    with pytest.raises(AudioError, match="does not start like encoding=flac"):
        opened("flac").read(encoded("wav"))
    assert any(opened("flac").read(encoded("flac")))


def test_opus_comes_in_packets():
    reader = AudioReader(AudioFormat("opus", 48000), multichannel=False, wanted_rate=lambda _: RATE)
    heard = b"".join(reader.read(packet)[0] for packet in opus_packets()) + reader.end()[0]
    assert len(heard) / 2 / RATE == pytest.approx(2.0, abs=0.05)
    assert pitch(heard) == pytest.approx(440, abs=2)


def test_what_is_no_opus_packet_is_refused():
    reader = AudioReader(AudioFormat("opus", 48000), multichannel=False, wanted_rate=lambda _: RATE)
    with pytest.raises(AudioError, match="not an Opus packet"):
        reader.read(b"\xff" * 50)


def test_a_resampler_that_was_flushed_holds_nothing_and_goes_on():
    samples = tone(1.0, 8000)
    reader = AudioReader(
        AudioFormat("linear16", 8000), multichannel=False, wanted_rate=lambda _: RATE
    )
    first = reader.read(samples[:4000].tobytes())[0] + reader.flush()[0]
    assert len(first) / 2 == pytest.approx(8000, abs=2)
    second = reader.read(samples[4000:].tobytes())[0] + reader.end()[0]
    assert len(second) / 2 == pytest.approx(8000, abs=2)
    assert pitch(first + second) == pytest.approx(440, abs=2)


def test_audio_of_8_khz_comes_through_without_delay():
    reader = AudioReader(
        AudioFormat("linear16", 8000), multichannel=False, wanted_rate=lambda _: RATE
    )
    sizes = [len(reader.read(bytes(320))[0]) // 2 for _ in range(10)]
    assert min(sizes) >= 280
