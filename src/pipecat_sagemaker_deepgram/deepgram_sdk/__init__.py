# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
"""Runs Deepgram's own SDK on sessions that survive lost streams. Needs the extra ``deepgram``.

``SageMakerTransportFactory`` and ``SageMakerConfig`` have the names and options of Deepgram's
``deepgram-sagemaker``. ``docs/deepgram-sdk.md`` lists the differences.
"""

from importlib import import_module

try:
    import_module("deepgram.transport")
except ImportError as error:
    raise ImportError(
        "deepgram-sdk 6 or 7 is required but not installed; "
        "install it with: pip install 'pipecat-sagemaker-deepgram[deepgram]'"
    ) from error

from pipecat_sagemaker_deepgram.deepgram_sdk.config import SageMakerConfig
from pipecat_sagemaker_deepgram.deepgram_sdk.factory import (
    SageMakerTransportFactory,
    TransportRequest,
)
from pipecat_sagemaker_deepgram.deepgram_sdk.transport import SageMakerTransport, TransportOptions

__all__ = [
    "SageMakerConfig",
    "SageMakerTransport",
    "SageMakerTransportFactory",
    "TransportOptions",
    "TransportRequest",
]
