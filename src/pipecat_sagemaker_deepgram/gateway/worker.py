# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
"""A worker: runs jobs that gateways have queued, on this host or on others."""

from contextlib import AsyncExitStack
from functools import partial
from typing import Self

from pipecat_sagemaker_deepgram.exceptions import ConfigurationError
from pipecat_sagemaker_deepgram.gateway.endpoints import EndpointList
from pipecat_sagemaker_deepgram.gateway.jobs.service import JobService
from pipecat_sagemaker_deepgram.gateway.jobs.transcription import JobTranscription
from pipecat_sagemaker_deepgram.gateway.metrics import GatewayMetrics
from pipecat_sagemaker_deepgram.gateway.options import GatewayOptions
from pipecat_sagemaker_deepgram.gateway.recorded.requests import EndpointRequests
from pipecat_sagemaker_deepgram.gateway.recorded.streamed import StreamedRecordings
from pipecat_sagemaker_deepgram.gateway.recorded.transcribing import Transcribing


class JobWorker:
    """Runs jobs; an async context manager.

    Args:
        options: Options of endpoints and of the job queue.

    Attributes:
        metrics: Its metrics.

    Raises:
        ConfigurationError: The options have no job queue, or an invalid one.
        StoreUnavailableError: On entering, if the database cannot be used.
    """

    def __init__(self, options: GatewayOptions) -> None:
        if options.jobs is None or not options.jobs.concurrency:
            raise ConfigurationError("A worker needs a job queue and a concurrency of at least 1")
        self._limit = options.drain_timeout
        endpoints = EndpointList(options.endpoints)
        self._requests = EndpointRequests(options, endpoints)
        streamed = StreamedRecordings(options, self._requests)
        transcription = JobTranscription(Transcribing(self._requests, streamed), options.tracer)
        self.metrics = GatewayMetrics()
        self._service = JobService(
            options.jobs,
            transcription.transcribe,
            on_attempt=partial(self.metrics.attempt, endpoints),
            on_callback=self.metrics.callback,
        )

    async def __aenter__(self) -> Self:
        async with AsyncExitStack() as opened:
            opened.callback(self._requests.close)
            await opened.enter_async_context(self._service)
            self._opened = opened.pop_all()
        return self

    async def __aexit__(self, *exc: object) -> None:
        await self._opened.aclose()

    async def drain(self) -> None:
        """Claim no more jobs, and wait until those in progress are done, within the limit.

        Jobs that are not done by then are returned to the queue.
        """
        await self._service.drain(self._limit)
