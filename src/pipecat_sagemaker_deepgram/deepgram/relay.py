# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
"""Presents a session's messages as those of one stream, to readers of Deepgram's protocol. Pure."""

from collections.abc import Mapping
from typing import Any, Protocol

import msgspec

from pipecat_sagemaker_deepgram.deepgram.conversation import RecordFollower
from pipecat_sagemaker_deepgram.deepgram.steps import Acknowledge

type RelayStep = Mapping[str, Any] | Acknowledge
"""A message to pass on, as a JSON object, or a command for the client."""


class Relay(RecordFollower[RelayStep], Protocol):
    """Hides a session's streams: its messages read as if one stream had never been lost.

    Attributes:
        heard_to: How far the container has processed the audio, in session seconds.
    """

    heard_to: float

    def sent(self, message: Mapping[str, Any]) -> None:
        """Note a control message that the caller sends, whose answers belong to the caller.

        Args:
            message: The message.
        """
        ...


def json_text(body: object) -> str:
    """Write a message."""
    return msgspec.json.encode(body).decode()


def read_message(text: str) -> dict[str, Any]:
    """Read a message as an object; an empty one, for the container to refuse, if it is none."""
    try:
        message = msgspec.json.decode(text)
    except msgspec.MsgspecError:
        return {}
    return message if isinstance(message, dict) else {}
