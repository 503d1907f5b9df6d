# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
"""What an HTTP error response from SageMaker means. Pure.

The status alone is not enough: throttling may also come as 400, expired credentials as 403 or 400,
and 424 stands for a full container as well as for one that rejects a parameter. The error's
code is in ``x-amzn-errortype`` or in the JSON body (AWS restJson1 protocol, "Operation error
serialization").
"""

from collections.abc import Mapping
from typing import Any

from pipecat_sagemaker_deepgram.error_codes import code_in
from pipecat_sagemaker_deepgram.exceptions import (
    ModelUnavailableError,
    RejectedError,
    ThrottledError,
)
from pipecat_sagemaker_deepgram.transport.error_bodies import read_fields, text_in

LONGEST_WAIT = 24 * 3600.0
"""Longest pause, in seconds, that a ``Retry-After`` can ask for; a longer one is cut to this."""

STREAM = "InvokeEndpointWithBidirectionalStream"
"""The operation of streams."""

_ADVICE = {
    400: "Check the endpoint name, the region, the invocation path and the query string.",
    403: (
        "Check the credentials, the account, and that they allow sagemaker:{operation} on this "
        "endpoint."
    ),
    404: "Check the endpoint name and the region.",
}

_EXPIRED_ADVICE = "Renew the credentials; for SSO, log in again."
_CLOCK_ADVICE = "Check this machine's clock and the secret access key."

_CODE_ADVICE = {
    "ExpiredToken": _EXPIRED_ADVICE,
    "ExpiredTokenException": _EXPIRED_ADVICE,
    "InvalidSignatureException": _CLOCK_ADVICE,
    "SignatureDoesNotMatch": _CLOCK_ADVICE,
    "RequestExpired": _CLOCK_ADVICE,
    "RequestTimeTooSkewed": _CLOCK_ADVICE,
}

# Of the codes that the AWS SDKs treat as throttling, those that do not contain "throttl".
_THROTTLING_CODES = {
    "BandwidthLimitExceeded",
    "LimitExceededException",
    "ProvisionedThroughputExceededException",
    "RequestLimitExceeded",
    "SlowDown",
    "TooManyRequestsException",
}


def refusal(
    *,
    status: int,
    headers: Mapping[str, str],
    body: bytes,
    endpoint_name: str,
    operation: str = STREAM,
) -> RejectedError:
    """Turn an HTTP error response into the error to raise.

    Args:
        status: HTTP status.
        headers: Response headers, lower-case names.
        body: Response body, as much of it as arrived.
        endpoint_name: The endpoint that was called.
        operation: The operation that was called; that of streams by default.
    """
    fields = read_fields(body)
    code = _code(headers, fields)
    text = text_in(fields) or "no message"
    called = "stream" if operation == STREAM else "request"
    what = f"SageMaker refused the {called} with HTTP {status}{f' {code}' if code else ''}: {text}"
    if status == 429 or "throttl" in code.lower() or code in _THROTTLING_CODES:
        return ThrottledError(what, code=code, retry_after=_retry_after(headers))
    if status == 424:
        original = fields.get("OriginalStatusCode")
        return ModelUnavailableError(
            what,
            log_group=f"/aws/sagemaker/Endpoints/{endpoint_name}",
            original_status_code=original if isinstance(original, int) else None,
        )
    return RejectedError(
        what,
        status_code=status,
        code=code,
        advice=_CODE_ADVICE.get(code) or _ADVICE.get(status, "").format(operation=operation),
        retry_after=_retry_after(headers),
    )


def _code(headers: Mapping[str, str], fields: Mapping[str, Any]) -> str:
    named = headers.get("x-amzn-errortype") or fields.get("__type") or fields.get("code") or ""
    return code_in(str(named).split(":", 1)[0].rsplit("#", 1)[-1])


def _retry_after(headers: Mapping[str, str]) -> float | None:
    milliseconds = _number(headers.get("x-amz-retry-after", ""))
    if milliseconds is not None:
        return min(milliseconds / 1000, LONGEST_WAIT)
    seconds = _number(headers.get("retry-after", ""))
    return None if seconds is None else min(seconds, LONGEST_WAIT)


def _number(text: str) -> float | None:
    """Read a number without a sign; one that is too large for a float is infinite."""
    return float(text) if text.isascii() and text.isdecimal() else None
