# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
"""What a container of any version may send beside what was heard. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from pipecat_sagemaker_deepgram.error_codes import code_in

MAX_MESSAGE_BYTES = 1024 * 1024
"""Most bytes of a message that is read, as Deepgram's own clients have it (the default
``max_size`` of ``websockets``)."""


@dataclass(frozen=True, slots=True)
class UnknownMessage:
    """A message this package does not know.

    Attributes:
        type: Its ``type``; empty when it has none.
    """

    type: str


@dataclass(frozen=True, slots=True)
class MalformedMessage:
    """Something that is not a message.

    Attributes:
        reason: Why not. It quotes nothing of the content.
    """

    reason: str


def what_happened(body: Mapping[str, Any], *names: str) -> tuple[str, str]:
    """Read an error, a warning or a refusal.

    Args:
        body: The message.
        names: The fields that may hold the code, the first set one wins.

    Returns:
        The code, empty where there is none, and what the container says in its own words, which
        may quote what was said.
    """
    given = next((body[name] for name in names if body.get(name)), "")
    code = code_in(given)
    text = body.get("description") or body.get("message") or ""
    said = [text] if code else [given, text]
    return code, ": ".join(str(each) for each in said if each)
