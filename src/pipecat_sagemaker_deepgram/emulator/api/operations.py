# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause

"""Dispatches all requests except streams, whichever version of HTTP carries them.

| path | what answers |
|---|---|
| ``/_emulator/...`` | the emulator's own control |
| ``/endpoints/NAME/invocations`` | SageMaker's runtime: ``InvokeEndpoint`` |
| ``/endpoints/NAME/...`` | the runtime's other operations, with a sentence on what to do instead |
| ``/`` | SageMaker's control plane, STS and IAM |
"""

import re
from typing import Protocol

from pipecat_sagemaker_deepgram.emulator.api.control import PREFIX, reply_to
from pipecat_sagemaker_deepgram.emulator.api.control_plane_calls import answer_call
from pipecat_sagemaker_deepgram.emulator.api.exchange import Answer, CallExchange
from pipecat_sagemaker_deepgram.emulator.api.invoke_endpoint import validation_error
from pipecat_sagemaker_deepgram.emulator.api.runtime import InvokeEndpoint
from pipecat_sagemaker_deepgram.emulator.endpoint import EmulatedEndpoint
from pipecat_sagemaker_deepgram.emulator.errors import ErrorAnswer
from pipecat_sagemaker_deepgram.emulator.http.exchange import Responder
from pipecat_sagemaker_deepgram.emulator.http.sigv4 import SignedRequest, body_hash

_RUNTIME = re.compile(r"/endpoints/([^/]+)/([a-z-]+)")
_ELSEWHERE = {
    "async-invocations": (
        "Endpoint {name} has no AsyncInferenceConfig and accepts no InvokeEndpointAsync, which "
        "Deepgram's models do not support at present. Use InvokeEndpoint, or a stream."
    ),
    "invocations-response-stream": (
        "Endpoint {name} has no container that streams responses. Use InvokeEndpoint, or "
        "InvokeEndpointWithBidirectionalStream."
    ),
}
"""Operations of the runtime that this endpoint does not support."""

_LONGEST_SMALL_BODY = 1024 * 1024


class RequestConnection(Protocol):
    """The connection that carries a request."""

    number: int

    def flush(self) -> None:
        """Writes what is queued."""

    def close(self) -> None:
        """Ends the connection."""


def call_exchange(
    responder: Responder,
    request: SignedRequest,
    connection: RequestConnection,
    endpoint: EmulatedEndpoint,
) -> CallExchange:
    """The exchange that answers a request other than a stream.

    Args:
        responder: Sends the response.
        request: The request.
        connection: Its connection.
        endpoint: The endpoints.
    """
    match = _RUNTIME.fullmatch(request.path.partition("?")[0])
    if request.method == "POST" and match is not None and match[2] == "invocations":
        invoke = InvokeEndpoint(request, match[1], endpoint, connection.number)
        return CallExchange(responder, connection, request, endpoint, invoke.answer)

    async def answer(body: bytes, _: str) -> Answer:
        return answer_at_once(request, body, endpoint)

    return CallExchange(
        responder, connection, request, endpoint, answer, longest_body=_LONGEST_SMALL_BODY
    )


def answer_at_once(request: SignedRequest, body: bytes, endpoint: EmulatedEndpoint) -> Answer:
    """Answers a request that needs no container.

    Args:
        request: The request.
        body: The whole body.
        endpoint: The endpoints.
    """
    path = request.path.partition("?")[0]
    if path.startswith(PREFIX):
        status, content_type, text = reply_to(request.method, path, body, endpoint)
    elif path == "/":
        status, content_type, text = answer_call(request, body, endpoint, endpoint.now())
    else:
        error = _refusal(request, path, body, endpoint)
        return Answer(error.status, error.headers(), error.body())
    return Answer(status, [("content-type", content_type)], text.encode())


def _refusal(
    request: SignedRequest, path: str, body: bytes, endpoint: EmulatedEndpoint
) -> ErrorAnswer:
    match = _RUNTIME.fullmatch(path)
    name, operation = match.groups() if match is not None else ("", "")
    if request.method != "POST" and operation:
        return ErrorAnswer(405, "UnknownOperationException", "The operation accepts POST only.")
    if operation == "invocations-bidirectional-stream":
        return ErrorAnswer(426, "UnknownOperationException", "Streams need HTTP/2.")
    if operation not in _ELSEWHERE:
        return ErrorAnswer(404, "UnknownOperationException", "There is no such operation.")
    try:
        endpoint.verify(request, endpoint.now(), payload=body_hash(body))
    except ErrorAnswer as error:
        return error
    return validation_error(_ELSEWHERE[operation].format(name=name))
