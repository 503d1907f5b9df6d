# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
"""Speech-to-text for Pipecat through Deepgram on Amazon SageMaker.

Names are imported when they are first used, so that ``--help`` need not wait for Pipecat.
"""

from importlib import import_module
from importlib.metadata import version
from typing import TYPE_CHECKING

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
    ProxyError,
    RejectedError,
    SageMakerDeepgramError,
    StreamError,
    StreamLostError,
    StreamResetError,
    StreamStalledError,
    ThrottledError,
)

if TYPE_CHECKING:
    from pipecat_sagemaker_deepgram.client import (
        BATCH_CONFIG,
        ClientConfig,
        Keepalive,
        Message,
        Reader,
        Reading,
        RetryPolicy,
        SageMakerBidiClient,
        SessionStats,
        StreamProtocol,
        Target,
    )
    from pipecat_sagemaker_deepgram.stt import (
        DeepgramFluxSageMakerSTTService,
        DeepgramFluxSageMakerSTTSettings,
        DeepgramSageMakerSTTService,
        DeepgramSageMakerSTTSettings,
        SessionMetricsData,
    )
    from pipecat_sagemaker_deepgram.transport import Credentials, StaticCredentialsResolver

__version__ = version("pipecat-sagemaker-deepgram")

__all__ = [
    "BATCH_CONFIG",
    "CertificateError",
    "ClientConfig",
    "ClosedError",
    "ConfigurationError",
    "ConnectError",
    "ConnectTimeoutError",
    "Credentials",
    "CredentialsError",
    "DeepgramFluxSageMakerSTTService",
    "DeepgramFluxSageMakerSTTSettings",
    "DeepgramSageMakerSTTService",
    "DeepgramSageMakerSTTSettings",
    "EventStreamError",
    "Keepalive",
    "Message",
    "ModelStreamError",
    "ModelUnavailableError",
    "ProxyError",
    "Reader",
    "Reading",
    "RejectedError",
    "RetryPolicy",
    "SageMakerBidiClient",
    "SageMakerDeepgramError",
    "SessionMetricsData",
    "SessionStats",
    "StaticCredentialsResolver",
    "StreamError",
    "StreamLostError",
    "StreamProtocol",
    "StreamResetError",
    "StreamStalledError",
    "Target",
    "ThrottledError",
    "__version__",
]

_ROOM_OF = {
    "BATCH_CONFIG": "client",
    "ClientConfig": "client",
    "Credentials": "transport",
    "DeepgramFluxSageMakerSTTService": "stt",
    "DeepgramFluxSageMakerSTTSettings": "stt",
    "DeepgramSageMakerSTTService": "stt",
    "DeepgramSageMakerSTTSettings": "stt",
    "Keepalive": "client",
    "Message": "client",
    "Reader": "client",
    "Reading": "client",
    "RetryPolicy": "client",
    "SageMakerBidiClient": "client",
    "SessionMetricsData": "stt",
    "SessionStats": "client",
    "StaticCredentialsResolver": "transport",
    "StreamProtocol": "client",
    "Target": "client",
}


def __getattr__(name: str) -> object:
    if name not in _ROOM_OF:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{_ROOM_OF[name]}"), name)
