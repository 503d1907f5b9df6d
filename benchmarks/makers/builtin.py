# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
"""Pipecat's own services; each is imported only when it is made, as in a bot that has one."""

from typing import Any

from pipecat.services.aws.sagemaker.bidi_client import SageMakerBidiClient
from pipecat.services.stt_service import STTService

from benchmarks.access import ENDPOINT_NAME, REGION, Access


def nova(access: Access) -> STTService:
    """Deepgram Nova's, with its defaults."""
    from pipecat.services.deepgram.sagemaker import stt as nova_module

    _use_endpoint(nova_module, access.url)
    return nova_module.DeepgramSageMakerSTTService(endpoint_name=ENDPOINT_NAME, region=REGION)


def flux(access: Access) -> STTService:
    """Deepgram Flux's, with its defaults."""
    from pipecat.services.deepgram.flux.sagemaker import stt as flux_module

    _use_endpoint(flux_module, access.url)
    return flux_module.DeepgramFluxSageMakerSTTService(endpoint_name=ENDPOINT_NAME, region=REGION)


def _use_endpoint(module: Any, url: str) -> None:
    """Send streams to an endpoint other than AWS, for which the services have no option."""
    if module.SageMakerBidiClient is not SageMakerBidiClient:
        return

    class LocalClient(SageMakerBidiClient):
        def __init__(self, **keywords: Any) -> None:
            super().__init__(**keywords)
            self.bidi_endpoint = url

    module.SageMakerBidiClient = LocalClient
