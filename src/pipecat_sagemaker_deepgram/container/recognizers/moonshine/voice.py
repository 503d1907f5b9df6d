# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
"""Voice detection in windows of audio, by the Silero model in Pipecat's package."""

from pathlib import Path
from typing import Any

import numpy as np

from pipecat_sagemaker_deepgram.container.recognizers.moonshine.pipecat_models import open_model
from pipecat_sagemaker_deepgram.container.recognizers.moonshine.transcribers import (
    SAMPLE_RATE,
    to_samples,
)

_CONTEXT = 64
"""Samples of the previous window that the model gets with each window."""

_FOLDER = Path("audio/vad/data")


def load_silero() -> Any:
    """Open the model; it may be shared by all detectors.

    Raises:
        RecognizerUnavailableError: The model is missing or cannot be run.
    """
    return open_model(_FOLDER, "silero_vad*.onnx", "voice detection")


class VoiceDetector:
    """Detects voice in one stream; the model keeps state from window to window.

    Args:
        model: The model, from ``load_silero``.
    """

    def __init__(self, model: Any) -> None:
        self._model = model
        self._state = np.zeros((2, 1, 128), np.float32)
        self._context = np.zeros(_CONTEXT, np.float32)
        self._rate = np.array(SAMPLE_RATE, np.int64)

    def probability(self, window: bytes) -> float:
        """Judge the next window of 512 samples, linear16 at 16 kHz.

        Returns:
            The probability of a voice, 0.0 to 1.0.
        """
        samples = to_samples(window)
        given = np.concatenate([self._context, samples])[np.newaxis]
        self._context = samples[-_CONTEXT:]
        output, self._state = self._model.run(
            None, {"input": given, "state": self._state, "sr": self._rate}
        )
        return float(output[0, 0])
