# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause

"""What an ``InvokeEndpoint`` request asks for, checked against the service model. Pure.

Constraints are those of the SageMaker Runtime service model (version 2017-05-13), except for the
body's: the model says 6,291,456 bytes, AWS's and Deepgram's documents 25 MB.
"""

import re
from dataclasses import dataclass

from pipecat_sagemaker_deepgram.emulator.constraints import NAME, Constraint
from pipecat_sagemaker_deepgram.emulator.errors import ErrorAnswer
from pipecat_sagemaker_deepgram.emulator.http.sigv4 import SignedRequest

ACTION = "sagemaker:InvokeEndpoint"
"""The IAM action that the operation needs."""

CODES = {
    400: "ValidationError",
    403: "AccessDeniedException",
    424: "ModelError",
    429: "ThrottlingException",
    500: "InternalFailure",
    503: "ServiceUnavailable",
    530: "InternalDependencyException",
}
"""The error code that usually comes with a status of this operation."""

_PREFIX = "x-amzn-sagemaker-"
_PRINTABLE = re.compile(r"\S[ -~]*")
_ASCII = re.compile(r"[\x00-\x7f]*")
_CONSTRAINTS = {
    "ContentType": ("content-type", Constraint(1024, _ASCII)),
    "Accept": ("accept", Constraint(1024, _ASCII)),
    "CustomAttributes": (
        f"{_PREFIX}custom-attributes",
        Constraint(1024, _ASCII, is_sensitive=True),
    ),
    "TargetVariant": (f"{_PREFIX}target-variant", NAME),
    "InferenceId": (f"{_PREFIX}inference-id", Constraint(64, _PRINTABLE, shortest=1)),
    "SessionId": (
        f"{_PREFIX}session-id",
        Constraint(256, re.compile(r"NEW_SESSION|[a-zA-Z0-9](-*[a-zA-Z0-9])*")),
    ),
    "PrefixAwareId": (f"{_PREFIX}prefix-aware-id", Constraint(64, _PRINTABLE, shortest=1)),
}
"""Each member that a single-model endpoint accepts, with its header."""

_OF_OTHER_ENDPOINTS = {
    f"{_PREFIX}target-model": "is not a multi-model endpoint and does not support target model",
    f"{_PREFIX}target-container-hostname": (
        "is not a multi-container endpoint and does not support target container hostname"
    ),
    f"{_PREFIX}inference-component": (
        "has no inference components and does not support inference component name"
    ),
    f"{_PREFIX}enable-explanations": (
        "has no online explainability and does not support enable explanations"
    ),
}
"""Headers that only other kinds of endpoints accept, with the error message for each."""


@dataclass(frozen=True)
class InvokeRequest:
    """A checked request.

    Attributes:
        endpoint: The endpoint's name.
        headers: The headers that the container receives; AWS strips all others.
        variant: The production variant asked for, None if none was.
        custom_attributes: ``CustomAttributes``, for Deepgram the path and query; empty for none.
    """

    endpoint: str
    headers: tuple[tuple[str, str], ...]
    variant: str | None
    custom_attributes: str


def parse_invoke(
    request: SignedRequest, endpoint: str, *, variants: tuple[str, ...]
) -> InvokeRequest:
    """Reads and checks a request.

    Args:
        request: The request.
        endpoint: The endpoint's name in its path.
        variants: The names of the production variants.

    Raises:
        ErrorAnswer: 400 ``ValidationError``.
    """
    _check("endpointName", NAME.violation("endpointName", endpoint))
    headers = []
    for member, (header, constraint) in _CONSTRAINTS.items():
        if (value := request.value(header)) is not None:
            name = f"{member[0].lower()}{member[1:]}"
            _check(name, constraint.violation(name, value))
            headers.append((header, value))
    for header, sentence in _OF_OTHER_ENDPOINTS.items():
        if request.value(header) is not None:
            raise validation_error(f"Endpoint {endpoint} {sentence} header.")
    variant = request.value(f"{_PREFIX}target-variant")
    if variant is not None and variant not in variants:
        raise validation_error(f"Variant {variant} not found for endpoint {endpoint}.")
    attributes = request.value(f"{_PREFIX}custom-attributes") or ""
    return InvokeRequest(endpoint, tuple(headers), variant, attributes)


def validation_error(message: str) -> ErrorAnswer:
    """A 400 ``ValidationError``.

    Args:
        message: What is wrong.
    """
    return ErrorAnswer(400, "ValidationError", message)


def _check(member: str, violation: str | None) -> None:
    if violation is not None:
        raise validation_error(f"1 validation error detected: {violation}")
