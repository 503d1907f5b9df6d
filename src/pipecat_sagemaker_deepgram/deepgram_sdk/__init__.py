# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
"""Deepgram's own SDK on a session that survives its streams; needs the extra ``deepgram``.

``SageMakerTransportFactory`` and ``SageMakerConfig`` are those of Deepgram's ``deepgram-sagemaker``
by name and by option. ``docs/deepgram-sdk.md`` says what is different.
"""

from importlib import import_module

try:
    import_module("deepgram.transport")
except ImportError as error:
    raise ImportError(
        "deepgram-sdk 6 or 7 is needed and is not installed; "
        "install it with: pip install 'pipecat-sagemaker-deepgram[deepgram]'"
    ) from error

from pipecat_sagemaker_deepgram.deepgram_sdk.config import SageMakerConfig
from pipecat_sagemaker_deepgram.deepgram_sdk.factory import (
    SageMakerTransportFactory,
    TransportRequest,
)
from pipecat_sagemaker_deepgram.deepgram_sdk.transport import SageMakerTransport

__all__ = [
    "SageMakerConfig",
    "SageMakerTransport",
    "SageMakerTransportFactory",
    "TransportRequest",
]
