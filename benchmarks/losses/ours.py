# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
"""This project's services."""

from benchmarks.access import ENDPOINT_NAME, REGION, Access
from pipecat_sagemaker_deepgram import DeepgramFluxSageMakerSTTService, DeepgramSageMakerSTTService


def nova(access: Access) -> DeepgramSageMakerSTTService:
    """Deepgram Nova's, as it comes."""
    return DeepgramSageMakerSTTService(
        endpoint_name=ENDPOINT_NAME,
        region=REGION,
        endpoint_url=access.url,
        ca_bundle=access.ca_bundle,
    )


def flux(access: Access) -> DeepgramFluxSageMakerSTTService:
    """Deepgram Flux's, as it comes."""
    return DeepgramFluxSageMakerSTTService(
        endpoint_name=ENDPOINT_NAME,
        region=REGION,
        endpoint_url=access.url,
        ca_bundle=access.ca_bundle,
    )
