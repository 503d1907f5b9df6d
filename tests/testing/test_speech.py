# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
"""What is said in tests."""

import pytest

from pipecat_sagemaker_deepgram.testing import (
    recorded_speech,
    scripted_speech,
    two_cities,
    words_of,
)


def test_scripted_speech_is_as_long_as_its_words_and_its_pause():
    speech = scripted_speech(20, first=5, pause=0.5, sample_rate=8000)
    assert speech.seconds == pytest.approx(2.5)
    assert speech.words == [f"w{number}" for number in range(5, 25)]
    assert speech.sample_rate == 8000


def test_speech_follows_speech():
    speech = scripted_speech(2, pause=0) + scripted_speech(3, first=2)
    assert speech.words == ["w0", "w1", "w2", "w3", "w4"]
    assert speech.seconds == pytest.approx(1.5)
    with pytest.raises(ValueError, match="8000 Hz cannot follow 16000 Hz"):
        _ = speech + scripted_speech(sample_rate=8000)


def test_recorded_speech_has_its_text():
    assert recorded_speech().words[:2] == ["ever", "tried"]
    assert 9 < recorded_speech(sample_rate=8000).seconds < 12
    assert recorded_speech(two_cities()).words[:3] == ["it", "was", "the"]


def test_words_have_no_punctuation_and_no_capitals():
    assert words_of("It's 5 o'clock, Anna - go!") == ["it's", "5", "o'clock", "anna", "go"]
