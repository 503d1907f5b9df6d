# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
"""Which failures another attempt can overcome."""

import asyncio
import socket

import pytest

from pipecat_sagemaker_deepgram.client.classify import Classification, FailureKind, classify
from pipecat_sagemaker_deepgram.exceptions import (
    CertificateError,
    ClosedError,
    ConfigurationError,
    ConnectError,
    ConnectTimeoutError,
    CredentialsError,
    EventStreamError,
    ModelStreamError,
    ModelUnavailableError,
    ProxyError,
    RejectedError,
    SageMakerDeepgramError,
    StreamLostError,
    StreamResetError,
    StreamStalledError,
    ThrottledError,
)


def rejected(status: int, code: str = "", retry_after: float | None = None) -> RejectedError:
    return RejectedError("x", status_code=status, code=code, retry_after=retry_after)


@pytest.mark.parametrize(
    ("error", "kind"),
    [
        (ThrottledError("x", code="ThrottlingException"), FailureKind.THROTTLED),
        (ModelStreamError("x", kind="ThrottlingException"), FailureKind.THROTTLED),
        (
            ModelStreamError("x", kind="ModelStreamError", code="ThrottledError"),
            FailureKind.THROTTLED,
        ),
        (ModelUnavailableError("x", log_group="g"), FailureKind.UNAVAILABLE_MODEL),
        (rejected(500), FailureKind.SERVER),
        (rejected(502), FailureKind.SERVER),
        (rejected(503, "ServiceUnavailableError"), FailureKind.SERVER),
        (rejected(500, "ExpiredTokenException"), FailureKind.SERVER),
        (rejected(408), FailureKind.TIMEOUT),
        (ConnectTimeoutError("x"), FailureKind.TIMEOUT),
        (StreamStalledError("x"), FailureKind.TIMEOUT),
        (ConnectError("x"), FailureKind.CONNECTIVITY),
        (StreamResetError("x", error_code=2), FailureKind.CONNECTIVITY),
        (StreamLostError("x"), FailureKind.CONNECTIVITY),
        (EventStreamError("x"), FailureKind.CONNECTIVITY),
        (ProxyError("x", status_code=502), FailureKind.CONNECTIVITY),
        (ProxyError("x", status_code=429), FailureKind.CONNECTIVITY),
        (ProxyError("x"), FailureKind.CONNECTIVITY),
        (ModelStreamError("x", kind="ModelStreamError"), FailureKind.MODEL_STREAM),
        (ModelStreamError("x", kind="InternalStreamFailure"), FailureKind.MODEL_STREAM),
        (TimeoutError(), FailureKind.TIMEOUT),
        (ConnectionResetError(), FailureKind.CONNECTIVITY),
        (socket.gaierror(-2, "unknown"), FailureKind.CONNECTIVITY),
        (RuntimeError("unforeseen"), FailureKind.UNKNOWN),
        (SageMakerDeepgramError("unforeseen"), FailureKind.UNKNOWN),
    ],
)
def test_what_may_pass_is_retryable(error: Exception, kind: FailureKind) -> None:
    assert classify(error) == Classification(is_retryable=True, kind=kind)


@pytest.mark.parametrize(
    ("error", "kind"),
    [
        (rejected(400, "ValidationException"), FailureKind.REJECTED),
        (rejected(401), FailureKind.REJECTED),
        (rejected(403, "AccessDeniedException"), FailureKind.REJECTED),
        (rejected(404), FailureKind.REJECTED),
        (rejected(302), FailureKind.REJECTED),
        (ProxyError("x", status_code=407), FailureKind.REJECTED),
        (ProxyError("x", status_code=403), FailureKind.REJECTED),
        (CertificateError("x"), FailureKind.CERTIFICATE),
        (CredentialsError("x"), FailureKind.CREDENTIALS),
        (ConfigurationError("x"), FailureKind.REJECTED),
        (ClosedError("x"), FailureKind.REJECTED),
        (asyncio.CancelledError(), FailureKind.UNKNOWN),
        (KeyboardInterrupt(), FailureKind.UNKNOWN),
        (SystemExit(), FailureKind.UNKNOWN),
    ],
)
def test_what_stays_is_fatal(error: BaseException, kind: FailureKind) -> None:
    assert classify(error) == Classification(is_retryable=False, kind=kind)


@pytest.mark.parametrize("status", [400, 401, 403])
@pytest.mark.parametrize(
    "code",
    ["ExpiredToken", "ExpiredTokenException", "RequestExpired", "UnrecognizedClientException"],
)
def test_credentials_that_are_no_longer_good_are_worth_fresh_ones(status: int, code: str) -> None:
    assert classify(rejected(status, code)) == Classification(
        is_retryable=True, kind=FailureKind.CREDENTIALS, needs_fresh_credentials=True
    )


@pytest.mark.parametrize(
    "error", [ThrottledError("x", retry_after=1.5), rejected(503, retry_after=1.5)]
)
def test_the_wish_for_a_pause_is_passed_on(error: Exception) -> None:
    assert classify(error).retry_after == 1.5


def caused(outer: BaseException, *causes: BaseException) -> BaseException:
    for effect, cause in zip((outer, *causes), causes, strict=False):
        effect.__cause__ = cause
    return outer


def test_our_own_error_is_found_behind_others() -> None:
    error = caused(RuntimeError("outer"), ValueError("middle"), rejected(403))
    assert not classify(error).is_retryable


def test_our_own_error_goes_before_its_cause() -> None:
    error = caused(ConnectError("x"), CertificateError("y"))
    assert classify(error).is_retryable


def test_a_network_error_is_found_behind_others() -> None:
    assert classify(caused(RuntimeError(), TimeoutError())).kind is FailureKind.TIMEOUT


def test_a_circle_of_causes_comes_to_an_end() -> None:
    one, two = RuntimeError("one"), RuntimeError("two")
    one.__cause__, two.__cause__ = two, one
    assert classify(one).kind is FailureKind.UNKNOWN


def test_a_cancellation_is_not_retryable_whatever_caused_it() -> None:
    assert not classify(caused(asyncio.CancelledError(), StreamLostError("x"))).is_retryable
