# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
"""Failures as the SDK's users know them from a WebSocket. Pure."""

from deepgram.core.api_error import ApiError
from websockets.exceptions import ConnectionClosed, ConnectionClosedError, ConnectionClosedOK
from websockets.frames import Close, CloseCode

from pipecat_sagemaker_deepgram.exceptions import RejectedError, SageMakerDeepgramError

_LONGEST_REASON = 123
"""Bytes of a close frame's reason (RFC 6455 section 5.5)."""


def as_the_sdk_raises(error: SageMakerDeepgramError, *, was_up: bool) -> Exception:
    """Give what a user of the SDK catches; ``error`` is to be its cause.

    Args:
        error: Why the session has ended.
        was_up: Whether a stream had been up.

    Returns:
        An ``ApiError`` with the endpoint's status where it refused the connection, a
        ``ConnectionClosedError`` with code 1011 where a connection was there, else the error.
    """
    if was_up:
        return closed_with_failure(str(error))
    if isinstance(error, RejectedError):
        return ApiError(status_code=error.status_code, headers={}, body=str(error))
    return error


def closed_with_failure(reason: str) -> ConnectionClosed:
    """A connection that has ended otherwise than it should have."""
    short = reason.encode()[:_LONGEST_REASON].decode(errors="ignore")
    return ConnectionClosedError(Close(CloseCode.INTERNAL_ERROR, short), None)


def closed_properly() -> ConnectionClosed:
    """A connection that has ended as it should."""
    close = Close(CloseCode.NORMAL_CLOSURE, "")
    return ConnectionClosedOK(close, close, True)
