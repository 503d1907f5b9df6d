# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
"""Pipecat's built-in service for Deepgram Nova on SageMaker, in a pipeline."""

from typing import Any

from pipecat.services.aws.sagemaker.bidi_client import SageMakerBidiClient
from pipecat.services.deepgram.sagemaker import stt

from benchmarks.access import ENDPOINT_NAME, REGION, Access
from benchmarks.drivers.pipeline import PipelineDriver

_CLIENT = "SageMakerBidiClient"


def _use_endpoint(url: str) -> None:
    """Send streams to an endpoint other than AWS, for which the service has no option."""

    class LocalClient(SageMakerBidiClient):
        def __init__(self, **keywords: Any) -> None:
            super().__init__(**keywords)
            self.bidi_endpoint = url

    setattr(stt, _CLIENT, LocalClient)


def make(access: Access, options: dict[str, Any]) -> PipelineDriver:
    """Make a driver; nothing can be chosen."""
    if getattr(stt, _CLIENT) is SageMakerBidiClient:
        _use_endpoint(access.url)
    return PipelineDriver(
        stt.DeepgramSageMakerSTTService(endpoint_name=ENDPOINT_NAME, region=REGION)
    )
