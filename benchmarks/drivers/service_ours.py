# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
"""This project's service for Deepgram Nova, in a pipeline."""

from typing import Any

from benchmarks.access import Access
from benchmarks.drivers.pipeline import PipelineDriver
from benchmarks.makers.ours import nova
from pipecat_sagemaker_deepgram import ClientConfig


def make(access: Access, options: dict[str, Any]) -> PipelineDriver:
    """Make a driver; the options are fields of ``ClientConfig``."""
    return PipelineDriver(nova(access, client_config=ClientConfig(**options)))
