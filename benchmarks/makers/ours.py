# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
"""This project's services; each is imported only when it is made, as in a bot that has one."""

from typing import TYPE_CHECKING, Any

import pipecat_sagemaker_deepgram as package
from benchmarks.access import ENDPOINT_NAME, REGION, Access

if TYPE_CHECKING:
    from pipecat_sagemaker_deepgram import (
        DeepgramFluxSageMakerSTTService,
        DeepgramSageMakerSTTService,
    )


def nova(access: Access, **options: Any) -> "DeepgramSageMakerSTTService":
    """Deepgram Nova's, with its defaults except for the options."""
    return package.DeepgramSageMakerSTTService(**_place(access), **options)


def flux(access: Access) -> "DeepgramFluxSageMakerSTTService":
    """Deepgram Flux's, with its defaults."""
    return package.DeepgramFluxSageMakerSTTService(**_place(access))


def _place(access: Access) -> dict[str, Any]:
    return {
        "endpoint_name": ENDPOINT_NAME,
        "region": REGION,
        "endpoint_url": access.url,
        "ca_bundle": access.ca_bundle,
    }
