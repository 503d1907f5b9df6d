# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause

"""The error responses of the endpoint, and the exceptions of the emulator. Pure."""

import json
from collections.abc import Mapping
from typing import Any, Literal

from pipecat_sagemaker_deepgram.emulator.regions import partition_of

FRONT_END_CODES = frozenset(
    {
        "AccessDeniedException",
        "ExpiredTokenException",
        "IncompleteSignatureException",
        "InvalidSignatureException",
        "MissingAuthenticationTokenException",
        "SignatureDoesNotMatch",
        "ThrottlingException",
        "UnrecognizedClientException",
        "UnknownOperationException",
    }
)
"""Errors of AWS's front end: their JSON member is ``message``, not ``Message``."""

LONGEST_MESSAGE = 2048
"""Maximum characters of a modelled error's ``Message`` and ``OriginalMessage``."""


class AddressInUseError(OSError):
    """Another program already listens on the port."""


class ErrorAnswer(Exception):
    """An HTTP error answer to the opening request.

    Attributes:
        status: The HTTP status.
        code: The AWS error code, sent as ``x-amzn-errortype``.
        message: The sentence for the caller.
        members: Further members of the JSON body, such as ``OriginalStatusCode``.
        retry_after: Value of the header ``Retry-After`` in seconds; None for no such header.
    """

    def __init__(
        self, status: int, code: str, message: str, members: Mapping[str, Any] | None = None
    ) -> None:
        super().__init__(status, code, message)
        self.status = status
        self.code = code
        self.message = message
        self.members = members or {}
        self.retry_after: int | None = None

    def __str__(self) -> str:
        return f"{self.status} {self.code}: {self.message}"

    def headers(self) -> list[tuple[str, str]]:
        """The response headers that belong to this answer, without the request id."""
        headers = [("content-type", "application/json"), ("x-amzn-errortype", self.code)]
        if self.retry_after is not None:
            headers.append(("retry-after", str(self.retry_after)))
        return headers

    def body(self) -> bytes:
        """The JSON body."""
        key = "message" if self.code in FRONT_END_CODES else "Message"
        return json.dumps({key: self.message, **self.members}).encode()


def forbidden(code: str, message: str) -> ErrorAnswer:
    """A 403: the request's signature or credentials are not accepted.

    Args:
        code: The AWS error code.
        message: The sentence for the caller.
    """
    return ErrorAnswer(403, code, message)


def invalid_input(message: str) -> ErrorAnswer:
    """A 400 ``InputValidationError``: a member breaks a constraint of the service model.

    Args:
        message: Which member, and which constraint.
    """
    return ErrorAnswer(400, "InputValidationError", message)


def endpoint_not_found(endpoint: str, account: str) -> ErrorAnswer:
    """A 400: the account has no such endpoint in the region.

    Args:
        endpoint: The endpoint name that was asked for.
        account: The account id.
    """
    message = f"Endpoint {endpoint} of account {account} not found."
    return ErrorAnswer(400, "ValidationException", message)


def model_error(
    endpoint: str,
    *,
    region: str,
    account: str,
    variant: str,
    original_status: int,
    original_message: str,
    side: Literal["client", "server"] = "server",
) -> ErrorAnswer:
    """A 424 ``ModelError``: the container did not serve the request.

    Args:
        endpoint: The endpoint name.
        region: The region of the log group.
        account: The account id.
        variant: The production variant.
        original_status: Status of the container's response; 0 if there was none.
        original_message: The container's message; cut to the longest that a member may have.
        side: Whose fault it is, as the message states it.
    """
    group = f"/aws/sagemaker/Endpoints/{endpoint}"
    logs = f"arn:{partition_of(region).name}:logs"
    front = f'Received {side} error ({original_status}) from primary with message "'
    back = (
        f'". See https://{region}.console.aws.amazon.com/cloudwatch/home?region={region}'
        f"#logEventViewer:group={group} in account {account} for more information."
    )
    original_message = original_message[: LONGEST_MESSAGE - len(front) - len(back)]
    members = {
        "OriginalStatusCode": original_status,
        "OriginalMessage": original_message,
        "LogStreamArn": f"{logs}:{region}:{account}:log-group:{group}:log-stream:{variant}",
    }
    return ErrorAnswer(424, "ModelError", f"{front}{original_message}{back}", members)


_USUAL_CODES = {
    400: "ValidationException",
    403: "AccessDeniedException",
    424: "ModelError",
    429: "ThrottlingException",
    500: "InternalServerError",
    503: "ServiceUnavailableError",
}
_USUAL_MESSAGES = {
    "ExpiredTokenException": "The security token included in the request is expired",
    "ThrottlingException": "Rate exceeded",
}


def usual_code(status: int) -> str:
    """The AWS error code that usually comes with a status.

    Args:
        status: The HTTP status.
    """
    return _USUAL_CODES.get(status, "UnknownError")


def usual_message(code: str) -> str:
    """A sentence for an AWS error code.

    Args:
        code: The AWS error code.
    """
    return _USUAL_MESSAGES.get(code, f"{code}, injected by the fault script")
