# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
"""Interpreting the error responses of AWS services. Pure.

Codes are those of the AWS API references, "Common errors"; JSON services, the query protocol and
SageMaker's streaming front end encode the same errors differently.
"""

from enum import StrEnum

from pipecat_sagemaker_deepgram.doctor.failures import (
    CheckFailure,
    Failure,
)


class Meaning(StrEnum):
    """The meaning of an error response."""

    EXPIRED = "expired"
    UNKNOWN_KEY = "unknown_key"
    WRONG_CLOCK = "wrong_clock"
    WRONG_SCOPE = "wrong_scope"
    WRONG_SECRET = "wrong_secret"
    DENIED = "denied"
    NOT_FOUND = "not_found"
    THROTTLED = "throttled"
    MODEL = "model"
    SERVER = "server"
    OTHER = "other"


_EXPIRED = {"ExpiredToken", "ExpiredTokenException"}
_UNKNOWN_KEY = {"InvalidClientTokenId", "UnrecognizedClientException", "InvalidAccessKeyId"}
_CLOCK = {"RequestExpired", "RequestTimeTooSkewed"}
_SIGNATURE = {
    "SignatureDoesNotMatch",
    "InvalidSignatureException",
    "IncompleteSignature",
    "IncompleteSignatureException",
}
_DENIED = {"AccessDenied", "AccessDeniedException"}
_CLOCK_WORDS = ("signature expired", "not yet current")
_NOT_FOUND_WORDS = ("could not find endpoint", "not found")


def meaning_of(failure: object) -> Meaning | None:
    """Interpret an error response.

    Args:
        failure: A fact.

    Returns:
        Its meaning; ``None`` for a fact that is not an error response.
    """
    if not isinstance(failure, Failure) or failure.kind is not CheckFailure.ANSWER:
        return None
    if (of_code := _of_code(failure.code, failure.message.lower())) is not None:
        return of_code
    if failure.status == 429 or "throttl" in failure.code.lower():
        return Meaning.THROTTLED
    if failure.status == 424:
        return Meaning.MODEL
    return Meaning.SERVER if (failure.status or 0) >= 500 else Meaning.OTHER


def _of_code(code: str, text: str) -> Meaning | None:
    if code in _EXPIRED:
        return Meaning.EXPIRED
    if code in _UNKNOWN_KEY:
        return Meaning.UNKNOWN_KEY
    if code in _CLOCK:
        return Meaning.WRONG_CLOCK
    if code in _SIGNATURE:
        return _of_signature(text)
    if code in _DENIED:
        return Meaning.DENIED
    if "validation" in code.lower() and any(words in text for words in _NOT_FOUND_WORDS):
        return Meaning.NOT_FOUND
    return None


def _of_signature(text: str) -> Meaning:
    if any(words in text for words in _CLOCK_WORDS):
        return Meaning.WRONG_CLOCK
    return Meaning.WRONG_SCOPE if "scoped to" in text else Meaning.WRONG_SECRET
