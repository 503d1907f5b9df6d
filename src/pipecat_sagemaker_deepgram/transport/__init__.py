# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
"""One stream to SageMaker.

The only package of the core that imports the AWS SDK, ``h2`` and botocore; their exceptions stop
here. It knows nothing about Pipecat, Deepgram or a second stream.
"""

from pipecat_sagemaker_deepgram.transport.botocore_credentials import (
    BotocoreCredentialsResolver,
    as_resolver,
)
from pipecat_sagemaker_deepgram.transport.config import TransportConfig
from pipecat_sagemaker_deepgram.transport.credentials import (
    Credentials,
    CredentialsResolver,
    CredentialsSession,
    CredentialsSource,
    RefreshingResolver,
    StaticCredentialsResolver,
)
from pipecat_sagemaker_deepgram.transport.endpoint import resolve_region, resolve_url
from pipecat_sagemaker_deepgram.transport.opener import StreamOpener
from pipecat_sagemaker_deepgram.transport.request import StreamRequest
from pipecat_sagemaker_deepgram.transport.shared_config import SharedConfig, load_shared_config
from pipecat_sagemaker_deepgram.transport.stream import SageMakerStream
from pipecat_sagemaker_deepgram.transport.tls import ca_bundle_from, client_context

__all__ = [
    "BotocoreCredentialsResolver",
    "Credentials",
    "CredentialsResolver",
    "CredentialsSession",
    "CredentialsSource",
    "RefreshingResolver",
    "SageMakerStream",
    "SharedConfig",
    "StaticCredentialsResolver",
    "StreamOpener",
    "StreamRequest",
    "TransportConfig",
    "as_resolver",
    "ca_bundle_from",
    "client_context",
    "load_shared_config",
    "resolve_region",
    "resolve_url",
]
