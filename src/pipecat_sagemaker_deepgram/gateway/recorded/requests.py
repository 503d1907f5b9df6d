# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
"""Requests to endpoints, each to the first target that can answer it."""

from dataclasses import replace
from http import HTTPStatus
from typing import Any

import msgspec
from loguru import logger

from pipecat_sagemaker_deepgram.client.clock import loop_time
from pipecat_sagemaker_deepgram.client.config import RetryPolicy, Target
from pipecat_sagemaker_deepgram.exceptions import (
    ConfigurationError,
    ModelUnavailableError,
    SageMakerDeepgramError,
)
from pipecat_sagemaker_deepgram.gateway.endpoints import EndpointList
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
"""Characters of path and query (service model of SageMaker Runtime, ``CustomAttributes``)."""

_RETRIES = RetryPolicy(max_retries=2, retry_budget=20.0)
_CONCURRENCY = 50


class EndpointRequests:
    """Sends requests.

    Args:
        options: The endpoints, and how they are reached.
        endpoints: Says where a model is served.
    """

    def __init__(self, options: GatewayOptions, endpoints: EndpointList) -> None:
        self._options = options
        self._endpoints = endpoints
        self._invokers: dict[Target, RecordingInvoker] = {}

    def targets(self, model: str) -> tuple[Target, ...]:
        """Where requests for a model may go, in order.

        Raises:
            RequestError: Nowhere.
        """
        targets = self._endpoints.targets(model, loop_time())
        if not targets:
            raise no_such_model() if self._endpoints.endpoints else no_endpoint()
        return targets

    async def send(
        self, model: str, request: EndpointRequest, *, request_id: str
    ) -> EndpointAnswer:
        """Send a request.

        Args:
            model: What the client asks for.
            request: The request.
            request_id: Names it in the log.

        Raises:
            RequestError: The container refuses it, or no endpoint can answer it.
        """
        if len(request.custom_attributes) > LONGEST_ATTRIBUTES:
            raise bad_query(
                f"the path and query have {len(request.custom_attributes)} characters, and "
                f"SageMaker takes {LONGEST_ATTRIBUTES}"
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
                logger.warning("{}: {} has failed: {}", request_id, target.endpoint_name, error)
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
            options = {**self._options.connection}
            if target.target_variant is not None:
                options["target_variant"] = target.target_variant
            if target.endpoint_url is not None:
                options["endpoint_url"] = target.endpoint_url
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
    """What a container has answered in place of a result, handed on as it is.

    Args:
        status: Its HTTP status.
        answer: Its JSON.
    """

    def __init__(self, status: HTTPStatus, answer: dict[str, Any]) -> None:
        code = answer.get("err_code") or answer.get("category") or status.phrase
        text = answer.get("err_msg") or answer.get("message") or status.phrase
        super().__init__(status, str(code), str(text))
        self._answer = answer

    def body(self, request_id: str) -> dict[str, Any]:
        """Write the body of the answer."""
        return {**self._answer, "request_id": request_id}


def refusal_of_container(error: SageMakerDeepgramError) -> ContainerRefusal | None:
    """What a container has refused, if the error is that."""
    if not isinstance(error, ModelUnavailableError) or not error.original_status_code:
        return None
    status = error.original_status_code
    if not 400 <= status < 500 or status == HTTPStatus.TOO_MANY_REQUESTS:
        return None
    return ContainerRefusal(HTTPStatus(status), read_object(error.details.encode()))


def read_object(data: bytes) -> dict[str, Any]:
    """Read a JSON object; an empty one where it is none."""
    try:
        found = msgspec.json.decode(data)
    except (msgspec.DecodeError, UnicodeError):
        return {}
    return found if isinstance(found, dict) else {}
