# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
"""Converts errors to those that users of the SDK know from a WebSocket. Pure."""

from deepgram.core.api_error import ApiError
from websockets.exceptions import ConnectionClosed, ConnectionClosedError, ConnectionClosedOK
from websockets.frames import Close, CloseCode

from pipecat_sagemaker_deepgram.exceptions import RejectedError, SageMakerDeepgramError

_LONGEST_REASON = 123
"""Maximum bytes of the reason in a close frame (RFC 6455 section 5.5)."""


def as_the_sdk_raises(error: SageMakerDeepgramError, *, was_up: bool) -> Exception:
    """Convert an error to one that users of the SDK catch.

    Args:
        error: Why the session ended.
        was_up: Whether a stream had been open.

    Returns:
        A ``ConnectionClosedError`` with code 1011 if a stream had been open; an ``ApiError`` with
        the endpoint's status if it refused the connection; otherwise ``error`` itself.
    """
    if was_up:
        return closed_with_failure(str(error))
    if isinstance(error, RejectedError):
        return ApiError(status_code=error.status_code, headers={}, body=str(error))
    return error


def closed_with_failure(reason: str) -> ConnectionClosed:
    """The error for a connection that was closed because of a failure."""
    short = reason.encode()[:_LONGEST_REASON].decode(errors="ignore")
    return ConnectionClosedError(Close(CloseCode.INTERNAL_ERROR, short), None)


def closed_properly() -> ConnectionClosed:
    """The error for a connection that was closed normally."""
    close = Close(CloseCode.NORMAL_CLOSURE, "")
    return ConnectionClosedOK(close, close, True)
