# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
"""What a connection that speaks asks of the dialogue on it: pure, without a clock or a socket."""

from dataclasses import dataclass
from typing import Protocol

from pipecat_sagemaker_deepgram.container.speak.messages import SpeakMessage


@dataclass(frozen=True)
class Say:
    """A sentence to speak.

    Attributes:
        text: The sentence.
        speed: How much faster than usual.
    """

    text: str
    speed: float


@dataclass(frozen=True)
class Tell:
    """A message to send, once all before it was spoken."""

    message: str


@dataclass(frozen=True)
class Hang:
    """Close, once all before it was spoken."""

    code: int = 1000
    reason: str = ""


type Step = Say | Tell | Hang


class SpeakDialogue(Protocol):
    """What is said on one connection."""

    def open(self) -> list[str]:
        """Return what is said first."""
        ...

    def parse(self, frame: str | bytes) -> SpeakMessage:
        """Read a message of the client.

        Raises:
            SpeakError: It is none.
        """
        ...

    def take(self, message: SpeakMessage, now: float) -> list[str]:
        """Take a message; return what is to be sent at once, before all that is to be spoken.

        Raises:
            SpeakError: The connection is to end.
        """
        ...

    def next_step(self) -> Step | None:
        """Return what is to be done next; None when there is nothing to do."""
        ...

    def is_current(self, step: Step) -> bool:
        """Whether a step that was given is still wanted."""
        ...

    def synthesized(self, step: Say, milliseconds: float) -> None:
        """Take note of how long a sentence is that is about to be sent."""
        ...

    def spoken(self, step: Say, milliseconds: float) -> None:
        """Take note that a piece of a sentence is sent."""
        ...

    def failure(self, error: Exception) -> list[str]:
        """Return what is said before the connection is closed because of an error."""
        ...
