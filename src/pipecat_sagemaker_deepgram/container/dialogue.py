# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
"""What a connection asks of the dialogue on it, and the client's messages that it must know."""

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
    """What is said on one connection; it knows no socket, clock or task."""

    @property
    def bytes_per_second(self) -> int:
        """Bytes of one second of the client's audio."""
        ...

    @property
    def is_finished(self) -> bool:
        """Whether everything was said and the connection is to be closed."""
        ...

    @property
    def close_code(self) -> int | None:
        """The status to close with then; None for a close frame without one."""
        ...

    def open(self) -> list[str]:
        """Return what is said before the client speaks."""
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
        """Close the recogniser's sessions; what they hold is dropped."""
        ...
