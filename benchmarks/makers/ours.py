# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
"""This project's services."""

from typing import Any

from benchmarks.access import ENDPOINT_NAME, REGION, Access
from pipecat_sagemaker_deepgram import DeepgramFluxSageMakerSTTService, DeepgramSageMakerSTTService


def nova(access: Access, **options: Any) -> DeepgramSageMakerSTTService:
    """Deepgram Nova's, with its defaults except for the options."""
    return DeepgramSageMakerSTTService(**_place(access), **options)


def flux(access: Access) -> DeepgramFluxSageMakerSTTService:
    """Deepgram Flux's, with its defaults."""
    return DeepgramFluxSageMakerSTTService(**_place(access))


def _place(access: Access) -> dict[str, Any]:
    return {
        "endpoint_name": ENDPOINT_NAME,
        "region": REGION,
        "endpoint_url": access.url,
        "ca_bundle": access.ca_bundle,
    }
