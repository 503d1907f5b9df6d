# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
"""Sending requests to endpoints, each to the first target that can answer it."""

from dataclasses import replace
from http import HTTPStatus
from typing import Any

import msgspec
from loguru import logger

from pipecat_sagemaker_deepgram.client.clock import loop_time
from pipecat_sagemaker_deepgram.client.config import RetryPolicy, Target
from pipecat_sagemaker_deepgram.deepgram.v1.protocol import INVOCATION_PATH
from pipecat_sagemaker_deepgram.exceptions import (
    ConfigurationError,
    ModelUnavailableError,
    SageMakerDeepgramError,
)
from pipecat_sagemaker_deepgram.gateway.endpoints import EndpointList, connection_options
from pipecat_sagemaker_deepgram.gateway.options import GatewayOptions
from pipecat_sagemaker_deepgram.gateway.refusals import (
    bad_query,
    endpoint_refusal,
    no_endpoint,
    no_such_model,
)
from pipecat_sagemaker_deepgram.recorded.invoking import RecordingInvoker
from pipecat_sagemaker_deepgram.transport.invoke_endpoint import EndpointAnswer, EndpointRequest
from pipecat_sagemaker_deepgram.web.errors import RequestError

LONGEST_ATTRIBUTES = 1024
"""Longest path and query, in characters (service model of SageMaker Runtime,
``CustomAttributes``)."""

_RETRIES = RetryPolicy(max_retries=2, retry_budget=20.0)
_CONCURRENCY = 50


class EndpointRequests:
    """Sends requests.

    Args:
        options: How to reach the endpoints.
        endpoints: Finds the endpoints of a model.
    """

    def __init__(self, options: GatewayOptions, endpoints: EndpointList) -> None:
        self._options = options
        self._endpoints = endpoints
        self._invokers: dict[Target, RecordingInvoker] = {}

    def targets(self, model: str) -> tuple[Target, ...]:
        """The targets for a model, in order.

        Raises:
            RequestError: There are none.
        """
        targets = self._endpoints.targets(model, loop_time())
        if not targets:
            raise no_such_model() if self._endpoints.endpoints else no_endpoint()
        return targets

    def knows(self, model: str) -> bool:
        """Whether Deepgram has a model of this name for recordings, or an endpoint has it."""
        return self._endpoints.knows(model, INVOCATION_PATH)

    async def send(
        self, model: str, request: EndpointRequest, *, request_id: str
    ) -> EndpointAnswer:
        """Send a request.

        Args:
            model: The model that the client asks for.
            request: The request.
            request_id: Its id, for the log.

        Raises:
            RequestError: The container refused it, or no endpoint can answer it.
        """
        if len(request.custom_attributes) > LONGEST_ATTRIBUTES:
            raise bad_query(
                f"the path and query have {len(request.custom_attributes)} characters, but "
                f"SageMaker accepts at most {LONGEST_ATTRIBUTES}"
            )
        failure: SageMakerDeepgramError | None = None
        for target in self.targets(model):
            try:
                return (await self._invoker(target).invoke(request)).answer
            except ConfigurationError as error:
                raise bad_query(str(error)) from error
            except SageMakerDeepgramError as error:
                if (refused := refusal_of_container(error)) is not None:
                    raise refused from error
                logger.warning("{}: {} failed: {}", request_id, target.endpoint_name, error)
                failure = error
        assert failure is not None
        raise endpoint_refusal(failure) from failure

    def close(self) -> None:
        """Close idle connections."""
        for invoker in self._invokers.values():
            invoker.close()
        self._invokers.clear()

    def _invoker(self, target: Target) -> RecordingInvoker:
        if target not in self._invokers:
            options = connection_options(self._options.connection, target)
            self._invokers[target] = RecordingInvoker(
                target.endpoint_name,
                target.region,
                config=replace(self._options.session, connection_timeout=5.0),
                retry_policy=_RETRIES,
                concurrency=_CONCURRENCY,
                options=options,  # pyright: ignore[reportArgumentType]
            )
        return self._invokers[target]


class ContainerRefusal(RequestError):
    """An error response of a container, passed on unchanged.

    Args:
        status: Its HTTP status.
        answer: Its body, as JSON.
    """

    def __init__(self, status: HTTPStatus, answer: dict[str, Any]) -> None:
        code = answer.get("err_code") or answer.get("category") or status.phrase
        text = answer.get("err_msg") or answer.get("message") or status.phrase
        super().__init__(status, str(code), str(text))
        self._answer = answer

    def body(self, request_id: str) -> dict[str, Any]:
        """Write the body of the response."""
        return {**self._answer, "request_id": request_id}


def refusal_of_container(error: SageMakerDeepgramError) -> ContainerRefusal | None:
    """The refusal of a container, if the error is one."""
    if not isinstance(error, ModelUnavailableError) or not error.original_status_code:
        return None
    status = error.original_status_code
    if not 400 <= status < 500 or status == HTTPStatus.TOO_MANY_REQUESTS:
        return None
    return ContainerRefusal(HTTPStatus(status), read_object(error.details.encode()))


def read_object(data: bytes) -> dict[str, Any]:
    """Read a JSON object; empty if the text is not one."""
    try:
        found = msgspec.json.decode(data)
    except (msgspec.DecodeError, UnicodeError):
        return {}
    return found if isinstance(found, dict) else {}
