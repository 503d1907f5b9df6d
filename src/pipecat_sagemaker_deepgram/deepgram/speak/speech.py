# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
"""What of a session's text is spoken, whatever streams it takes. Pure."""

from dataclasses import dataclass
from typing import Protocol


class SpokenText(Protocol):
    """Has all text spoken once, and reads on as if one stream had never been lost.

    What a lost stream was to speak and has not said to be spoken is given to the next one again,
    and as much of its audio is left out as was handed on before: a voice that says a text in the
    same way goes on where it was cut off.

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
        """Whether the next stream would be given anything again."""
        ...

    def say(self, text: str) -> None:
        """Take a message of the caller's in; ``Close`` has what is left flushed."""
        ...

    def next(self) -> str | None:
        """The next message for the stream in use; ``None`` when it was given all."""
        ...

    def heard(self, data: str | bytes) -> list[str | bytes]:
        """Take a message of the stream in use.

        Returns:
            What the caller gets of it.
        """
        ...

    def lost(self) -> None:
        """The stream in use is gone; the next one is given what was not spoken."""
        ...


@dataclass(eq=False)
class SpeechCommand:
    """A message of the caller's that is not answered yet.

    Attributes:
        text: The message.
        kind: Its ``type``; empty where it has none.
        is_sent: Whether the stream in use was given it.
        is_ours: Whether the caller has not sent it, and gets no answer.
    """

    text: str
    kind: str
    is_sent: bool = False
    is_ours: bool = False


class SpokenAudio:
    """Audio since the last boundary: each byte is handed on once, though it is spoken again."""

    def __init__(self) -> None:
        self._given = 0
        self._position = 0

    @property
    def given(self) -> int:
        """Bytes that were handed on."""
        return self._given

    def new(self, data: bytes) -> bytes:
        """What of a piece of audio was not handed on before."""
        fresh = data[max(0, self._given - self._position) :]
        self._position += len(data)
        self._given = max(self._given, self._position)
        return fresh

    def rewind(self) -> None:
        """It will be spoken again from the boundary."""
        self._position = 0

    def done(self) -> None:
        """Here is a boundary: all before is spoken."""
        self._position = self._given = 0
