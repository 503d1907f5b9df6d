# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
import os
import struct
import wave
from pathlib import Path

import av
import numpy as np
import pytest
import soundfile

from pipecat_sagemaker_deepgram.container.recognizers.scripted.marked_audio import (
    MarkedAudioDecoder,
    marked_audio,
)
from pipecat_sagemaker_deepgram.recorded.decoding import Recording, decode, open_recording
from pipecat_sagemaker_deepgram.recorded.exceptions import RecordingError
from pipecat_sagemaker_deepgram.recorded.raw_format import RawFormat, raw_format_of

from .files import LOSSLESS, samples_of, tone, write_by_ffmpeg, write_wav, write_words


def read_all(recording: Recording, channel: int | None = None) -> np.ndarray:
    audio = b"".join(recording.blocks(sample_rate=16_000, channel=channel))
    return np.frombuffer(audio, "<i2").astype(float) / 32768


def loudness(samples: np.ndarray) -> float:
    return float(np.sqrt(np.mean(samples**2)))


def refusal(path: Path) -> str:
    with pytest.raises(RecordingError) as refused:
        read_all(open_recording(path))
    return str(refused.value)


def test_linear16_arrives_bit_for_bit(tmp_path: Path):
    audio = np.random.default_rng(1).integers(-32768, 32768, 20_001, dtype="<i2").tobytes()
    assert decode(write_wav(tmp_path / "a.wav", audio)) == audio


def test_a_recording_can_be_given_as_bytes(tmp_path: Path):
    audio = marked_audio(0, 5)
    assert decode(write_wav(tmp_path / "a.wav", audio).read_bytes()) == audio


@pytest.mark.parametrize("kind", LOSSLESS)
def test_every_format_says_what_was_said(tmp_path: Path, kind: str):
    path = write_words(tmp_path / "a", words=25, kind=kind)
    raw = raw_format_of(path.name, sample_rate=16_000)
    heard = MarkedAudioDecoder().feed(decode(path, raw=raw))
    assert [word.index for word in heard] == list(range(25))


@pytest.mark.parametrize(
    ("name", "codec"),
    [
        *[("a.mp3", "libmp3lame"), ("a.ogg", "libopus"), ("a.opus", "libopus")],
        *[("a.webm", "libopus"), ("a.m4a", "aac"), ("a.mp4", "aac")],
    ],
)
def test_compressed_sound_is_as_loud_and_as_long(tmp_path: Path, name: str, codec: str):
    audio = (tone(400, sample_rate=48_000) * 32767).astype("<i2").tobytes()
    path = write_by_ffmpeg(tmp_path / name, audio, codec, sample_rate=48_000)
    recording = open_recording(path)
    found = read_all(recording)
    assert recording.damage == ""
    assert len(found) == pytest.approx(32_000, abs=2_000)
    assert loudness(found[3000:-3000]) == pytest.approx(0.5 / np.sqrt(2), abs=0.03)


def test_gsm_in_a_wav_file_is_read(tmp_path: Path):
    soundfile.write(tmp_path / "a.wav", tone(400, sample_rate=8_000), 8_000, subtype="GSM610")
    found = read_all(open_recording(tmp_path / "a.wav"))
    assert len(found) == pytest.approx(32_000, abs=700)
    assert loudness(found) == pytest.approx(0.5 / np.sqrt(2), abs=0.05)


@pytest.mark.parametrize("suffix", [".ulaw", ".alaw"])
def test_telephone_samples_without_a_header_need_nothing_said(tmp_path: Path, suffix: str):
    path = tmp_path / f"a{suffix}"
    codec = {"ulaw": "pcm_mulaw", "alaw": "pcm_alaw"}[suffix[1:]]
    audio = (tone(400, sample_rate=8_000) * 32767).astype("<i2")
    encoder = av.CodecContext.create(codec, "w")
    assert isinstance(encoder, av.AudioCodecContext)
    encoder.sample_rate, encoder.layout, encoder.format = 8_000, "mono", "s16"
    frame = av.AudioFrame.from_ndarray(audio[None], format="s16", layout="mono")
    frame.sample_rate = 8_000
    path.write_bytes(b"".join(bytes(packet) for packet in encoder.encode(frame)))
    found = read_all(open_recording(path, raw=raw_format_of(path.name)))
    assert len(found) == 32_000
    assert loudness(found) == pytest.approx(0.5 / np.sqrt(2), abs=0.02)


def test_samples_without_a_header_may_have_several_channels(tmp_path: Path):
    left, right = marked_audio(0, 5), marked_audio(10, 5)
    both = np.stack([samples_of(left), samples_of(right)], axis=1)
    (tmp_path / "a.pcm").write_bytes(both.tobytes())
    raw = RawFormat(sample_rate=16_000, channels=2)
    assert decode(tmp_path / "a.pcm", raw=raw, channel=0) == left
    assert decode(tmp_path / "a.pcm", raw=raw, channel=1) == right


@pytest.mark.parametrize("sample_rate", [8_000, 22_050, 44_100, 48_000])
def test_other_rates_are_resampled(tmp_path: Path, sample_rate: int):
    path = tmp_path / "a.wav"
    soundfile.write(path, tone(400, sample_rate=sample_rate), sample_rate)
    found = read_all(open_recording(path))
    assert len(found) == pytest.approx(32_000, abs=2)
    wanted = tone(400)[1000:-1000]
    assert np.abs(found[1000 : 1000 + len(wanted)] - wanted).max() < 0.01


