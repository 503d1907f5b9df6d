# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
"""The emulated endpoint with this project's own model container behind it."""

from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager

from pipecat_sagemaker_deepgram.container import ContainerOptions, ModelContainer
from pipecat_sagemaker_deepgram.testing import EndpointOptions, LocalEndpoint, local_endpoint
from pipecat_sagemaker_deepgram.testing.background import in_background

from ..container.speak.voices import Beeps
from .reader import Reader

NAME = "deepgram"


@contextmanager
def reading_endpoint(options: ContainerOptions | None = None) -> Iterator[LocalEndpoint]:
    """An endpoint whose container hears ``reader.TEXT`` and answers in beeps."""
    with (
        in_background(lambda: _run(options)) as container,
        local_endpoint(EndpointOptions(name=NAME), container_url=container.value) as endpoint,
    ):
        yield endpoint


@asynccontextmanager
async def _run(options: ContainerOptions | None) -> AsyncIterator[str]:
    async with ModelContainer(Reader(), synthesizer=Beeps(), options=options) as container:
        await container.wait_until_ready()
        yield container.url
