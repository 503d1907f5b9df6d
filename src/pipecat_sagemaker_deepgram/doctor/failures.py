# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
"""Failures and skipped steps, as facts. Pure."""

import ssl
from dataclasses import dataclass
from enum import StrEnum

from pipecat_sagemaker_deepgram.exceptions import (
    CertificateError,
    ConfigurationError,
    ConnectError,
    ConnectTimeoutError,
    CredentialsError,
    ModelStreamError,
    ProxyError,
    RejectedError,
    SageMakerDeepgramError,
    StreamStalledError,
)


class CheckFailure(StrEnum):
    """The kinds of failures."""

    SETTING = "setting"
    CREDENTIALS = "credentials"
    NAME = "name"
    REFUSED = "refused"
    UNREACHABLE = "unreachable"
    TIMEOUT = "timeout"
    PROXY = "proxy"
    CERTIFICATE = "certificate"
    RESET = "reset"
    TLS = "tls"
    NO_HTTP2 = "no_http2"
    ANSWER = "answer"
    LOST = "lost"
    MODEL = "model"
    SILENT = "silent"
    NOT_POSSIBLE = "not_possible"


@dataclass(frozen=True, kw_only=True)
class Failure:
    """A step failed.

    Attributes:
        kind: The kind of failure.
        message: What happened.
        advice: What to do about it, if that is already known; may be empty.
        status: HTTP status of the response.
        code: AWS's error code in the response.
    """

    kind: CheckFailure
    message: str
    advice: str = ""
    status: int | None = None
    code: str = ""


@dataclass(frozen=True)
class Skipped:
    """A step was not tried.

    Attributes:
        needs: The check that must hold first; empty if time ran out.
    """

    needs: str = ""


type Fact[T] = T | Failure | Skipped | None


_NO_PROTOCOL = "TLSV1_ALERT_NO_APPLICATION_PROTOCOL"


def failure_of(error: SageMakerDeepgramError) -> Failure:
    """Convert an error of this package.

    Args:
        error: The error.
    """
    rejected = error if isinstance(error, RejectedError) else None
    return Failure(
        kind=_kind(error),
        message=": ".join(filter(None, (error.message, error.details))),
        advice=error.advice,
        status=rejected.status_code if rejected else None,
        code=rejected.code if rejected else "",
    )


def _kind(error: SageMakerDeepgramError) -> CheckFailure:
    match error:
        case RejectedError():
            return CheckFailure.ANSWER
        case CertificateError():
            return CheckFailure.CERTIFICATE
        case ConnectTimeoutError() | StreamStalledError():
            return CheckFailure.TIMEOUT
        case ProxyError():
            return CheckFailure.PROXY
        case ConnectError():
            return _kind_of_cause(error.__cause__)
        case ModelStreamError():
            return CheckFailure.MODEL
        case CredentialsError():
            return CheckFailure.CREDENTIALS
        case ConfigurationError():
            return CheckFailure.SETTING
    return CheckFailure.LOST


def _kind_of_cause(cause: BaseException | None) -> CheckFailure:
    match cause:
        case None:
            # The only refusal without an error of its own: the peer used HTTP/1.1.
            return CheckFailure.NO_HTTP2
        case ssl.SSLError() if getattr(cause, "reason", "") == _NO_PROTOCOL:
            return CheckFailure.NO_HTTP2
        case ssl.SSLError():
            return CheckFailure.TLS
        case ConnectionRefusedError():
            return CheckFailure.REFUSED
        case ConnectionError():
            return CheckFailure.RESET
        case UnicodeError():
            return CheckFailure.NAME
    return CheckFailure.NAME if type(cause).__name__ == "gaierror" else CheckFailure.UNREACHABLE
