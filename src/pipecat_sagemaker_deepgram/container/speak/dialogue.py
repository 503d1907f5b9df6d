# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
"""The interface between a speech connection and its dialogue: pure, without clocks and sockets."""

from dataclasses import dataclass
from typing import Protocol

from pipecat_sagemaker_deepgram.container.speak.messages import SpeakMessage


@dataclass(frozen=True)
class Say:
    """A sentence to speak.

    Attributes:
        text: The sentence.
        speed: Speed of speech, as a multiple of the usual one.
    """

    text: str
    speed: float


@dataclass(frozen=True)
class Send:
    """A message to send, after everything before it was spoken."""

    message: str


@dataclass(frozen=True)
class Hang:
    """Close, after everything before it was spoken."""

    code: int = 1000
    reason: str = ""


type Step = Say | Send | Hang


class SpeakDialogue(Protocol):
    """The messages on one connection."""

    def open(self) -> list[str]:
        """Return the messages to send first."""
        ...

    def parse(self, frame: str | bytes) -> SpeakMessage:
        """Read a message of the client.

        Raises:
            SpeakError: It is not valid.
        """
        ...

    def take(self, message: SpeakMessage, now: float) -> list[str]:
        """Take a message; return the messages to send at once, ahead of all speech.

        Raises:
            SpeakError: The connection must be closed.
        """
        ...

    def next_step(self) -> Step | None:
        """Return the next step; None if there is none."""
        ...

    def is_current(self, step: Step) -> bool:
        """Whether a step is still wanted."""
        ...

    def synthesized(self, step: Say, milliseconds: float) -> None:
        """Note the length of the sentence about to be sent."""
        ...

    def spoken(self, step: Say, milliseconds: float) -> None:
        """Note that a piece of a sentence has been sent."""
        ...

    def failure(self, error: Exception) -> list[str]:
        """Return the messages to send before closing because of an error."""
        ...
