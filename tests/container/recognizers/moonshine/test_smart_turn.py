# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
"""The end-of-turn model from Pipecat's package."""

import sys
from pathlib import Path

import numpy as np
import pytest
from pipecat.audio.turn.smart_turn.local_smart_turn_v3 import LocalSmartTurnAnalyzerV3
from pipecat.metrics.metrics import TurnMetricsData

from pipecat_sagemaker_deepgram.container import RecognizerUnavailableError
from pipecat_sagemaker_deepgram.container.recognizers.moonshine.smart_turn import (
    load_smart_turn,
    spectrogram,
)
from pipecat_sagemaker_deepgram.container.recognizers.moonshine.transcribers import (
    SAMPLE_RATE,
    to_samples,
)
from tests.speech_clips import excerpts

PAUSE = bytes(2 * 4800)
_SECONDS = 8


def tone(hz: float, *, loudness: float = 0.5) -> np.ndarray:
    times = np.arange(_SECONDS * SAMPLE_RATE) / SAMPLE_RATE
    return (loudness * np.sin(2 * np.pi * hz * times)).astype(np.float32)


def test_a_spectrogram_has_eighty_bands_and_a_hundred_frames_a_second():
    bands = spectrogram(tone(1000.0))
    assert bands.shape == (80, 100 * _SECONDS)
    assert bands.max() - bands.min() <= 2.0 + 1e-9


@pytest.mark.parametrize(("hz", "band"), [(200.0, 5), (1000.0, 26), (4000.0, 62)])
def test_a_tone_is_in_its_band(hz, band):
    """Bands are even up to 1 kHz, at 37 Hz each, and ever wider from there on."""
    loudest = spectrogram(tone(hz))[:, 400].argmax()
    assert abs(int(loudest) - band) <= 1


def test_loudness_does_not_matter():
    loud, soft = spectrogram(tone(440.0)), spectrogram(tone(440.0, loudness=0.1))
    assert loud == pytest.approx(soft, abs=1e-3)


async def test_it_says_what_pipecats_own_analyzer_says():
    model = load_smart_turn()
    for clip in excerpts():
        speech = clip.linear16()
        for pcm in (speech + PAUSE, speech[: len(speech) // 4 * 2] + PAUSE):
            assert model.probability(to_samples(pcm)) == pytest.approx(
                await pipecats_probability(pcm), abs=1e-3
            )


async def pipecats_probability(pcm: bytes) -> float:
    analyzer = LocalSmartTurnAnalyzerV3(sample_rate=SAMPLE_RATE)
    analyzer.set_sample_rate(SAMPLE_RATE)
    analyzer.append_audio(pcm, is_speech=True)
    try:
        _, metrics = await analyzer.analyze_end_of_turn()
    finally:
        await analyzer.cleanup()
    assert isinstance(metrics, TurnMetricsData)
    return metrics.probability


def test_silence_can_be_judged():
    assert 0.0 <= load_smart_turn().probability(np.zeros(100, np.float32)) <= 1.0


def test_a_missing_runtime_is_named(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setitem(sys.modules, "onnxruntime", None)
    with pytest.raises(RecognizerUnavailableError, match=r"pip install .*\[local\]"):
        load_smart_turn()


def test_a_pipecat_without_a_model_is_reported(monkeypatch: pytest.MonkeyPatch, tmp_path: Path):
    (tmp_path / "pipecat").mkdir()
    (tmp_path / "pipecat" / "__init__.py").touch()
    monkeypatch.syspath_prepend(tmp_path)
    monkeypatch.delitem(sys.modules, "pipecat", raising=False)
    with pytest.raises(RecognizerUnavailableError, match="no smart-turn model in"):
        load_smart_turn()
