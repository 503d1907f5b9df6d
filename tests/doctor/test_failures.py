# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
"""What an error says."""

import socket
import ssl

import pytest

from pipecat_sagemaker_deepgram.doctor import CheckFailure
from pipecat_sagemaker_deepgram.doctor.failures import failure_of
from pipecat_sagemaker_deepgram.exceptions import (
    CertificateError,
    ConfigurationError,
    ConnectError,
    ConnectTimeoutError,
    CredentialsError,
    ModelStreamError,
    ProxyError,
    SageMakerDeepgramError,
    StreamLostError,
    StreamStalledError,
    ThrottledError,
)


@pytest.mark.parametrize(
    ("error", "kind"),
    [
        (ThrottledError("slow", code="ThrottlingException"), CheckFailure.ANSWER),
        (CertificateError("untrusted"), CheckFailure.CERTIFICATE),
        (ConnectTimeoutError("late"), CheckFailure.TIMEOUT),
        (StreamStalledError("late"), CheckFailure.TIMEOUT),
        (ProxyError("no", status_code=403), CheckFailure.PROXY),
        (ModelStreamError("no", kind="ModelStreamError"), CheckFailure.MODEL),
        (CredentialsError("none"), CheckFailure.CREDENTIALS),
        (ConfigurationError("no"), CheckFailure.SETTING),
        (StreamLostError("gone"), CheckFailure.LOST),
    ],
)
def test_each_error_has_its_kind(error: SageMakerDeepgramError, kind: CheckFailure) -> None:
    failure = failure_of(error)
    assert (failure.kind, failure.message, failure.advice) == (kind, error.message, error.advice)


@pytest.mark.parametrize(
    ("cause", "kind"),
    [
        (None, CheckFailure.NO_HTTP2),
        (ssl.SSLError(1, "wrong version number"), CheckFailure.TLS),
        (ConnectionRefusedError(), CheckFailure.REFUSED),
        (ConnectionResetError(), CheckFailure.RESET),
        (socket.gaierror(), CheckFailure.NAME),
        (UnicodeError(), CheckFailure.NAME),
        (OSError(), CheckFailure.UNREACHABLE),
    ],
)
def test_a_connection_that_failed_is_known_by_its_cause(
    cause: BaseException | None, kind: CheckFailure
) -> None:
    error = ConnectError("no connection")
    error.__cause__ = cause
    assert failure_of(error).kind is kind


def test_status_and_code_of_an_answer_are_kept() -> None:
    failure = failure_of(ThrottledError("slow", code="ThrottlingException"))
    assert (failure.status, failure.code) == (429, "ThrottlingException")
