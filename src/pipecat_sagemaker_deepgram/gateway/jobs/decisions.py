# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
"""Deciding what to do after an attempt at a job or a callback has failed. Pure."""

from dataclasses import dataclass
from http import HTTPStatus

from pipecat_sagemaker_deepgram.gateway.jobs.options import CallbackOptions, JobOptions
from pipecat_sagemaker_deepgram.web.errors import RequestError

_WORTH_A_RETRY = (HTTPStatus.REQUEST_TIMEOUT, HTTPStatus.TOO_MANY_REQUESTS)


@dataclass(frozen=True)
class AttemptFailure:
    """Why an attempt failed.

    Attributes:
        code: Deepgram's ``err_code``.
        message: Deepgram's ``err_msg``.
        is_final: Whether another attempt would fail too.
    """

    code: str
    message: str
    is_final: bool


WORKER_LOST = AttemptFailure("INTERNAL_SERVER_ERROR", "The worker ended during every attempt", True)
"""The failure of a job whose every attempt ended its worker, such as a file that crashes a
decoder."""


def failure_of(error: BaseException) -> AttemptFailure:
    """Classify the failure of an attempt.

    Args:
        error: The exception of the attempt. Only refusals are quoted, because others may contain
            anything.
    """
    if not isinstance(error, RequestError):
        name = type(error).__name__
        return AttemptFailure("INTERNAL_SERVER_ERROR", f"Internal Server Error ({name})", False)
    is_client_error = HTTPStatus.BAD_REQUEST <= error.status < HTTPStatus.INTERNAL_SERVER_ERROR
    is_final = is_client_error and error.status not in _WORTH_A_RETRY
    return AttemptFailure(error.code, error.description, is_final)


def next_attempt(failure: AttemptFailure, attempts: int, options: JobOptions) -> float | None:
    """Decide when to try a job again.

    Args:
        failure: Why the last attempt failed.
        attempts: Number of attempts so far.
        options: The limits.

    Returns:
        Seconds to wait; ``None`` to give up.
    """
    if failure.is_final or attempts >= options.attempts:
        return None
    return options.backoff * 2.0 ** (attempts - 1)


def longest_wait(options: JobOptions) -> float:
    """The longest delay between two attempts at a job."""
    return options.backoff * 2.0**options.attempts


def next_callback(attempts: int, options: CallbackOptions) -> float | None:
    """Decide when to try a callback again.

    Args:
        attempts: Number of attempts so far.
        options: The limits.

    Returns:
        Seconds to wait; ``None`` to give up.
    """
    return options.interval if attempts < options.attempts else None
