# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
"""Tracks which turns of a v2/speak session have been spoken. Pure.

A turn is the text between two ``Flush`` messages. It ends with its ``SpeechMetadata``, or with a
``SpeechInterrupted`` instead (Deepgram docs, "Flux TTS").
"""

from collections import deque
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from pipecat_sagemaker_deepgram.deepgram.relay import json_text, read_message
from pipecat_sagemaker_deepgram.deepgram.speak.aura import FLUSH
from pipecat_sagemaker_deepgram.deepgram.speak.speech import (
    SpeechCommand,
    SpokenAudio,
)


@dataclass
class SpeechTurn:
    """A turn that has not been spoken completely.

    Attributes:
        commands: The caller's messages that belong to it, in order.
        is_over: Whether the caller has ended or interrupted it.
        audio: The audio of it that was passed on.
        speech_id: The name by which the caller knows it; empty before it has begun.
        has_reported_flush: Whether its ``Flushed`` was passed to the caller.
    """

    commands: list[SpeechCommand] = field(default_factory=list[SpeechCommand])
    is_over: bool = False
    audio: SpokenAudio = field(default_factory=SpokenAudio)
    speech_id: str = ""
    has_reported_flush: bool = False


class FluxSpeech:
    """Makes sure that all text is spoken once; see ``SpokenText``.

    A turn that a loss interrupts keeps its name. ``Connected`` is passed on once,
    ``SessionMetadata`` has the totals of all streams, and the offset of an ``Interrupt`` is
    converted to the clock of the stream in use.

    Args:
        bytes_per_second: Bytes of one second of the speech.
    """

    def __init__(self, *, bytes_per_second: int) -> None:
        self.progress = 0
        self._rate = bytes_per_second
        self._turns: deque[SpeechTurn] = deque()
        self._unsent: deque[SpeechCommand] = deque()
        self._configures: deque[SpeechCommand] = deque()
        self._configured: SpeechCommand | None = None
        self._is_connected = False
        self._spoken_bytes = 0
        # Where the stream in use began, in milliseconds of the session's speech
        self._began_at = 0.0
        self._is_first_stream = True
        self._totals = [0.0, 0, 0]

    @property
    def is_waiting(self) -> bool:
        """Whether the end of a turn, or an answer to ``Configure``, is due."""
        return bool(self._configures) or any(turn.is_over for turn in self._turns)

    @property
    def has_unspoken(self) -> bool:
        """Whether anything would be sent again to the next stream."""
        return bool(self._configures or self._turns)

    def say(self, text: str) -> None:
        """Accept a message from the caller."""
        command = SpeechCommand(text, str(read_message(text).get("type") or ""))
        turn = self._turns[-1] if self._turns and not self._turns[-1].is_over else None
        match command.kind:
            case "Speak":
                if turn is None:
                    turn = SpeechTurn()
                    self._turns.append(turn)
                turn.commands.append(command)
            case "Close" if turn is not None:
                command = SpeechCommand(FLUSH, "Flush")
                _end(turn, command)
            case "Close":
                return
            case "Flush" if turn is not None:
                _end(turn, command)
            case "Interrupt" if self._turns:
                _end(self._turns[0], command)
            case "Configure":
                self._configures.append(command)
            case _:
                pass
        self._unsent.append(command)

    def next(self) -> str | None:
        """The next message for the stream in use."""
        if not self._unsent:
            return None
        command = self._unsent.popleft()
        return self._interrupt(command.text) if command.kind == "Interrupt" else command.text

    def heard(self, data: str | bytes) -> list[str | bytes]:
        """Process a message of the stream in use."""
        turn = self._turns[0] if self._turns else SpeechTurn()
        if isinstance(data, bytes):
            fresh = turn.audio.new(data)
            self.progress += len(fresh)
            return [fresh] if fresh else []
        body = read_message(data)
        match body.get("type"):
            case "Connected":
                is_again, self._is_connected = self._is_connected, True
                return [] if is_again else [data]
            case "SpeechStarted" | "Flushed" as kind:
                return self._report_once(turn, kind, body)
            case "SpeechMetadata":
                return [self._ended(turn, body, body)]
            case "SpeechInterrupted":
                return [self._ended(turn, body, body.get("metadata") or {})]
            case "ConfigureSuccess" | "ConfigureFailure" as kind:
                return [data] if self._is_configured(kind) else []
            case "SessionMetadata" if not self._is_first_stream:
                return [json_text(body | self._session_totals())]
            case "Error":
                return []
            case _:
                return [data]

    def lost(self) -> None:
        """Note that the stream in use was lost."""
        self._is_first_stream = False
        self._began_at = self._spoken_bytes / self._rate * 1000
        if self._configured is not None and self._configured not in self._configures:
            self._configures.appendleft(self._configured)
        self._unsent = deque(self._configures)
        for turn in self._turns:
            turn.audio.rewind()
            self._unsent += turn.commands

    def _report_once(self, turn: SpeechTurn, kind: str, body: dict[str, Any]) -> list[str | bytes]:
        is_again = turn.has_reported_flush if kind == "Flushed" else bool(turn.speech_id)
        turn.has_reported_flush = turn.has_reported_flush or kind == "Flushed"
        turn.speech_id = turn.speech_id or str(body.get("speech_id") or "")
        return [] if is_again else [json_text(_named(body, turn))]

    def _ended(self, turn: SpeechTurn, body: dict[str, Any], metadata: dict[str, Any]) -> str:
        self.progress += 1
        if self._turns:
            self._turns.popleft()
        self._spoken_bytes += turn.audio.given
        played = body.get("audio_played_ms", metadata.get("audio_duration_ms"))
        self._totals[0] += played or 0
        self._totals[1] += metadata.get("input_character_count") or 0
        self._totals[2] += metadata.get("billable_character_count") or 0
        if metadata is body:
            return json_text(_named(body, turn))
        return json_text(_named(body | {"metadata": _named(metadata, turn)}, turn))

    def _is_configured(self, kind: str) -> bool:
        """Whether the caller waits for this answer."""
        self.progress += 1
        if not self._configures:
            return True
        command = self._configures.popleft()
        if kind == "ConfigureSuccess":
            is_ours = command is self._configured
            self._configured = command
            return not is_ours
        return command is not self._configured

    def _session_totals(self) -> dict[str, Any]:
        duration, given, billable = self._totals
        return {
            "total_audio_duration_ms": round(duration),
            "total_input_character_count": given,
            "total_billable_character_count": billable,
        }

    def _interrupt(self, text: str) -> str:
        """Convert the offset of an ``Interrupt`` to the clock of the stream in use."""
        message = read_message(text)
        offset = message.get("playback_offset")
        if self._is_first_stream or not isinstance(offset, Mapping):
            return text
        value = offset.get("value")
        if not isinstance(value, int | float) or value <= self._began_at:
            return json_text({"type": "Interrupt"})
        return json_text(message | {"playback_offset": {**offset, "value": value - self._began_at}})


def _end(turn: SpeechTurn, command: SpeechCommand) -> None:
    turn.commands.append(command)
    turn.is_over = True


def _named(body: dict[str, Any], turn: SpeechTurn) -> dict[str, Any]:
    """The same message, with the name by which the caller knows the turn."""
    return body | {"speech_id": turn.speech_id} if turn.speech_id and "speech_id" in body else body
