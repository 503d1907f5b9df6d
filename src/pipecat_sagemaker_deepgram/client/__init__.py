# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
"""One session that survives its streams.

Everything that decides here is pure; ``bidi_client`` alone waits. The package imports
``transport`` and knows nothing of Pipecat or of Deepgram: what a container's messages mean is
handed to it as a ``StreamProtocol``.
"""

from pipecat_sagemaker_deepgram.client.bidi_client import SageMakerBidiClient
from pipecat_sagemaker_deepgram.client.config import (
    BATCH_CONFIG,
    ClientConfig,
    RetryPolicy,
    Target,
)
from pipecat_sagemaker_deepgram.client.records import Message
from pipecat_sagemaker_deepgram.client.stats import SessionStats
from pipecat_sagemaker_deepgram.client.stream_protocol import (
    Keepalive,
    Reader,
    Reading,
    StreamProtocol,
)

__all__ = [
    "BATCH_CONFIG",
    "ClientConfig",
    "Keepalive",
    "Message",
    "Reader",
    "Reading",
    "RetryPolicy",
    "SageMakerBidiClient",
    "SessionStats",
    "StreamProtocol",
    "Target",
]
