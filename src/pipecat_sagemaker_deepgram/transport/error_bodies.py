# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
"""JSON that says what went wrong: the body of an error response or exception event. Pure."""

from collections.abc import Mapping
from typing import Any

import msgspec

MOST_TEXT = 1000
"""Most characters of an error's text that are kept."""


def read_fields(body: bytes) -> dict[str, Any]:
    """Read the fields of a body; anything but a JSON object has none."""
    try:
        parsed = msgspec.json.decode(body)
    except (msgspec.MsgspecError, ValueError, RecursionError):
        return {}
    return parsed if isinstance(parsed, dict) else {}


def text_in(fields: Mapping[str, Any]) -> str:
    """Return a body's message, at most ``MOST_TEXT`` characters of it; may be empty."""
    text = fields.get("Message") or fields.get("message")
    return text[:MOST_TEXT] if isinstance(text, str) else ""
