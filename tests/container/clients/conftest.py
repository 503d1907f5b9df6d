# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
"""The server that a client talks to."""

from collections.abc import AsyncIterator

import pytest

from .servers import Server, serving


@pytest.fixture
async def server(request: pytest.FixtureRequest) -> AsyncIterator[Server]:
    """A server of the kind that the test asks for."""
    async with serving(request.param) as server:
        yield server
