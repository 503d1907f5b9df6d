# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
"""The small models that come in Pipecat's package, found and opened without importing Pipecat."""

import importlib.util
from pathlib import Path
from typing import Any

from pipecat_sagemaker_deepgram.container.recognizers.recognizer import (
    RecognizerUnavailableError,
)


def open_model(folder: Path, pattern: str, name: str) -> Any:
    """Open the newest model in a folder of Pipecat's package, for use by one thread at a time.

    Args:
        folder: The folder in the package.
        pattern: The pattern of its file name.
        name: Its name in error messages.

    Raises:
        RecognizerUnavailableError: The model is missing or cannot be run.
    """
    spec = importlib.util.find_spec("pipecat")
    place = Path(spec.origin).parent / folder if spec and spec.origin else folder
    models = sorted(place.glob(pattern))
    if not models:
        raise RecognizerUnavailableError(
            f"there is no {name} model in {place}; pipecat-ai 1.11 and later include one"
        )
    return _open(models[-1])


def _open(path: Path) -> Any:
    try:
        import onnxruntime
    except ImportError as error:
        raise RecognizerUnavailableError(
            "onnxruntime cannot be used; install it with: "
            "pip install 'pipecat-sagemaker-deepgram[local]'"
        ) from error
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = options.inter_op_num_threads = 1
    return onnxruntime.InferenceSession(
        str(path), sess_options=options, providers=["CPUExecutionProvider"]
    )
