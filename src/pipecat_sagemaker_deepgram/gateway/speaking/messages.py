# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
"""Checking the messages of clients of v1/speak and v2/speak before they are sent on. Pure.

SageMaker withholds the reason when a container closes because of a message, so messages that every
container refuses are refused here (Deepgram docs, "Text to Speech WebSocket", "Flux TTS").
"""

from collections.abc import Sequence
from dataclasses import dataclass

from pipecat_sagemaker_deepgram.gateway.streaming.client_messages import Unreadable, read_control

AURA_CONTROLS = ("Speak", "Flush", "Clear", "Close")
FLUX_CONTROLS = ("Speak", "Flush", "Configure", "Interrupt", "Close")

LONGEST_TEXT = 2000
"""Longest text of one ``Speak``, in characters."""


@dataclass(frozen=True)
class SpeechFault:
    """Why a connection is closed.

    Attributes:
        code: Deepgram's code.
        close_code: The WebSocket's status.
        description: What is wrong.
    """

    code: str
    close_code: int
    description: str

    @property
    def reason(self) -> str:
        """The reason in the close frame."""
        return f"{self.code}: {self.description}"


NO_TEXT = SpeechFault("MESSAGE-0000", 1003, "Binary messages are not accepted: send text")
INTERNAL = SpeechFault("NET-0000", 1011, "An internal error has occurred")
IDLE = SpeechFault("NET-0004", 1011, "No message came within the timeout window")


def fault_in(frame: str, known: Sequence[str]) -> SpeechFault | None:
    """Find what is wrong with a message.

    Args:
        frame: The message.
        known: The known message types.
    """
    message = read_control(frame, known)
    if isinstance(message, Unreadable):
        return SpeechFault("MESSAGE-0000", 1003, message.problem)
    if message.type != "Speak":
        return None
    text = message.fields.get("text")
    if not isinstance(text, str):
        return SpeechFault("MESSAGE-0000", 1003, "missing field `text`")
    if len(text) > LONGEST_TEXT:
        return SpeechFault("BIG-0001", 1009, f"more than {LONGEST_TEXT} characters")
    return None
