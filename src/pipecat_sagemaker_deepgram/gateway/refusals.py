# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
"""Refusals of requests, in Deepgram's words (Deepgram docs, "Errors"). Pure."""

from http import HTTPStatus

from pipecat_sagemaker_deepgram.exceptions import ModelUnavailableError, ThrottledError
from pipecat_sagemaker_deepgram.web.errors import RequestError

RETRY_AFTER = 5
"""Default of ``Retry-After``, in seconds."""

NO_SUCH_MODEL = "Bad Request: No such model/version combination found."


def bad_query(description: str, *, code: str = "INVALID_QUERY_PARAMETER") -> RequestError:
    """The refusal of a query."""
    return RequestError(HTTPStatus.BAD_REQUEST, code, description)


def bad_body(description: str) -> RequestError:
    """The refusal of a body."""
    return bad_query(f"Bad Request: {description}", code="Bad Request")


def no_such_model() -> RequestError:
    """The refusal of a model that no endpoint serves."""
    return bad_query(NO_SUCH_MODEL, code="Bad Request")


def unavailable(description: str) -> RequestError:
    """The refusal while no endpoint can serve a request."""
    return RequestError(
        HTTPStatus.SERVICE_UNAVAILABLE,
        "SERVICE_UNAVAILABLE",
        description,
        retry_after=RETRY_AFTER,
    )


def no_endpoint() -> RequestError:
    """The refusal of a gateway without endpoints."""
    return unavailable("Service unavailable: no endpoint is configured")


def too_many_requests(retry_after: int = RETRY_AFTER) -> RequestError:
    """The refusal of a request beyond a limit (Deepgram docs, "API Rate Limits")."""
    return RequestError(
        HTTPStatus.TOO_MANY_REQUESTS,
        "TOO_MANY_REQUESTS",
        "Too many requests. Please try again later",
        retry_after=retry_after,
    )


def invalid_credentials() -> RequestError:
    """The refusal of a caller without a valid key or token."""
    return RequestError(HTTPStatus.UNAUTHORIZED, "INVALID_AUTH", "Invalid credentials.")


def forbidden(description: str) -> RequestError:
    """The refusal of a caller who is known but not permitted."""
    return RequestError(HTTPStatus.FORBIDDEN, "FORBIDDEN", description)


def endpoint_refusal(error: BaseException, *, has_known_model: bool = True) -> RequestError:
    """The refusal after every endpoint has failed, by the last error.

    SageMaker answers with 424 both for a full container and for a refused parameter. Where
    Deepgram has no model of that name, the model is the likelier reason.

    Args:
        error: The last error.
        has_known_model: Whether Deepgram has a model of the requested name.
    """
    if isinstance(error, ThrottledError):
        return too_many_requests()
    if isinstance(error, ModelUnavailableError) and not has_known_model:
        return no_such_model()
    return unavailable("Service unavailable: no endpoint can serve it. Please try again later")
