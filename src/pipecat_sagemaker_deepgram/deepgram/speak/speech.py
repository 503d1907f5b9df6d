# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
"""Tracks which text of a session has been spoken, across all its streams. Pure."""

from dataclasses import dataclass
from typing import Protocol


class SpokenText(Protocol):
    """Makes sure that all text is spoken once, as if one stream had never been lost.

    Text that a lost stream has not reported as spoken is sent to the next one again. As much of the
    new audio is left out as was already passed on: if the voice says the text in the same way, the
    speech continues where it was cut off.

    Attributes:
        progress: Grows with every new byte of audio and every answer.
    """

    progress: int

    @property
    def is_waiting(self) -> bool:
        """Whether an answer is due."""
        ...

    @property
    def has_unspoken(self) -> bool:
        """Whether anything would be sent again to the next stream."""
        ...

    def say(self, text: str) -> None:
        """Accept a message from the caller; ``Close`` flushes the remaining text."""
        ...

    def next(self) -> str | None:
        """The next message for the stream in use; ``None`` if everything was sent."""
        ...

    def heard(self, data: str | bytes) -> list[str | bytes]:
        """Process a message of the stream in use.

        Returns:
            What to pass to the caller.
        """
        ...

    def lost(self) -> None:
        """Note that the stream in use was lost; the next one gets what was not spoken."""
        ...


@dataclass(eq=False)
class SpeechCommand:
    """A message to the container that has not been answered yet.

    Attributes:
        text: The message.
        kind: Its ``type``; empty if it has none.
        is_sent: Whether it was sent to the stream in use.
        is_ours: Whether this package sent it, so that the caller gets no answer.
    """

    text: str
    kind: str
    is_sent: bool = False
    is_ours: bool = False


class SpokenAudio:
    """Audio since the last boundary: each byte is passed on once, even if it is spoken again."""

    def __init__(self) -> None:
        self._given = 0
        self._position = 0

    @property
    def given(self) -> int:
        """Bytes that were passed on."""
        return self._given

    def new(self, data: bytes) -> bytes:
        """Return the part of a piece of audio that was not passed on before."""
        fresh = data[max(0, self._given - self._position) :]
        self._position += len(data)
        self._given = max(self._given, self._position)
        return fresh

    def rewind(self) -> None:
        """Note that the audio will be spoken again from the boundary."""
        self._position = 0

    def done(self) -> None:
        """Note a boundary: everything before it is spoken."""
        self._position = self._given = 0
