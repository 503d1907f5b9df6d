# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
"""The interface between a connection and its dialogue, and the client messages both know."""

from dataclasses import dataclass
from typing import Any, Protocol


@dataclass(frozen=True)
class Audio:
    """A binary frame of audio."""

    data: bytes


@dataclass(frozen=True)
class AudioPacket(Audio):
    """A binary frame of audio that must not be joined with the next."""


@dataclass(frozen=True)
class KeepAlive:
    """Stay open; no answer."""


@dataclass(frozen=True)
class CloseStream:
    """Answer everything, then close."""


@dataclass(frozen=True)
class Unparseable:
    """A text message that is not a message of the API, with the problem."""

    text: str
    problem: str


class Dialogue(Protocol):
    """The messages on one connection, without sockets, clocks and tasks."""

    @property
    def bytes_per_second(self) -> int:
        """Bytes of one second of the client's audio."""
        ...

    @property
    def is_finished(self) -> bool:
        """Whether all messages were sent, so that the connection can be closed."""
        ...

    @property
    def close_code(self) -> int | None:
        """The status of the close frame; None for a close frame without one."""
        ...

    def open(self) -> list[str]:
        """Return the messages to send before the client's first one."""
        ...

    def parse(self, frame: str | bytes) -> Any:
        """Read a WebSocket message of the client."""
        ...

    def is_misframed(self, data: bytes) -> bool:
        """Whether a binary frame holds a control message."""
        ...

    def handle(self, message: Any) -> list[str]:
        """Take a message; return the JSON messages that answer it, in order."""
        ...

    def close(self) -> None:
        """Close the recogniser's sessions; words not yet reported are dropped."""
        ...
