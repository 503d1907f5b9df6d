# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
"""The voice detection model from Pipecat's package."""

import numpy as np
import pytest
from pipecat.audio.vad.silero import SileroVADAnalyzer

from pipecat_sagemaker_deepgram.container.recognizers.moonshine.voice import (
    VoiceDetector,
    load_silero,
)
from tests.speech_clips import excerpts

_WINDOW = 1024


def windows() -> list[bytes]:
    speech = excerpts()[0].linear16()[: 32000 * 5]
    return [speech[at : at + _WINDOW] for at in range(0, len(speech) - _WINDOW, _WINDOW)]


def test_it_says_what_pipecats_own_analyzer_says():
    detector = VoiceDetector(load_silero())
    analyzer = SileroVADAnalyzer(sample_rate=16000)
    analyzer.set_sample_rate(16000)
    for window in windows():
        wanted = float(np.ravel(analyzer.voice_confidence(window))[0])
        assert detector.probability(window) == pytest.approx(wanted, abs=0.02)


def test_detectors_of_one_model_do_not_hear_each_other():
    model = load_silero()
    alone, beside, other = (VoiceDetector(model) for _ in range(3))
    expected = [alone.probability(window) for window in windows()]
    heard = []
    for window in windows():
        heard.append(beside.probability(window))
        other.probability(bytes(_WINDOW))
    assert heard == expected
