# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
"""The Pipecat services.

This package imports ``client``, ``deepgram`` and Pipecat's public modules, but neither the AWS SDK
nor HTTP/2. Names are imported when they are first used, so that a bot does not load a service that
it does not use.
"""

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pipecat_sagemaker_deepgram.deepgram.v2.capabilities import CapabilityCache, ContainerPlace
    from pipecat_sagemaker_deepgram.stt.flux.service import (
        DeepgramFluxSageMakerSTTService,
        FluxServiceOptions,
    )
    from pipecat_sagemaker_deepgram.stt.flux.settings import DeepgramFluxSageMakerSTTSettings
    from pipecat_sagemaker_deepgram.stt.metrics import SessionMetricsData, SessionMetricsFrame
    from pipecat_sagemaker_deepgram.stt.nova.service import DeepgramSageMakerSTTService
    from pipecat_sagemaker_deepgram.stt.nova.settings import DeepgramSageMakerSTTSettings
    from pipecat_sagemaker_deepgram.stt.options import STTServiceOptions

__all__ = [
    "CapabilityCache",
    "ContainerPlace",
    "DeepgramFluxSageMakerSTTService",
    "DeepgramFluxSageMakerSTTSettings",
    "DeepgramSageMakerSTTService",
    "DeepgramSageMakerSTTSettings",
    "FluxServiceOptions",
    "STTServiceOptions",
    "SessionMetricsData",
    "SessionMetricsFrame",
]

_PACKAGE = __name__.rpartition(".")[0]

_FILE_OF = {
    "ContainerPlace": "deepgram.v2.capabilities",
    "CapabilityCache": "deepgram.v2.capabilities",
    "FluxServiceOptions": "stt.flux.service",
    "STTServiceOptions": "stt.options",
    "DeepgramFluxSageMakerSTTService": "stt.flux.service",
    "DeepgramFluxSageMakerSTTSettings": "stt.flux.settings",
    "DeepgramSageMakerSTTService": "stt.nova.service",
    "DeepgramSageMakerSTTSettings": "stt.nova.settings",
    "SessionMetricsData": "stt.metrics",
    "SessionMetricsFrame": "stt.metrics",
}


def __getattr__(name: str) -> object:
    if name not in _FILE_OF:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{_PACKAGE}.{_FILE_OF[name]}"), name)
