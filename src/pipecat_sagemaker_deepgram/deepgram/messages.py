# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
"""What a container of any version may send that says nothing to this package. Pure."""

from dataclasses import dataclass


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
