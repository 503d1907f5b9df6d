# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
"""How probable it is that a speaker has finished, by the smart-turn model in Pipecat's package.

Its input is the last eight seconds of
a turn as a spectrogram like Whisper's: 80 mel bands (Slaney's scale and normalisation), a frame
of 25 ms every 10 ms, logarithmic, of audio normalised to zero mean and unit variance.
"""

from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view
from numpy.typing import NDArray

from pipecat_sagemaker_deepgram.container.recognizers.moonshine.pipecat_models import open_model
from pipecat_sagemaker_deepgram.container.recognizers.moonshine.transcribers import (
    SAMPLE_RATE,
    Samples,
)

_SECONDS = 8
_FRAME, _HOP, _BANDS = 400, 160, 80
_LINEAR_TO_HZ, _LOG_STEP = 1000.0, np.log(6.4) / 27.0
_LINEAR_MELS = 15.0
_FLOOR, _RANGE = 1e-10, 8.0
_LEAST_VARIANCE = 1e-7
_FOLDER = Path("audio/turn/smart_turn/data")


class SmartTurn:
    """The model, for use from any thread.

    Args:
        model: The model.
    """

    def __init__(self, model: Any) -> None:
        self._session = model

    def probability(self, samples: Samples) -> float:
        """Judge speech at 16 kHz that ends with a short pause.

        Returns:
            The probability that the speaker has finished, 0.0 to 1.0.
        """
        features = spectrogram(_last_seconds(samples)).astype(np.float32)
        (answer,) = self._session.run(None, {"input_features": features[np.newaxis]})
        return float(np.clip(answer.reshape(-1)[0], 0.0, 1.0))


def load_smart_turn() -> SmartTurn:
    """Load the newest CPU model in the installed Pipecat.

    Raises:
        RecognizerUnavailableError: The model is missing or cannot be run.
    """
    return SmartTurn(open_model(_FOLDER, "smart-turn-*-cpu.onnx", "smart-turn"))


def _last_seconds(samples: Samples) -> Samples:
    wanted = _SECONDS * SAMPLE_RATE
    return np.pad(samples[-wanted:], (max(0, wanted - len(samples)), 0))


def spectrogram(samples: Samples) -> NDArray[np.float64]:
    """Convert samples to mel bands by frames, most values between -1.0 and 1.0."""
    even = (samples - samples.mean()) / np.sqrt(samples.var() + _LEAST_VARIANCE)
    padded = np.pad(even.astype(np.float64), _FRAME // 2, mode="reflect")
    frames = sliding_window_view(padded, _FRAME)[::_HOP][:-1]
    powers = np.abs(np.fft.rfft(frames * np.hanning(_FRAME + 1)[:-1])) ** 2
    levels = np.log10(np.maximum(_FLOOR, powers @ _mel_bands())).T
    return np.maximum(levels, levels.max() - _RANGE) / 4.0 + 1.0


@cache
def _mel_bands() -> NDArray[np.float64]:
    """The weight of every frequency in every band: triangles of equal area."""
    highest = SAMPLE_RATE / 2
    edges = _hz(np.linspace(0.0, _mels(highest), _BANDS + 2))
    low, peak, high = edges[:-2], edges[1:-1], edges[2:]
    frequencies = np.linspace(0.0, highest, _FRAME // 2 + 1)[:, np.newaxis]
    rising = (frequencies - low) / (peak - low)
    falling = (high - frequencies) / (high - peak)
    return np.maximum(0.0, np.minimum(rising, falling)) * 2.0 / (high - low)


def _mels(hz: float) -> float:
    if hz < _LINEAR_TO_HZ:
        return hz * _LINEAR_MELS / _LINEAR_TO_HZ
    return float(_LINEAR_MELS + np.log(hz / _LINEAR_TO_HZ) / _LOG_STEP)


def _hz(mels: NDArray[np.float64]) -> NDArray[np.float64]:
    linear = mels * _LINEAR_TO_HZ / _LINEAR_MELS
    curved = _LINEAR_TO_HZ * np.exp(_LOG_STEP * (mels - _LINEAR_MELS))
    return np.where(mels < _LINEAR_MELS, linear, curved)
