# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
"""Speech-to-text for Pipecat through Deepgram on Amazon SageMaker."""

from importlib.metadata import version

from pipecat_sagemaker_deepgram.client import ClientConfig, SageMakerBidiClient, StreamProtocol
from pipecat_sagemaker_deepgram.exceptions import (
    CertificateError,
    ClosedError,
    ConfigurationError,
    ConnectError,
    ConnectTimeoutError,
    CredentialsError,
    EventStreamError,
    ModelStreamError,
    ModelUnavailableError,
    RejectedError,
    SageMakerDeepgramError,
    StreamError,
    StreamLostError,
    StreamResetError,
    StreamStalledError,
    ThrottledError,
)
from pipecat_sagemaker_deepgram.stt import (
    DeepgramSageMakerSTTService,
    DeepgramSageMakerSTTSettings,
)
from pipecat_sagemaker_deepgram.transport import Credentials, StaticCredentialsResolver

__version__ = version("pipecat-sagemaker-deepgram")

__all__ = [
    "CertificateError",
    "ClientConfig",
    "ClosedError",
    "ConfigurationError",
    "ConnectError",
    "ConnectTimeoutError",
    "Credentials",
    "CredentialsError",
    "DeepgramSageMakerSTTService",
    "DeepgramSageMakerSTTSettings",
    "EventStreamError",
    "ModelStreamError",
    "ModelUnavailableError",
    "RejectedError",
    "SageMakerBidiClient",
    "SageMakerDeepgramError",
    "StaticCredentialsResolver",
    "StreamError",
    "StreamLostError",
    "StreamProtocol",
    "StreamResetError",
    "StreamStalledError",
    "ThrottledError",
    "__version__",
]
