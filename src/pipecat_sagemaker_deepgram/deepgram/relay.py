# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
"""A session's messages as those of one stream, for whoever reads Deepgram's own. Pure."""

from collections.abc import Mapping
from typing import Any, Protocol

import msgspec

from pipecat_sagemaker_deepgram.deepgram.conversation import RecordFollower
from pipecat_sagemaker_deepgram.deepgram.steps import Acknowledge

type RelayStep = Mapping[str, Any] | Acknowledge
"""A message to hand on, as a JSON object; or what the client is to do."""


class Relay(RecordFollower[RelayStep], Protocol):
    """Hides a session's streams: it reads on as if one stream had never been lost.

    Attributes:
        heard_to: How far the container has listened, in session seconds.
    """

    heard_to: float

    def sent(self, message: Mapping[str, Any]) -> None:
        """Take note of a control message that the caller sends, whose answers are the caller's.

        Args:
            message: The message.
        """
        ...


def json_text(body: object) -> str:
    """Write a message."""
    return msgspec.json.encode(body).decode()


def read_message(text: str) -> dict[str, Any]:
    """A message as an object; an empty one where it is none, for the container to refuse."""
    try:
        message = msgspec.json.decode(text)
    except msgspec.MsgspecError:
        return {}
    return message if isinstance(message, dict) else {}
