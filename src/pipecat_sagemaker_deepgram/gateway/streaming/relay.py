# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
"""The interface of a relay between a client and its session, for both versions of the API. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from pipecat_sagemaker_deepgram.client.records import Record
from pipecat_sagemaker_deepgram.client.stream_protocol import StreamProtocol
from pipecat_sagemaker_deepgram.deepgram.relay import json_text
from pipecat_sagemaker_deepgram.deepgram.steps import Acknowledge


@dataclass(frozen=True, slots=True)
class SendToClient:
    """Send the client a message.

    Attributes:
        text: The message, as JSON.
    """

    text: str


@dataclass(frozen=True, slots=True)
class SendControl:
    """Send the endpoint a text message, in its position within the audio.

    Attributes:
        text: The message.
        kind: Key under which it is sent again after a loss.
    """

    text: str
    kind: str


@dataclass(frozen=True, slots=True)
class AwaitResults:
    """The client has sent everything: wait for the remaining results, then close."""


@dataclass(frozen=True, slots=True)
class CloseNow:
    """Close the client's connection at once."""


type Step = SendToClient | SendControl | Acknowledge | AwaitResults | CloseNow
"""The next steps after a message, an event or a timer."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Summary:
    """Totals of a stream at its end.

    Attributes:
        seconds: Seconds of audio that the client has sent.
        sha256: Digest of its bytes.
    """

    seconds: float
    sha256: str


class ListenRelay(Protocol):
    """Decides what the client and the session are sent.

    Attributes:
        protocol: Interprets the endpoint's messages for the session.
        close_code: The status of a stream's regular end; ``None`` for a close frame without one.
    """

    protocol: StreamProtocol
    close_code: int | None

    @property
    def heard_to(self) -> float:
        """Position up to which the endpoint has processed the audio, in session seconds."""
        ...

    def take_text(self, text: str) -> Sequence[Step]:
        """Handle a text message of the client."""
        ...

    def control_in(self, data: bytes) -> str | None:
        """The control message that a binary frame holds, if it holds one."""
        ...

    def observe(self, record: Record, now: float) -> Sequence[Step]:
        """Handle the session's next record."""
        ...

    def get_timer(self) -> float | None:
        """The time at which to call ``handle_timer``; ``None`` for never."""
        ...

    def handle_timer(self, now: float) -> Sequence[Step]:
        """Handle a timer that is due."""
        ...

    def finish(self, summary: Summary) -> Sequence[Step]:
        """Return the last messages of a regular end."""
        ...

    def fail(self) -> Sequence[Step]:
        """Return the last messages if the session could not continue."""
        ...


def answer(body: Any) -> SendToClient:
    """Write a message to the client."""
    return SendToClient(json_text(body))
