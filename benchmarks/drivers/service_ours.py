# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
"""This project's service for Deepgram Nova, in a pipeline."""

from typing import Any

from benchmarks.access import ENDPOINT_NAME, REGION, Access
from benchmarks.drivers.pipeline import PipelineDriver
from pipecat_sagemaker_deepgram import ClientConfig, DeepgramSageMakerSTTService


def make(access: Access, options: dict[str, Any]) -> PipelineDriver:
    """Make a driver; the options are fields of ``ClientConfig``."""
    return PipelineDriver(
        DeepgramSageMakerSTTService(
            endpoint_name=ENDPOINT_NAME,
            region=REGION,
            endpoint_url=access.url,
            ca_bundle=access.ca_bundle,
            client_config=ClientConfig(**options),
        )
    )
