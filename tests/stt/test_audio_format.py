# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
"""Audio of another format: all of it comes out, in the format that is wanted."""

import numpy as np
import pytest
from numpy.typing import NDArray
from pipecat.frames.frames import InputAudioRawFrame, UserAudioRawFrame

from pipecat_sagemaker_deepgram.container import marked_audio
from pipecat_sagemaker_deepgram.container.recognizers.scripted.marked_audio import (
    MarkedAudioDecoder,
)
from pipecat_sagemaker_deepgram.stt.audio_format import AudioConverter, AudioInput, Linear16Format

MONO = Linear16Format(16_000, 1)

FORMATS = [
    (Linear16Format(8_000, 1), MONO),
    (Linear16Format(48_000, 2), MONO),
    (Linear16Format(44_100, 1), MONO),
    (Linear16Format(16_000, 2), MONO),
    (Linear16Format(22_050, 1), Linear16Format(8_000, 2)),
]


def _bursts(count: int, rate: int) -> NDArray[np.int16]:
    """So many tones of 60 ms, 100 ms apart."""
    times = np.arange(rate // 10) / rate
    tone = np.where(times < 0.06, 12_000 * np.sin(2 * np.pi * 440 * times), 0.0)
    return np.tile(tone.astype(np.int16), count)


def _count_bursts(samples: NDArray[np.int16], rate: int) -> int:
    blocks = samples[: len(samples) // (rate // 100) * (rate // 100)].reshape(-1, rate // 100)
    is_loud = np.abs(blocks.astype(np.int32)).max(axis=1) > 4_000
    return int(is_loud[0]) + int((is_loud[1:] & ~is_loud[:-1]).sum())


def _pieces(audio: bytes, size: int) -> list[bytes]:
    return [audio[start : start + size] for start in range(0, len(audio), size)]


@pytest.mark.parametrize(("given", "wanted"), FORMATS, ids=str)
@pytest.mark.parametrize("size", [641, 4_000])
def test_no_millisecond_and_no_mark_is_left_inside(
    given: Linear16Format, wanted: Linear16Format, size: int
) -> None:
    """The audio is asked for in the middle, too, where a pause is."""
    samples = np.repeat(_bursts(20, given.sample_rate), given.channels)
    converter = AudioConverter(given, wanted)
    audio = b"".join(converter.convert(piece) for piece in _pieces(samples.tobytes(), size))
    audio += converter.flush()
    again = b"".join(converter.convert(piece) for piece in _pieces(samples.tobytes(), size))
    audio += again + converter.flush()
    assert converter.held_seconds == 0.0
    out = np.frombuffer(audio, np.int16).reshape(-1, wanted.channels)
    assert len(out) / wanted.sample_rate == pytest.approx(4.0, abs=0.0005)
    assert _count_bursts(out[:, 0], wanted.sample_rate) == 40


def test_what_is_held_is_known() -> None:
    converter = AudioConverter(Linear16Format(8_000, 1), MONO)
    out = b"".join(converter.convert(bytes(320)) for _ in range(10))
    held = converter.held_seconds
    assert 0.0 < held < 0.12
    assert len(out) / 32_000 + held == pytest.approx(0.2)
    assert len(converter.flush()) / 32_000 == pytest.approx(held)
    assert converter.flush() == b""


def test_mixed_audio_has_every_mark() -> None:
    samples = np.repeat(np.frombuffer(marked_audio(0, 20), "<i2"), 2)
    mixed = AudioConverter(Linear16Format(16_000, 2), MONO).convert(samples.tobytes())
    assert [word.index for word in MarkedAudioDecoder().feed(mixed)] == list(range(20))


@pytest.mark.parametrize(
    ("given", "wanted", "mixed"),
    [
        ([[100, 300]], 1, [[200]]),
        ([[100, 300, 500]], 2, [[100, 400]]),
        ([[100]], 2, [[100, 0]]),
        ([[32_767, 32_767]], 1, [[32_767]]),
    ],
)
def test_channels_are_mixed_and_none_is_doubled(
    given: list[list[int]], wanted: int, mixed: list[list[int]]
) -> None:
    samples = np.array(given, "<i2")
    converter = AudioConverter(
        Linear16Format(8_000, samples.shape[1]), Linear16Format(8_000, wanted)
    )
    out = np.frombuffer(converter.convert(samples.tobytes()), "<i2").reshape(-1, wanted)
    assert out.tolist() == mixed


# Frames


def _frame(rate: int, seconds: float = 0.02, channels: int = 1) -> InputAudioRawFrame:
    audio = bytes(round(rate * seconds) * 2 * channels)
    return InputAudioRawFrame(audio=audio, sample_rate=rate, num_channels=channels)


def test_a_frame_of_the_wanted_format_stays_what_it_is() -> None:
    frame = _frame(16_000)
    taken = AudioInput(MONO)
    assert taken.convert(frame) is frame
    assert taken.news_of(frame) == ""
    assert taken.flush() == b""


def test_another_format_is_reported_once_and_its_frames_keep_their_user() -> None:
    taken = AudioInput(MONO)
    frame = UserAudioRawFrame(
        audio=bytes(4_800), sample_rate=8_000, num_channels=1, user_id="alice"
    )
    assert "8000 Hz and 1 channel" in taken.news_of(frame)
    assert taken.news_of(frame) == ""
    assert "mixed" in taken.news_of(_frame(16_000, channels=2))
    converted = taken.convert(frame)
    assert isinstance(converted, UserAudioRawFrame)
    assert (converted.user_id, converted.sample_rate) == ("alice", 16_000)
    assert (frame.sample_rate, len(frame.audio)) == (8_000, 4_800)


def test_a_format_that_changes_leaves_nothing_behind() -> None:
    taken = AudioInput(MONO)
    frames = [_frame(rate) for rate in (8_000, 48_000, 16_000, 8_000) for _ in range(10)]
    converted = [taken.convert(frame) for frame in frames]
    audio = b"".join(frame.audio for frame in converted if frame is not None) + taken.flush()
    assert len(audio) / 32_000 == pytest.approx(0.8, abs=0.0005)


def test_a_frame_without_a_format_is_taken_as_it_is() -> None:
    frame = InputAudioRawFrame(audio=bytes(640), sample_rate=0, num_channels=1)
    assert AudioInput(MONO).convert(frame) is frame
