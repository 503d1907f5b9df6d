# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
"""What a container of any version may send besides transcripts. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from pipecat_sagemaker_deepgram.error_codes import code_in

MAX_MESSAGE_BYTES = 1024 * 1024
"""Most bytes of a message that is read, as in Deepgram's own clients (the default ``max_size`` of
``websockets``)."""


@dataclass(frozen=True, slots=True)
class UnknownMessage:
    """A message this package does not know.

    Attributes:
        type: Its ``type``; empty if it has none.
    """

    type: str


@dataclass(frozen=True, slots=True)
class MalformedMessage:
    """Something that is not a message.

    Attributes:
        reason: Why it is not one, without quoting its content.
    """

    reason: str


def what_happened(body: Mapping[str, Any], *names: str) -> tuple[str, str]:
    """Read an error, a warning or a refusal.

    Args:
        body: The message.
        names: The fields that may contain the code; the first one that is set is used.

    Returns:
        The code (empty if there is none), and the text that the container wrote, which may quote
        what was said.
    """
    given = next((body[name] for name in names if body.get(name)), "")
    code = code_in(given)
    text = body.get("description") or body.get("message") or ""
    said = [text] if code else [given, text]
    return code, ": ".join(str(each) for each in said if each)
