# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
"""Pipecat's built-in service for Deepgram Nova on SageMaker, in a pipeline."""

from typing import Any

from benchmarks.access import Access
from benchmarks.drivers.pipeline import PipelineDriver
from benchmarks.makers.builtin import nova


def make(access: Access, options: dict[str, Any]) -> PipelineDriver:
    """Make a driver; it has no options."""
    return PipelineDriver(nova(access))
