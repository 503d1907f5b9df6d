# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
"""Opens the session behind a client's stream."""

import asyncio
from collections.abc import Callable

from loguru import logger

from pipecat_sagemaker_deepgram.client.bidi_client import SageMakerBidiClient
from pipecat_sagemaker_deepgram.client.clock import loop_time
from pipecat_sagemaker_deepgram.client.config import Target
from pipecat_sagemaker_deepgram.client.records import AttemptFailed, Connecting, SessionEvent
from pipecat_sagemaker_deepgram.client.stream_protocol import StreamProtocol
from pipecat_sagemaker_deepgram.exceptions import SageMakerDeepgramError
from pipecat_sagemaker_deepgram.gateway.endpoints import EndpointList, connection_options
from pipecat_sagemaker_deepgram.gateway.metrics import GatewayMetrics
from pipecat_sagemaker_deepgram.gateway.options import GatewayOptions
from pipecat_sagemaker_deepgram.gateway.refusals import (
    endpoint_refusal,
    no_endpoint,
    no_such_model,
)


class Sessions:
    """Opens sessions.

    Args:
        options: Options of endpoints and sessions.
        endpoints: Finds the endpoints of a model.
        metrics: Counts the events of sessions.
    """

    def __init__(
        self, options: GatewayOptions, endpoints: EndpointList, metrics: GatewayMetrics
    ) -> None:
        self._options = options
        self._metrics = metrics
        self._endpoints = endpoints

    async def open(
        self, model: str, protocol: StreamProtocol, *, request_id: str
    ) -> SageMakerBidiClient:
        """Open a session and wait until an endpoint has accepted its first stream.

        Args:
            model: The model that the client asks for.
            protocol: Interprets the endpoint's messages.
            request_id: Id of the client's stream, for the log.

        Raises:
            RequestError: No endpoint serves the model or accepts the stream.
        """
        targets = self._endpoints.targets(model, loop_time())
        if not targets:
            raise no_such_model() if self._endpoints.endpoints else no_endpoint()
        failures: list[SageMakerDeepgramError] = []
        session = self._make(targets, protocol, failures)
        try:
            async with asyncio.timeout(self._options.open_timeout):
                await session.start_session()
        except (SageMakerDeepgramError, TimeoutError) as error:
            cause = failures[-1] if failures else error
            logger.warning("{}: no endpoint accepted the stream: {}", request_id, cause)
            await session.close_session(timeout=0.0)
            is_known = self._endpoints.knows(model, protocol.invocation_path)
            raise endpoint_refusal(cause, has_known_model=is_known) from error
        except BaseException:
            await session.close_session(timeout=0.0)
            raise
        return session

    def _make(
        self,
        targets: tuple[Target, ...],
        protocol: StreamProtocol,
        failures: list[SageMakerDeepgramError],
    ) -> SageMakerBidiClient:
        first, *others = targets
        options = connection_options(self._options.connection, first)
        return SageMakerBidiClient(
            first.endpoint_name,
            first.region,
            protocol=protocol,
            config=self._options.session,
            on_event=self._observer(targets, failures),
            targets=others,
            **options,  # pyright: ignore[reportArgumentType]
        )

    def _observer(
        self, targets: tuple[Target, ...], failures: list[SageMakerDeepgramError]
    ) -> Callable[[SessionEvent], None]:
        streams: dict[int, Target] = {}
        count = self._metrics.session()

        def note(event: SessionEvent) -> None:
            match event:
                case Connecting(stream=stream, target=target):
                    streams[stream] = _given(target, targets)
                case AttemptFailed(cause=cause):
                    failures.append(cause)
                case _:
                    pass
            count(event)
            self._endpoints.observe(event, streams, loop_time())

        return note


def _given(complete: Target, targets: tuple[Target, ...]) -> Target:
    """The configured target that the session has resolved."""
    for each in targets:
        is_there = each.region in (None, complete.region)
        if is_there and each.endpoint_name == complete.endpoint_name:
            return each
    return complete
