# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
import os
import wave
from pathlib import Path

import numpy as np
import pytest
import soundfile

from pipecat_sagemaker_deepgram.cli.audio_file import open_audio
from pipecat_sagemaker_deepgram.cli.exceptions import CommandError

from .recordings import samples_of


def tone(hertz: float, *, sample_rate: int, seconds: float = 2.0) -> np.ndarray:
    return 0.5 * np.sin(2 * np.pi * hertz * np.arange(round(seconds * sample_rate)) / sample_rate)


def read_all(path: Path) -> np.ndarray:
    return np.frombuffer(b"".join(open_audio(path).blocks()), "<i2").astype(float) / 32768


def refusal(path: Path) -> str:
    with pytest.raises(CommandError) as refused:
        open_audio(path)
    return str(refused.value)


def test_linear16_at_16_khz_arrives_bit_for_bit(tmp_path: Path):
    audio = np.random.default_rng(1).integers(-32768, 32768, 20_001, dtype="<i2").tobytes()
    soundfile.write(tmp_path / "a.wav", samples_of(audio), 16_000, subtype="PCM_16")
    assert b"".join(open_audio(tmp_path / "a.wav").blocks()) == audio


@pytest.mark.parametrize("sample_rate", [8_000, 22_050, 44_100, 48_000])
def test_other_rates_are_resampled(tmp_path: Path, sample_rate: int):
    path = tmp_path / "a.wav"
    soundfile.write(path, tone(400, sample_rate=sample_rate), sample_rate)
    found = read_all(path)
    assert len(found) == pytest.approx(32_000, abs=2)
    wanted = tone(400, sample_rate=16_000)[1000:-1000]
    assert np.abs(found[1000 : 1000 + len(wanted)] - wanted).max() < 0.01


def test_channels_are_mixed_down(tmp_path: Path):
    left, right = tone(400, sample_rate=44_100), np.zeros(88_200)
    soundfile.write(tmp_path / "a.wav", np.stack([left, right], axis=1), 44_100)
    assert np.abs(read_all(tmp_path / "a.wav")).max() == pytest.approx(0.25, abs=0.01)


@pytest.mark.parametrize("name", ["a.flac", "a.ogg", "a.mp3"])
def test_compressed_files_are_read(tmp_path: Path, name: str):
    soundfile.write(tmp_path / name, tone(400, sample_rate=44_100), 44_100)
    assert open_audio(tmp_path / name).seconds == pytest.approx(2.0, abs=0.1)
    loudness = np.sqrt(np.mean(read_all(tmp_path / name) ** 2))
    assert loudness == pytest.approx(0.5 / np.sqrt(2), abs=0.02)


def test_samples_beyond_full_scale_are_clipped_not_wrapped(tmp_path: Path):
    samples = np.array([2.0, -2.0, np.nan, 0.5] * 100, dtype="float32")
    soundfile.write(tmp_path / "a.wav", samples, 16_000, subtype="FLOAT")
    found = read_all(tmp_path / "a.wav")
    assert found[:4].tolist() == [32767 / 32768, -1.0, 0.0, 0.5]


def test_a_long_file_is_read_in_short_blocks(tmp_path: Path):
    soundfile.write(tmp_path / "a.wav", np.zeros(44_100 * 60, "int16"), 44_100)
    assert max(len(block) for block in open_audio(tmp_path / "a.wav").blocks()) < 32_000


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
    assert "holds no audio" in refusal(tmp_path / "a.wav")


def test_text_is_no_audio(tmp_path: Path):
    (tmp_path / "a.wav").write_text("It was the best of times")
    assert "is not audio that can be read" in refusal(tmp_path / "a.wav")


def test_a_file_that_breaks_off_says_so(tmp_path: Path):
    path = tmp_path / "a.flac"
    noise = np.random.default_rng(1).standard_normal(160_000) / 10
    soundfile.write(path, noise, 16_000)
    audio = open_audio(path)
    whole = path.read_bytes()
    path.write_bytes(whole[:1000] + bytes(10) + b"\xff" * (len(whole) - 50_000))
    with pytest.raises(CommandError, match="could not be read to its end"):
        b"".join(audio.blocks())
