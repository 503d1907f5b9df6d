# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
"""The Pipecat services.

Imports ``client``, ``deepgram`` and Pipecat's public modules; neither the AWS SDK nor HTTP/2.
Names are imported when they are first used: whoever uses one service need not wait for the other.
"""

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pipecat_sagemaker_deepgram.stt.flux.service import DeepgramFluxSageMakerSTTService
    from pipecat_sagemaker_deepgram.stt.flux.settings import DeepgramFluxSageMakerSTTSettings
    from pipecat_sagemaker_deepgram.stt.metrics import SessionMetricsData, SessionMetricsFrame
    from pipecat_sagemaker_deepgram.stt.nova.service import DeepgramSageMakerSTTService
    from pipecat_sagemaker_deepgram.stt.nova.settings import DeepgramSageMakerSTTSettings

__all__ = [
    "DeepgramFluxSageMakerSTTService",
    "DeepgramFluxSageMakerSTTSettings",
    "DeepgramSageMakerSTTService",
    "DeepgramSageMakerSTTSettings",
    "SessionMetricsData",
    "SessionMetricsFrame",
]

_FILE_OF = {
    "DeepgramFluxSageMakerSTTService": "flux.service",
    "DeepgramFluxSageMakerSTTSettings": "flux.settings",
    "DeepgramSageMakerSTTService": "nova.service",
    "DeepgramSageMakerSTTSettings": "nova.settings",
    "SessionMetricsData": "metrics",
    "SessionMetricsFrame": "metrics",
}


def __getattr__(name: str) -> object:
    if name not in _FILE_OF:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{_FILE_OF[name]}"), name)
