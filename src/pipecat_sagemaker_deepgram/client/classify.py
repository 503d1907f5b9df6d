# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
"""Which failures another attempt can overcome. Pure."""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from pipecat_sagemaker_deepgram.exceptions import (
    CertificateError,
    ClosedError,
    ConfigurationError,
    CredentialsError,
    ModelStreamError,
    ModelUnavailableError,
    ProxyError,
    RejectedError,
    SageMakerDeepgramError,
    ThrottledError,
)

STALE_CREDENTIALS_CODES = frozenset(
    {"ExpiredToken", "ExpiredTokenException", "RequestExpired", "UnrecognizedClientException"}
)
"""AWS error codes that fresh credentials may overcome: they expired, or the key was rotated."""


class FailureKind(StrEnum):
    """The kind of a failure."""

    THROTTLED = "throttled"
    UNAVAILABLE_MODEL = "unavailable_model"
    SERVER = "server"
    CONNECTIVITY = "connectivity"
    TIMEOUT = "timeout"
    CREDENTIALS = "credentials"
    REJECTED = "rejected"
    CERTIFICATE = "certificate"
    MODEL_STREAM = "model_stream"
    UNKNOWN = "unknown"


@dataclass(frozen=True, kw_only=True)
class Classification:
    """What a failure means for the next attempt.

    Attributes:
        is_retryable: Whether another attempt can succeed.
        kind: What kind of failure it is.
        needs_fresh_credentials: Whether the next attempt must not use the same credentials; after
            a second such failure in a row there is no third attempt. False by default.
        retry_after: Seconds that the server asks to wait; ``None`` (the default) if it does not.
    """

    is_retryable: bool
    kind: FailureKind
    needs_fresh_credentials: bool = False
    retry_after: float | None = None


_STALE_CREDENTIALS = Classification(
    is_retryable=True, kind=FailureKind.CREDENTIALS, needs_fresh_credentials=True
)


def classify(error: BaseException) -> Classification:
    """Classify what a failure means for the next attempt.

    In the chain of ``error``, its ``__cause__``, the cause of that and so on, the first error of
    this package decides; if there is none, the first ``OSError`` does:

    ====================================================  ==========  ==================
    failure                                               retryable   kind
    ====================================================  ==========  ==================
    throttling: HTTP 429, or any status with its code     yes         throttled
    in-stream error that names throttling                 yes         throttled
    HTTP 424: full container, or rejected parameter       yes (1)     unavailable_model
    HTTP 5xx                                              yes         server
    HTTP 408                                              yes         timeout
    ``STALE_CREDENTIALS_CODES`` with a 4xx                yes (2)     credentials
    other 4xx: access denied, validation, not found       no          rejected
    3xx and other responses that are not a success        no          rejected
    proxy: 4xx except 408 and 429 (407, 403, ...)         no          rejected
    proxy: anything else                                  yes         connectivity
    certificate not trusted                               no          certificate
    no credentials                                        no          credentials
    configuration rejected; closed object used            no          rejected
    in-stream exception or error event                    yes         model_stream
    a deadline passed, at connect or on the stream        yes         timeout
    name, TCP, TLS, HTTP/2; reset, GOAWAY, lost           yes         connectivity
    bytes that are not events                             yes         connectivity
    ``TimeoutError``, ``OSError`` from elsewhere          yes         timeout, connectivity
    ``CancelledError``, ``KeyboardInterrupt`` and such    no          unknown
    anything else                                         yes (3)     unknown
    ====================================================  ==========  ==================

    1. The caller limits the attempts: the same response also stands for a permanent refusal.
    2. Once, with fresh credentials: ``needs_fresh_credentials``.
    3. The retry budget limits the attempts.
    """
    if not isinstance(error, Exception):
        return Classification(is_retryable=False, kind=FailureKind.UNKNOWN)
    causes = list(_with_causes(error))
    for each in causes:
        if isinstance(each, SageMakerDeepgramError):
            return _ours(each)
    for each in causes:
        if isinstance(each, OSError):
            return _retryable(_retryable_kind(each))
    return _retryable(FailureKind.UNKNOWN)


def _with_causes(error: BaseException) -> Iterator[BaseException]:
    seen: set[int] = set()
    cause: BaseException | None = error
    while cause is not None and id(cause) not in seen:
        yield cause
        seen.add(id(cause))
        cause = cause.__cause__


def _ours(error: SageMakerDeepgramError) -> Classification:
    match error:
        case RejectedError():
            return _rejected(error)
        case ConfigurationError() | ClosedError():
            return _fatal(FailureKind.REJECTED)
        case CertificateError():
            return _fatal(FailureKind.CERTIFICATE)
        case CredentialsError():
            return _fatal(FailureKind.CREDENTIALS)
        case ProxyError(status_code=int(status)) if _is_refusal(status):
            return _fatal(FailureKind.REJECTED)
    return _retryable(_retryable_kind(error))


def _rejected(error: RejectedError) -> Classification:
    match error:
        case ThrottledError():
            return _retryable(FailureKind.THROTTLED, error.retry_after)
        case ModelUnavailableError():
            return _retryable(FailureKind.UNAVAILABLE_MODEL, error.retry_after)
        case _ if error.status_code >= 500:
            return _retryable(FailureKind.SERVER, error.retry_after)
        case _ if error.status_code == 408:
            return _retryable(FailureKind.TIMEOUT, error.retry_after)
        case _ if error.code in STALE_CREDENTIALS_CODES:
            return _STALE_CREDENTIALS
    return _fatal(FailureKind.REJECTED)


def _is_refusal(status: int) -> bool:
    return 400 <= status < 500 and status not in (408, 429)


def _retryable_kind(error: BaseException) -> FailureKind:
    match error:
        case ModelStreamError(kind=kind, code=code):
            is_throttling = "throttl" in f"{kind} {code}".lower()
            return FailureKind.THROTTLED if is_throttling else FailureKind.MODEL_STREAM
        case TimeoutError():
            return FailureKind.TIMEOUT
        case OSError():
            return FailureKind.CONNECTIVITY
    return FailureKind.UNKNOWN


def _retryable(kind: FailureKind, retry_after: float | None = None) -> Classification:
    return Classification(is_retryable=True, kind=kind, retry_after=retry_after)


def _fatal(kind: FailureKind) -> Classification:
    return Classification(is_retryable=False, kind=kind)
