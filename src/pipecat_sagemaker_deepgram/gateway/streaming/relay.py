# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
"""What the relay between a client and its session offers, whatever Deepgram's version. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from pipecat_sagemaker_deepgram.client.records import Record
from pipecat_sagemaker_deepgram.client.stream_protocol import StreamProtocol
from pipecat_sagemaker_deepgram.deepgram.relay import json_text
from pipecat_sagemaker_deepgram.deepgram.steps import Acknowledge


@dataclass(frozen=True, slots=True)
class Answer:
    """Send the client a message.

    Attributes:
        text: The message, as JSON.
    """

    text: str


@dataclass(frozen=True, slots=True)
class SendControl:
    """Send the endpoint a text message, in its place among the audio.

    Attributes:
        text: The message.
        kind: Name under which it is sent again after a loss.
    """

    text: str
    kind: str


@dataclass(frozen=True, slots=True)
class EndStream:
    """The client has sent all: have the rest answered, then close."""


@dataclass(frozen=True, slots=True)
class CloseNow:
    """Close the client's connection, answered or not."""


type Step = Answer | SendControl | Acknowledge | EndStream | CloseNow
"""What follows from a message, an event or the time."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Summary:
    """What is known of a stream at its end.

    Attributes:
        seconds: Audio that the client has sent.
        sha256: Digest of its bytes.
    """

    seconds: float
    sha256: str


class ListenRelay(Protocol):
    """Says what a client is sent of its session, and the session of its client.

    Attributes:
        protocol: What the endpoint's messages mean for the session.
        close_code: The status of a stream's regular end; ``None`` for a close frame without one.
    """

    protocol: StreamProtocol
    close_code: int | None

    @property
    def heard_to(self) -> float:
        """How far the endpoint has listened, in session seconds."""
        ...

    def take_text(self, text: str) -> Sequence[Step]:
        """Take a text message of the client in."""
        ...

    def control_in(self, data: bytes) -> str | None:
        """The control message that a binary frame holds, if it holds one."""
        ...

    def observe(self, record: Record, now: float) -> Sequence[Step]:
        """Take the session's next record in."""
        ...

    def get_timer(self) -> float | None:
        """The time at which ``handle_timer`` wants to be called; ``None`` for never."""
        ...

    def handle_timer(self, now: float) -> Sequence[Step]:
        """Do what is due."""
        ...

    def finish(self, summary: Summary) -> Sequence[Step]:
        """Say what is said last, at a regular end."""
        ...

    def fail(self) -> Sequence[Step]:
        """Say what is said last where the session could not go on."""
        ...


def answer(body: Any) -> Answer:
    """Write a message to the client."""
    return Answer(json_text(body))
