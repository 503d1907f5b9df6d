# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
"""Tracks which text of a v1/speak session has been spoken. Pure.

Text counts as spoken when the ``Flushed`` that follows it arrives, and as given up at a ``Clear``
(Deepgram docs, "Text to Speech WebSocket").
"""

from collections import deque
from typing import Any

from pipecat_sagemaker_deepgram.deepgram.relay import json_text, read_message
from pipecat_sagemaker_deepgram.deepgram.speak.speech import (
    SpeechCommand,
    SpokenAudio,
)

FLUSH = '{"type":"Flush"}'
"""Asks for all text so far to be spoken."""

_REMEMBERED = ("Speak", "Flush", "Clear")
_ANSWERED = ("Flush", "Clear")


class AuraSpeech:
    """Makes sure that all text is spoken once; see ``SpokenText``.

    ``Metadata`` is passed on once, and ``Flushed`` and ``Cleared`` are numbered across streams.
    """

    def __init__(self) -> None:
        self.progress = 0
        self._commands: deque[SpeechCommand] = deque()
        self._audio = SpokenAudio()
        self._sequence_id = 0
        self._has_metadata = False

    @property
    def is_waiting(self) -> bool:
        """Whether ``Flushed`` or ``Cleared`` is due."""
        return any(command.kind in _ANSWERED for command in self._commands)

    @property
    def has_unspoken(self) -> bool:
        """Whether anything would be sent again to the next stream."""
        return bool(self._commands)

    def say(self, text: str) -> None:
        """Accept a message from the caller."""
        kind = str(read_message(text).get("type") or "")
        if kind == "Close":
            if self._commands and self._commands[-1].kind == "Speak":
                self._commands.append(SpeechCommand(FLUSH, "Flush", is_ours=True))
            return
        if kind == "Clear":
            self._commands.clear()
        self._commands.append(SpeechCommand(text, kind))

    def next(self) -> str | None:
        """The next message for the stream in use."""
        command = next((each for each in self._commands if not each.is_sent), None)
        if command is None:
            return None
        command.is_sent = True
        if command.kind not in _REMEMBERED:
            self._commands.remove(command)
        return command.text

    def heard(self, data: str | bytes) -> list[str | bytes]:
        """Process a message of the stream in use."""
        if isinstance(data, bytes):
            fresh = self._audio.new(data)
            self.progress += len(fresh)
            return [fresh] if fresh else []
        return self._hear_message(data, read_message(data))

    def _hear_message(self, data: str, body: dict[str, Any]) -> list[str | bytes]:
        match body.get("type"):
            case "Metadata":
                is_again, self._has_metadata = self._has_metadata, True
                return [] if is_again else [data]
            case "Flushed":
                return self._flushed(body)
            case "Cleared":
                return self._cleared(body)
            case "Warning" if "EXCESSIVE_FLUSH" in (body.get("code"), body.get("warn_code")):
                return [data] if self._forget_flush() else []
            case "Error":
                return []
            case _:
                return [data]

    def lost(self) -> None:
        """Note that the stream in use was lost."""
        for command in self._commands:
            command.is_sent = False
        if self._is_cleared:
            self._audio.done()
        else:
            self._audio.rewind()

    @property
    def _is_cleared(self) -> bool:
        return bool(self._commands) and self._commands[0].kind == "Clear"

    def _flushed(self, body: dict[str, Any]) -> list[str | bytes]:
        """Note that all text up to the first ``Flush`` is spoken, unless a ``Clear`` came since."""
        self.progress += 1
        if self._is_cleared:
            return [self._numbered(body)]
        self._audio.done()
        while self._commands:
            command = self._commands.popleft()
            if command.kind == "Flush":
                return [] if command.is_ours else [self._numbered(body)]
        return [self._numbered(body)]

    def _cleared(self, body: dict[str, Any]) -> list[str | bytes]:
        self.progress += 1
        self._audio.done()
        if self._is_cleared:
            self._commands.popleft()
        return [self._numbered(body)]

    def _forget_flush(self) -> bool:
        """Forget the last ``Flush``, which the container refused as one too many.

        Returns:
            Whether it was the caller's.
        """
        for command in reversed(self._commands):
            if command.kind == "Flush" and command.is_sent:
                self._commands.remove(command)
                return not command.is_ours
        return True

    def _numbered(self, body: dict[str, Any]) -> str:
        self._sequence_id += 1
        return json_text(body | {"sequence_id": self._sequence_id - 1})
