# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
"""Reads a container's message as a JSON object, or reports why it is not one. Pure.

The object is a plain dictionary, which the user gets. ``msgspec`` then converts the fields that
this package needs, leniently: numbers may be text.
"""

from collections.abc import Mapping
from typing import Annotated, Any

import msgspec

MOST_SECONDS = 1e9
"""A greater number cannot be a time on a stream, and computing with it may overflow."""

type Seconds = Annotated[float, msgspec.Meta(ge=-MOST_SECONDS, le=MOST_SECONDS)]
"""A time."""

UNREADABLE = (
    LookupError,
    TypeError,
    ValueError,
    ArithmeticError,
    AttributeError,
    msgspec.ValidationError,
)
"""The errors that reading invalid fields of an object may raise."""

_DECODER = msgspec.json.Decoder()


class NoObjectError(ValueError):
    """A message is not a JSON object. The error quotes nothing of its content."""


def read_object(data: str | bytes) -> dict[str, Any]:
    """Read one message.

    Raises:
        NoObjectError: The message is not a JSON object; the error says what it is instead.
    """
    if isinstance(data, bytes):
        raise NoObjectError(f"a binary message of {len(data)} bytes")
    try:
        body = _DECODER.decode(data)
    except (msgspec.MsgspecError, ValueError, RecursionError) as error:
        raise NoObjectError(f"{len(data)} characters that are not JSON") from error
    if not isinstance(body, dict):
        raise NoObjectError(f"JSON that is not an object but {type(body).__name__}")
    return body


def text_in(value: Any) -> str:
    """Read a transcript; one that consists of digits may be a JSON number.

    Raises:
        TypeError: The value is not text.
    """
    if value is None:
        return ""
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        raise TypeError(f"a text is of type {type(value).__name__}")
    return str(value)


def why_unreadable(body: Mapping[str, Any], error: Exception) -> str:
    """Say which kind of object has an invalid field, without quoting the field."""
    return f"a {body.get('type', 'message')} with an unreadable field ({type(error).__name__})"
