# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause

"""What an opening request asks for, checked against the service model. Pure.

Constraints are those of the SageMaker Runtime HTTP/2 service model (version 2025-10-01), operation
``InvokeEndpointWithBidirectionalStream``.
"""

import re
from collections.abc import Container
from dataclasses import dataclass

from pipecat_sagemaker_deepgram.emulator.constraints import NAME, Constraint
from pipecat_sagemaker_deepgram.emulator.errors import (
    ErrorAnswer,
    endpoint_not_found,
    invalid_input,
)
from pipecat_sagemaker_deepgram.emulator.http.sigv4 import SignedRequest

DEFAULT_PATH = "invocations-bidirectional-stream"
"""Path of the container's WebSocket if the caller names none."""

EVENT_STREAM = "application/vnd.amazon.eventstream"
"""Content type of both bodies."""

_TARGET = re.compile(r"/endpoints/([^/]+)/invocations-bidirectional-stream")
_PATH = Constraint(100, re.compile(r"[A-Za-z0-9\-._]+(?:/[A-Za-z0-9\-._]+)*"))


def _query_constraint(unreserved: str) -> Constraint:
    pair = rf"[a-zA-Z0-9][A-Za-z0-9_-]*=(?:[{unreserved}]|%[0-9A-Fa-f]{{2}})+"
    return Constraint(2048, re.compile(rf"{pair}(?:&{pair})*"))


_QUERY = _query_constraint(r"A-Za-z0-9._~\-")
_QUERY_WITH_PLUS = _query_constraint(r"A-Za-z0-9._~+\-")


@dataclass(frozen=True)
class InvocationRequest:
    """A checked opening request.

    Attributes:
        endpoint: The endpoint's name.
        path: Path of the container's WebSocket, without the leading slash.
        query: Query of the container's WebSocket, empty if none was given.
        variant: The production variant asked for, None if none was.
    """

    endpoint: str
    path: str = DEFAULT_PATH
    query: str = ""
    variant: str | None = None

    def container_url(self, base: str) -> str:
        """The WebSocket address in the container.

        Args:
            base: Scheme, host and port, such as ``ws://127.0.0.1:8080``.
        """
        query = f"?{self.query}" if self.query else ""
        return f"{base.rstrip('/')}/{self.path}{query}"


def is_invocation(request: SignedRequest) -> bool:
    """Whether method and path are those of the operation, whatever the query.

    Args:
        request: The request.
    """
    path = request.path.partition("?")[0]
    return request.method == "POST" and _TARGET.fullmatch(path) is not None


def parse_invocation(
    request: SignedRequest,
    *,
    endpoints: Container[str] | None,
    account: str,
    accepts_plus: bool = False,
) -> InvocationRequest:
    """Reads and checks an opening request.

    Args:
        request: A request for which ``is_invocation`` holds.
        endpoints: The endpoints that exist, None for every well-formed name.
        account: The account id for messages.
        accepts_plus: Whether the query may have a plus sign for a space.

    Raises:
        ErrorAnswer: 400 for a member outside its constraint or an unknown endpoint; 415 for
            another content type.
    """
    match = _TARGET.fullmatch(request.path.partition("?")[0])
    endpoint = match[1] if match else ""
    if request.value("content-type") != EVENT_STREAM:
        raise ErrorAnswer(415, "UnsupportedMediaTypeException", f"The body must be {EVENT_STREAM}.")
    _check("EndpointName", endpoint, NAME)
    path = _header(request, "Model-Invocation-Path", _PATH)
    query = _header(request, "Model-Query-String", _QUERY_WITH_PLUS if accepts_plus else _QUERY)
    variant = _header(request, "Target-Variant", NAME)
    if endpoints is not None and endpoint not in endpoints:
        raise endpoint_not_found(endpoint, account)
    return InvocationRequest(endpoint, path or DEFAULT_PATH, query or "", variant)


def _header(request: SignedRequest, name: str, constraint: Constraint) -> str | None:
    value = request.value(f"x-amzn-sagemaker-{name.lower()}")
    if value is not None:
        _check(name.replace("-", ""), value, constraint)
    return value


def _check(member: str, value: str, constraint: Constraint) -> None:
    if violation := constraint.violation(member, value):
        raise invalid_input(violation)
