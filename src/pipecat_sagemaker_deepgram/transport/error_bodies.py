# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
"""JSON that says what went wrong: the body of an error answer or of an exception event. Pure."""

from collections.abc import Mapping
from typing import Any

import msgspec

MOST_TEXT = 1000
"""Most characters that are taken of an error's text."""


def read_fields(body: bytes) -> dict[str, Any]:
    """Read a body; one that is no JSON object has no fields."""
    try:
        parsed = msgspec.json.decode(body)
    except (msgspec.MsgspecError, ValueError, RecursionError):
        return {}
    return parsed if isinstance(parsed, dict) else {}


def text_in(fields: Mapping[str, Any]) -> str:
    """What a body's fields say in words, as far as it is needed; may be empty."""
    text = fields.get("Message") or fields.get("message")
    return text[:MOST_TEXT] if isinstance(text, str) else ""
