# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
"""A gateway that serves Deepgram's API in front of SageMaker endpoints."""

from pipecat_sagemaker_deepgram.gateway.access.options import AccessOptions
from pipecat_sagemaker_deepgram.gateway.endpoints import Endpoint
from pipecat_sagemaker_deepgram.gateway.jobs.options import CallbackOptions, JobOptions
from pipecat_sagemaker_deepgram.gateway.options import GatewayOptions
from pipecat_sagemaker_deepgram.gateway.recorded.addresses import FetchOptions
from pipecat_sagemaker_deepgram.gateway.server import Gateway
from pipecat_sagemaker_deepgram.gateway.worker import JobWorker

__all__ = [
    "AccessOptions",
    "CallbackOptions",
    "Endpoint",
    "FetchOptions",
    "Gateway",
    "GatewayOptions",
    "JobOptions",
    "JobWorker",
]
