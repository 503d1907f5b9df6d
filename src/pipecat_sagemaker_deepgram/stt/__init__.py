# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
"""The Pipecat services.

Imports ``client``, ``deepgram`` and Pipecat's public modules; neither the AWS SDK nor HTTP/2.
"""

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