def test_channels_of_opposite_phase_do_not_cancel_each_other(tmp_path: Path):
    left = tone(400)
    soundfile.write(tmp_path / "a.wav", np.stack([left, -left], axis=1), 16_000)
    assert loudness(read_all(open_recording(tmp_path / "a.wav"))) == pytest.approx(
        0.5 / np.sqrt(2), abs=0.01
    )


def test_samples_beyond_full_scale_are_clipped_not_wrapped(tmp_path: Path):
    samples = np.array([2.0, -2.0, np.nan, 0.5] * 100, dtype="float32")
    soundfile.write(tmp_path / "a.wav", samples, 16_000, subtype="FLOAT")
    found = read_all(open_recording(tmp_path / "a.wav"))
    assert found[:4].tolist() == [32767 / 32768, -1.0, 0.0, 0.5]


def test_a_long_file_is_read_in_short_blocks(tmp_path: Path):
    soundfile.write(tmp_path / "a.wav", np.zeros(44_100 * 60, "int16"), 44_100)
    blocks = open_recording(tmp_path / "a.wav").blocks(sample_rate=16_000)
    assert max(len(block) for block in blocks) <= 36_000


def test_the_length_is_known_before_it_is_read(tmp_path: Path):
    path = write_words(tmp_path / "a", words=25, kind="wav of length 0")
    assert open_recording(path).seconds == 2.5


# What cannot be read


def test_a_missing_file_is_named(tmp_path: Path):
    assert "nothing.wav cannot be opened: No such file" in refusal(tmp_path / "nothing.wav")


def test_a_directory_is_no_recording(tmp_path: Path):
    assert f"{tmp_path} is a directory" in refusal(tmp_path)


def test_a_pipe_is_not_waited_for(tmp_path: Path):
    os.mkfifo(tmp_path / "pipe")
    assert "is not a regular file" in refusal(tmp_path / "pipe")


def test_an_empty_file_is_called_empty(tmp_path: Path):
    (tmp_path / "a.wav").touch()
    assert "is empty (0 bytes)" in refusal(tmp_path / "a.wav")


def test_a_header_alone_holds_no_audio(tmp_path: Path):
    with wave.open(str(tmp_path / "a.wav"), "wb") as file:
        file.setparams((1, 2, 16_000, 0, "NONE", ""))
    assert "contains no audio" in refusal(tmp_path / "a.wav")


@pytest.mark.parametrize("name", ["a.wav", "a.txt", "a.mp3"])
def test_text_is_no_audio(tmp_path: Path, name: str):
    (tmp_path / name).write_text("It was the best of times, it was the worst of times.\n" * 20)
    assert "is not a readable recording" in refusal(tmp_path / name)


def test_a_playlist_opens_no_other_file(tmp_path: Path):
    write_words(tmp_path / "a", words=5)
    (tmp_path / "a.m3u8").write_text(
        f"#EXTM3U\n#EXT-X-TARGETDURATION:3\n#EXTINF:3,\nfile:{tmp_path}/a.wav\n"
    )
    assert "is not a readable recording" in refusal(tmp_path / "a.m3u8")


@pytest.mark.parametrize("kind", ["wav", "flac"])
def test_a_file_that_is_cut_off_is_read_as_far_as_it_goes_and_says_so(tmp_path: Path, kind: str):
    path = write_words(tmp_path / "a", words=100, kind=kind)
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])
    recording = open_recording(path)
    assert len(read_all(recording)) == pytest.approx(80_000, rel=0.1)
    assert "is cut off: it contains" in recording.damage
    with pytest.raises(RecordingError, match=r"a\.\w+ is cut off"):
        decode(path)


@pytest.mark.parametrize("codec", ["VORBIS", "OPUS"])
def test_an_ogg_file_that_ends_inside_a_page_says_so(tmp_path: Path, codec: str):
    path = tmp_path / "a.ogg"
    soundfile.write(path, samples_of(marked_audio(0, 100)), 16_000, subtype=codec)
    whole = path.read_bytes()
    recording = open_recording(path)
    read_all(recording)
    assert recording.damage == ""
    last_page = whole.rindex(b"OggS")
    for length in (len(whole) // 2, len(whole) - 1, last_page + 26, last_page + 5):
        recording = open_recording(whole[:length])
        read_all(recording)
        assert recording.damage.startswith("is cut off after "), length


def test_what_is_damaged_in_between_is_left_out_and_said(tmp_path: Path):
    noise = np.random.default_rng(1).standard_normal(160_000) / 10
    soundfile.write(tmp_path / "a.flac", noise, 16_000)
    data = bytearray((tmp_path / "a.flac").read_bytes())
    data[100_000:110_000] = bytes(10_000)
    (tmp_path / "a.flac").write_bytes(data)
    recording = open_recording(tmp_path / "a.flac")
    assert 140_000 < len(read_all(recording)) < 160_000
    assert recording.damage


@pytest.mark.parametrize("kind", ["wav of length 0", "wav of all ones"])
def test_a_header_that_says_nothing_of_the_length_is_no_damage(tmp_path: Path, kind: str):
    recording = open_recording(write_words(tmp_path / "a", words=25, kind=kind))
    assert len(read_all(recording)) == 40_000
    assert recording.damage == ""


def test_the_length_of_a_chunk_behind_the_sound_is_no_damage(tmp_path: Path):
    path = write_words(tmp_path / "a", words=25)
    path.write_bytes(path.read_bytes() + b"LIST" + struct.pack("<I", 4) + b"INFO")
    recording = open_recording(path)
    assert len(read_all(recording)) == 40_000
    assert recording.damage == ""
