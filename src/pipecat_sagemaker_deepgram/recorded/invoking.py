# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
"""Sends whole recordings by ``InvokeEndpoint``, with the retries of the session's policy."""

import asyncio
import os
import random
from collections.abc import Callable
from dataclasses import dataclass

from loguru import logger

from pipecat_sagemaker_deepgram.client import (
    Classification,
    ClientConfig,
    ConnectionOptions,
    RetryPolicy,
    classify,
)
from pipecat_sagemaker_deepgram.client.clock import loop_time
from pipecat_sagemaker_deepgram.client.session.backoff import RetryBudget
from pipecat_sagemaker_deepgram.exceptions import SageMakerDeepgramError
from pipecat_sagemaker_deepgram.recorded.planning import is_worth_a_retry
from pipecat_sagemaker_deepgram.transport import (
    as_resolver,
    ca_bundle_from,
    load_shared_config,
    resolve_region,
)
from pipecat_sagemaker_deepgram.transport.invoke_endpoint import (
    EndpointAnswer,
    EndpointInvoker,
    EndpointRequest,
)


@dataclass(frozen=True)
class Answered:
    """An answer.

    Attributes:
        answer: The answer.
        attempts: Number of requests that were made.
        took: Seconds that the successful one took.
    """

    answer: EndpointAnswer
    attempts: int
    took: float


class RecordingInvoker:
    """Sends requests to one endpoint.

    Args:
        endpoint_name: Name of the SageMaker endpoint.
        region: AWS region; by default the environment's or the profile's.
        config: Time limits.
        retry_policy: How often and for how long a request is retried.
        concurrency: Maximum number of concurrent requests.
        classify: Decides which failures another request can overcome.
        options: How to reach the endpoint, and with which credentials.

    Raises:
        ConfigurationError: A parameter is invalid.
    """

    def __init__(
        self,
        endpoint_name: str,
        region: str | None,
        *,
        config: ClientConfig,
        retry_policy: RetryPolicy,
        concurrency: int,
        options: ConnectionOptions,
        classify: Callable[[BaseException], Classification] = classify,
    ) -> None:
        credentials, profile = options.get("credentials"), options.get("profile")
        shared = load_shared_config(os.environ, profile=profile, session=credentials)
        ca_bundle = ca_bundle_from(options.get("ca_bundle"), os.environ, shared)
        self._invoker = EndpointInvoker(
            endpoint_name,
            resolve_region(region, os.environ, shared),
            target_variant=options.get("target_variant"),
            endpoint_url=options.get("endpoint_url"),
            use_fips=options.get("use_fips"),
            use_dualstack=options.get("use_dualstack"),
            ca_bundle=None if ca_bundle is None else str(ca_bundle),
            profile=profile,
            proxy=config.proxy,
            connect_timeout=config.connection_timeout,
            concurrency=concurrency,
        )
        self._credentials = as_resolver(
            credentials, profile=profile, timeout=config.credentials_timeout
        )
        self._classify = classify
        self._policy = retry_policy

    async def invoke(self, request: EndpointRequest) -> Answered:
        """Make a request, and retry it if that may help.

        Args:
            request: The request.

        Raises:
            SageMakerDeepgramError: It was not answered; the class says why.
        """
        budget = RetryBudget(self._policy, random.random)
        attempts, needs_fresh = 0, False
        while True:
            attempts += 1
            began = loop_time()
            try:
                credentials = await self._credentials.resolve(refresh=needs_fresh)
                answer = await self._invoker.invoke(request, credentials)
            except SageMakerDeepgramError as error:
                found = self._classify(error)
                at = budget.fail(loop_time(), retry_after=found.retry_after)
                is_stale_again = needs_fresh and found.needs_fresh_credentials
                is_retryable = is_worth_a_retry(error, is_retryable=found.is_retryable)
                if not is_retryable or at is None or is_stale_again:
                    raise
                needs_fresh = found.needs_fresh_credentials
                logger.debug(f"request {attempts} failed and is retried: {error}")
                await asyncio.sleep(at - loop_time())
            else:
                return Answered(answer, attempts, loop_time() - began)

    def close(self) -> None:
        """Close idle connections."""
        self._invoker.close()
