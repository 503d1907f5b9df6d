# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
"""Reading the text messages of clients. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import msgspec

LONGEST_CONTROL = 8192
"""Largest binary frame, in bytes, that may be a control message sent by mistake."""


@dataclass(frozen=True, slots=True)
class ClientControl:
    """A control message.

    Attributes:
        type: Its ``type``.
        text: The message, unchanged.
        fields: The message.
    """

    type: str
    text: str
    fields: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Unreadable:
    """A text message that the API does not define.

    Attributes:
        text: The message, unchanged.
        problem: What is wrong with it.
    """

    text: str
    problem: str


def read_control(text: str, known: Sequence[str]) -> ClientControl | Unreadable:
    """Read a text message.

    Args:
        text: The message.
        known: The known message types.
    """
    try:
        fields = msgspec.json.decode(text)
    except (msgspec.DecodeError, UnicodeError, RecursionError) as error:
        return Unreadable(text, str(error))
    if not isinstance(fields, dict):
        return Unreadable(text, "invalid type, expected an object")
    kind = fields.get("type")
    if kind is None:
        return Unreadable(text, "missing field `type`")
    if kind not in known:
        expected = ", ".join(f"`{name}`" for name in known)
        return Unreadable(text, f"unknown variant `{kind}`, expected one of {expected}")
    return ClientControl(kind, text, fields)


def control_in_binary(data: bytes, known: Sequence[str]) -> str | None:
    """The control message that a binary frame holds, as some clients send it; else ``None``."""
    if not data.startswith(b"{") or not data.endswith(b"}") or len(data) > LONGEST_CONTROL:
        return None
    try:
        text = data.decode()
    except UnicodeDecodeError:
        return None
    return text if isinstance(read_control(text, known), ClientControl) else None
