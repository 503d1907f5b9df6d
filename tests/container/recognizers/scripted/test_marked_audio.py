# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
"""Marked audio and its decoder."""

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from pipecat_sagemaker_deepgram.audio.pcm import decode
from pipecat_sagemaker_deepgram.container.recognizers.scripted.marked_audio import (
    MarkedAudioDecoder,
    MarkedWord,
    marked_audio,
)

rates = st.sampled_from([8000, 16000, 24000, 48000])


def heard(pcm: bytes, *, chunk: int | None = None) -> list[MarkedWord]:
    decoder = MarkedAudioDecoder()
    size = chunk or len(pcm) or 1
    return [w for at in range(0, len(pcm), size) for w in decoder.feed(pcm[at : at + size])]


@settings(deadline=None, max_examples=40)
@example(8000, 0, 3, 5, 1)
@given(
    rates,
    st.integers(0, 60000),
    st.integers(1, 12),
    st.integers(3, 25),
    st.integers(40, 3000),
)
def test_every_word_is_found_once_with_its_exact_place(rate, first, count, hundredths, chunk):
    samples = round(hundredths / 100 * rate)
    audio = marked_audio(first, count, word_seconds=hundredths / 100, sample_rate=rate)
    expected = [MarkedWord(first + i, i * samples, (i + 1) * samples) for i in range(count)]
    assert heard(audio, chunk=2 * chunk) == expected


@settings(deadline=None, max_examples=60)
@given(st.integers(0, 8 * 800), st.integers(50, 700))
def test_of_two_pieces_of_cut_audio_exactly_one_hears_each_word(cut, chunk):
    """Cut at any sample; only a piece shorter than one whole frame shows no place."""
    audio = marked_audio(100, 8, word_seconds=0.1, sample_rate=8000)
    before, after = audio[: 2 * cut], audio[2 * cut :]
    found = [w.index for w in heard(before, chunk=2 * chunk) + heard(after, chunk=2 * chunk)]
    assert found == list(range(100, 108))


def test_the_middle_sample_decides():
    audio = marked_audio(7, 1, word_seconds=0.1, sample_rate=16000)
    assert heard(audio[: 2 * 800]) == []
    assert [w.index for w in heard(audio[: 2 * 801])] == [7]
    assert [w.index for w in heard(audio[2 * 800 :])] == [7]
    assert heard(audio[2 * 801 :]) == []


def test_silence_put_into_a_word_does_not_double_it():
    audio = marked_audio(7, 1)
    for cut in (2 * 300, 2 * 800, 2 * 1300):
        assert [w.index for w in heard(audio[:cut] + bytes(3200) + audio[cut:])] == [7]


@pytest.mark.parametrize("encoding", ["mulaw", "alaw"])
def test_the_marks_survive_companding(encoding):
    levels = decode(bytes(range(256)), encoding).astype(int)
    audio = np.frombuffer(bytes(320) + marked_audio(4090, 12, sample_rate=8000), "<i2").astype(int)
    codes = np.abs(audio[:, None] - levels[None, :]).argmin(axis=1).astype(np.uint8)
    squeezed = decode(codes.tobytes(), encoding).astype("<i2").tobytes()
    assert [w.index for w in heard(squeezed)] == list(range(4090, 4102))


def test_silence_holds_no_words_and_no_voice():
    decoder = MarkedAudioDecoder()
    assert decoder.feed(bytes(32000)) == []
    assert (decoder.position, decoder.voiced_to) == (16000, 0)


def test_voice_is_located():
    decoder = MarkedAudioDecoder()
    decoder.feed(bytes(2000) + marked_audio(0, 2) + bytes(1000))
    assert (decoder.voiced_from, decoder.voiced_to) == (1000, 4200)


def test_a_damaged_frame_is_not_believed():
    audio = np.frombuffer(marked_audio(3, 1, word_seconds=0.1), "<i2").copy()
    audio[4::14] = 900 * 9
    assert heard(audio.tobytes()) == []


def test_a_wave_is_no_word():
    tone = (np.sin(np.arange(16000) * 0.3) * 16000).astype("<i2")
    assert heard(tone.tobytes()) == []


@pytest.mark.parametrize(("first", "count"), [(-1, 1), (65536, 1), (65530, 7)])
def test_an_index_that_does_not_fit_is_refused(first, count):
    with pytest.raises(ValueError, match="can be marked"):
        marked_audio(first, count)


@pytest.mark.parametrize("seconds", [0.001, 5.0])
def test_a_slot_that_does_not_fit_is_refused(seconds):
    with pytest.raises(ValueError, match="cannot be marked"):
        marked_audio(0, 1, word_seconds=seconds)
