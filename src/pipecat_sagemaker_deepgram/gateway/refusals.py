# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
"""Why a request is refused, in Deepgram's words (Deepgram docs, "Errors"). Pure."""

from http import HTTPStatus

from pipecat_sagemaker_deepgram.exceptions import ThrottledError
from pipecat_sagemaker_deepgram.web.errors import RequestError

RETRY_AFTER = 5
"""Seconds that a client is asked to wait where nobody knows better."""

NO_SUCH_MODEL = "Bad Request: No such model/version combination found."


def bad_query(description: str, *, code: str = "INVALID_QUERY_PARAMETER") -> RequestError:
    """The refusal of a query."""
    return RequestError(HTTPStatus.BAD_REQUEST, code, description)


def bad_body(description: str) -> RequestError:
    """The refusal of a body."""
    return bad_query(f"Bad Request: {description}", code="Bad Request")


def no_such_model() -> RequestError:
    """The refusal of a model that nobody serves."""
    return bad_query(NO_SUCH_MODEL, code="Bad Request")


def unavailable(description: str) -> RequestError:
    """The refusal where no endpoint can do it now."""
    return RequestError(
        HTTPStatus.SERVICE_UNAVAILABLE,
        "SERVICE_UNAVAILABLE",
        description,
        retry_after=RETRY_AFTER,
    )


def no_endpoint() -> RequestError:
    """The refusal of a gateway that has no endpoint."""
    return unavailable("Service unavailable: no endpoint is configured")


def too_many_requests(retry_after: int = RETRY_AFTER) -> RequestError:
    """The refusal of one request too many (Deepgram docs, "API Rate Limits")."""
    return RequestError(
        HTTPStatus.TOO_MANY_REQUESTS,
        "TOO_MANY_REQUESTS",
        "Too many requests. Please try again later",
        retry_after=retry_after,
    )


def invalid_credentials() -> RequestError:
    """The refusal of somebody without a valid key or token."""
    return RequestError(HTTPStatus.UNAUTHORIZED, "INVALID_AUTH", "Invalid credentials.")


def forbidden(description: str) -> RequestError:
    """The refusal of somebody who is known and may not."""
    return RequestError(HTTPStatus.FORBIDDEN, "FORBIDDEN", description)


def endpoint_refusal(error: BaseException) -> RequestError:
    """The refusal where every endpoint has failed, the last one so."""
    if isinstance(error, ThrottledError):
        return too_many_requests()
    return unavailable("Service unavailable: no endpoint can serve it. Please try again later")
