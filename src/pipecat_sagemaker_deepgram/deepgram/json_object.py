# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
"""A message of a container as a JSON object, or why it is none. Pure."""

import json
from collections.abc import Mapping
from typing import Any

UNREADABLE = (LookupError, TypeError, ValueError, ArithmeticError, AttributeError)
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
        body = json.loads(data)
    except (ValueError, RecursionError) as error:
        raise NoObjectError(f"{len(data)} characters that are not JSON") from error
    if not isinstance(body, dict):
        raise NoObjectError(f"JSON that is no object but {type(body).__name__}")
    return body


def why_unreadable(body: Mapping[str, Any], error: Exception) -> str:
    """Say which object had a field that is not as it should be, quoting nothing of the field."""
    return f"a {body.get('type', 'message')} with an unreadable field ({type(error).__name__})"
