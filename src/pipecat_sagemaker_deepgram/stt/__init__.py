# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
"""The Pipecat services.

Imports ``client``, ``deepgram`` and Pipecat's public modules; neither the AWS SDK nor HTTP/2.
"""

from pipecat_sagemaker_deepgram.stt.flux import DeepgramFluxSageMakerSTTService
from pipecat_sagemaker_deepgram.stt.flux_settings import DeepgramFluxSageMakerSTTSettings
from pipecat_sagemaker_deepgram.stt.nova import DeepgramSageMakerSTTService
from pipecat_sagemaker_deepgram.stt.nova_settings import DeepgramSageMakerSTTSettings
from pipecat_sagemaker_deepgram.stt.session_metrics import SessionMetricsData

__all__ = [
    "DeepgramFluxSageMakerSTTService",
    "DeepgramFluxSageMakerSTTSettings",
    "DeepgramSageMakerSTTService",
    "DeepgramSageMakerSTTSettings",
    "SessionMetricsData",
]
