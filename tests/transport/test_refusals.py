# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
"""What an HTTP error answer means."""

import json

import pytest

from pipecat_sagemaker_deepgram.exceptions import (
    ModelUnavailableError,
    RejectedError,
    ThrottledError,
)
from pipecat_sagemaker_deepgram.transport.refusals import LONGEST_WAIT, refusal


def refused(status: int, code: str = "", body: bytes = b"{}", **headers: str) -> RejectedError:
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    if code:
        named["x-amzn-errortype"] = code
    return refusal(status=status, headers=named, body=body, endpoint_name="my-endpoint")


@pytest.mark.parametrize(
    ("status", "code", "kind", "status_code"),
    [
        (400, "ThrottlingException", ThrottledError, 429),
        (400, "ThrottlingException:http://internal.amazon.com/coral/", ThrottledError, 429),
        (429, "", ThrottledError, 429),
        (503, "ThrottledException", ThrottledError, 429),
        (400, "TooManyRequestsException", ThrottledError, 429),
        (400, "RequestLimitExceeded", ThrottledError, 429),
        (424, "ModelError", ModelUnavailableError, 424),
        (424, "", ModelUnavailableError, 424),
        (400, "ValidationException", RejectedError, 400),
        (400, "InputValidationError", RejectedError, 400),
        (400, "ExpiredTokenException", RejectedError, 400),
        (403, "AccessDeniedException", RejectedError, 403),
        (404, "ResourceNotFoundException", RejectedError, 404),
        (408, "", RejectedError, 408),
        (500, "InternalServerError", RejectedError, 500),
        (503, "ServiceUnavailableError", RejectedError, 503),
        (302, "", RejectedError, 302),
    ],
)
def test_status_and_code_decide_on_the_error(
    status: int, code: str, kind: type[RejectedError], status_code: int
) -> None:
    error = refused(status, code)
    assert type(error) is kind
    assert error.status_code == status_code
    assert f"HTTP {status}" in str(error)


@pytest.mark.parametrize(
    "body",
    [
        {"__type": "com.amazonaws#AccessDeniedException", "message": "User is not authorized"},
        {"code": "AccessDeniedException", "Message": "User is not authorized"},
    ],
)
def test_the_code_is_also_found_in_the_body(body: dict[str, str]) -> None:
    error = refused(403, body=json.dumps(body).encode())
    assert error.code == "AccessDeniedException"
    assert "HTTP 403 AccessDeniedException: User is not authorized" in str(error)


def test_a_424_says_both_causes_and_where_the_log_is() -> None:
    body = json.dumps({"Message": "Failed to establish", "OriginalStatusCode": 503}).encode()
    error = refused(424, "ModelError", body)
    assert isinstance(error, ModelUnavailableError)
    assert error.original_status_code == 503
    assert error.log_group == "/aws/sagemaker/Endpoints/my-endpoint"
    for words in ("at capacity", "query parameter", error.log_group, "Failed to establish"):
        assert words in str(error)


@pytest.mark.parametrize(
    ("headers", "seconds"),
    [
        ({"x_amz_retry_after": "1500"}, 1.5),
        ({"retry_after": "7"}, 7.0),
        ({"x_amz_retry_after": "250", "retry_after": "7"}, 0.25),
        ({"retry_after": "Wed, 21 Oct 2026 07:28:00 GMT"}, None),
        ({"retry_after": "-1"}, None),
        ({"x_amz_retry_after": "9" * 400}, LONGEST_WAIT),
        ({"x_amz_retry_after": "9" * 5_000}, LONGEST_WAIT),
        ({"retry_after": "9" * 5_000}, LONGEST_WAIT),
        ({"retry_after": "\u0663"}, None),
        ({"retry_after": "1e3"}, None),
        ({}, None),
    ],
)
@pytest.mark.parametrize("status", [429, 503])
def test_the_wish_for_a_pause_is_kept(
    status: int, headers: dict[str, str], seconds: float | None
) -> None:
    assert refused(status, "", b"{}", **headers).retry_after == seconds


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"<html>no</html>",
        b"[1]",
        b"\xff\xfe",
        b"null",
        b"[" * 60_000,
        b'{"Message": ["no"]}',
        b'{"Message": ' + b"[" * 60_000,
        b'{"a": ' + b"9" * 5_000 + b"}",
    ],
    ids=range(9),
)
def test_a_body_that_is_no_json_object_hides_nothing(body: bytes) -> None:
    error = refused(502, body=body)
    assert error.status_code == 502
    assert "no message" in str(error)


@pytest.mark.parametrize("code", ["what went wrong is a long story", "x" * 65, "\u00e9"])
def test_what_does_not_read_like_a_code_is_none(code: str) -> None:
    assert refused(400, code).code == ""


@pytest.mark.parametrize(
    ("status", "code", "advice"),
    [
        (403, "ExpiredTokenException", "Renew the credentials"),
        (403, "InvalidSignatureException", "clock"),
        (403, "AccessDeniedException", "sagemaker:InvokeEndpointWithBidirectionalStream"),
        (400, "ValidationException", "endpoint name"),
    ],
)
def test_a_refusal_says_what_to_do(status: int, code: str, advice: str) -> None:
    assert advice in str(refused(status, code))
