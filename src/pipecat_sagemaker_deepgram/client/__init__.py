# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
"""One session that outlives the streams it uses.

``session`` makes all decisions and is pure; the other modules wait. The package imports
``transport`` and knows nothing about Pipecat or Deepgram: what a container's messages mean is
passed to it as a ``StreamProtocol``.
"""

from pipecat_sagemaker_deepgram.client.bidi_client import (
    SageMakerBidiClient,
)
from pipecat_sagemaker_deepgram.client.classify import (
    Classification,
    FailureKind,
    classify,
)
from pipecat_sagemaker_deepgram.client.config import (
    BATCH_CONFIG,
    ClientConfig,
    RetryPolicy,
    Target,
)
from pipecat_sagemaker_deepgram.client.options import (
    ConnectionOptions,
)
from pipecat_sagemaker_deepgram.client.records import (
    AttemptFailed,
    AudioDropped,
    ChangeReason,
    ChangeRefused,
    Closed,
    Connected,
    Connecting,
    ContainerSlow,
    ControlSent,
    FailedOver,
    GivenUp,
    LossReason,
    Lost,
    Message,
    Record,
    RetryScheduled,
    SessionEvent,
    SilenceSent,
    StreamChanged,
)
from pipecat_sagemaker_deepgram.client.session.target_health import TargetHealth
from pipecat_sagemaker_deepgram.client.session.timeline import (
    StreamTimeline,
)
from pipecat_sagemaker_deepgram.client.stats import (
    SessionStats,
)
from pipecat_sagemaker_deepgram.client.stream_protocol import (
    Greeting,
    Keepalive,
    NewStream,
    Reader,
    Reading,
    StreamProtocol,
)

__all__ = [
    "BATCH_CONFIG",
    "AttemptFailed",
    "AudioDropped",
    "ChangeReason",
    "ChangeRefused",
    "Classification",
    "ClientConfig",
    "Closed",
    "Connected",
    "Connecting",
    "ConnectionOptions",
    "ContainerSlow",
    "ControlSent",
    "FailedOver",
    "FailureKind",
    "GivenUp",
    "Greeting",
    "Keepalive",
    "LossReason",
    "Lost",
    "Message",
    "NewStream",
    "Reader",
    "Reading",
    "Record",
    "RetryPolicy",
    "RetryScheduled",
    "SageMakerBidiClient",
    "SessionEvent",
    "SessionStats",
    "SilenceSent",
    "StreamChanged",
    "StreamProtocol",
    "StreamTimeline",
    "Target",
    "TargetHealth",
    "classify",
]
