# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
"""An endpoint, and boto3 led to it, for all tests of a module."""

from collections.abc import Iterator

import pytest

from pipecat_sagemaker_deepgram.testing import LocalEndpoint

from .boto3_client import Runtime, boto3_runtime
from .endpoints import reading_endpoint


@pytest.fixture(scope="module")
def endpoint() -> Iterator[LocalEndpoint]:
    """The emulated endpoint with this project's container behind it."""
    with reading_endpoint() as endpoint:
        yield endpoint


@pytest.fixture(scope="module")
def runtime(endpoint: LocalEndpoint) -> Iterator[Runtime]:
    """``InvokeEndpoint`` of that endpoint, by boto3."""
    with boto3_runtime(endpoint) as runtime:
        yield runtime
