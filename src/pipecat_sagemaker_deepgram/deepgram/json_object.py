# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
"""A message of a container as a JSON object, or why it is none. Pure.

The object is a plain dictionary, as the user gets it. What is needed of it is then converted by
``msgspec``, leniently: a field that is not needed is not declared, and numbers may be text.
"""

from collections.abc import Mapping
from typing import Annotated, Any

import msgspec

MOST_SECONDS = 1e9
"""Beyond it a number is no time of a stream, and computing with it may overflow."""

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
"""What reading the fields of an object raises that are not as they should be."""


class NoObjectError(ValueError):
    """A message is no JSON object. It quotes nothing of the content."""


def read_object(data: str | bytes) -> dict[str, Any]:
    """Read one message.

    Raises:
        NoObjectError: It is none; the error says what it is.
    """
    if isinstance(data, bytes):
        raise NoObjectError(f"a binary message of {len(data)} bytes")
    try:
        body = msgspec.json.decode(data)
    except (msgspec.MsgspecError, ValueError, RecursionError) as error:
        raise NoObjectError(f"{len(data)} characters that are not JSON") from error
    if not isinstance(body, dict):
        raise NoObjectError(f"JSON that is not an object but {type(body).__name__}")
    return body


def text_in(value: Any) -> str:
    """Read a transcript; digits may be a number.

    Raises:
        TypeError: It is no text.
    """
    if value is None:
        return ""
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        raise TypeError(f"a text is {type(value).__name__}")
    return str(value)


def why_unreadable(body: Mapping[str, Any], error: Exception) -> str:
    """Say which object had a field that is not as it should be, quoting nothing of the field."""
    return f"a {body.get('type', 'message')} with an unreadable field ({type(error).__name__})"
