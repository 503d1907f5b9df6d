# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
"""One connection of v2/speak: turns of speech (Deepgram docs, "Flux TTS").

A turn is the text between two ``Flush`` messages. A turn that begins while another is spoken
waits for it.
"""

import json
from collections import deque
from typing import Any

from pipecat_sagemaker_deepgram.container.recognizers.recognizer import ModelInfo
from pipecat_sagemaker_deepgram.container.speak.dialogue import Hang, Say, Send, Step
from pipecat_sagemaker_deepgram.container.speak.messages import (
    Close,
    ConfigureSpeech,
    Flush,
    Interrupt,
    Speak,
    SpeakError,
    SpeakMessage,
    parse_flux,
)
from pipecat_sagemaker_deepgram.container.speak.query import SpeakQuery, check_flux_speed
from pipecat_sagemaker_deepgram.container.speak.synthesizer import (
    MARKUP_STRIPPED,
    MARKUP_STRIPPED_TEXT,
    strip_markup,
)
from pipecat_sagemaker_deepgram.container.speak.turn import SpokenSentence, SpokenTurn

_LONGEST_MESSAGE = 65536


_CLOSED = Hang()


class SpeakV2:
    """The dialogue of one connection.

    Args:
        query: The checked query.
        model: The synthesiser's model.
        request_id: Id of the connection.
    """

    def __init__(self, query: SpeakQuery, model: ModelInfo, *, request_id: str) -> None:
        self._speed = query.speed
        self._model = model
        self._request_id = request_id
        self._turns: deque[SpokenTurn] = deque()
        self._steps: deque[Step] = deque()
        self._saying: tuple[Step, SpokenSentence] | None = None
        self._is_closing = False
        self._last_offset = -1.0
        self._milliseconds = 0.0
        self._characters = 0

    def open(self) -> list[str]:
        """Return the greeting."""
        model = self._model
        return [
            _message(
                "Connected",
                request_id=self._request_id,
                model_name=model.name,
                model_version=model.version,
                model_uuids=[model.uuid],
            )
        ]

    def parse(self, frame: str | bytes) -> SpeakMessage:
        """Read a message of the client."""
        if len(frame) > _LONGEST_MESSAGE:
            raise SpeakError("BIG-0000", 1009, f"The message is over {_LONGEST_MESSAGE} bytes")
        return parse_flux(frame)

    def take(self, message: SpeakMessage, now: float) -> list[str]:
        """Take a message; return the messages to send at once."""
        match message:
            case Speak(text):
                text, is_stripped = strip_markup(text)
                self._open_turn().add(text)
                return [_warning(MARKUP_STRIPPED, MARKUP_STRIPPED_TEXT)] if is_stripped else []
            case Flush() if self._is_turn_open:
                self._turns[-1].flush()
            case Flush():
                return [_warning("NO_ACTIVE_SPEECH", "There is no speech to flush.")]
            case Interrupt(offset):
                return self._interrupt(offset)
            case ConfigureSpeech(speed):
                return [self._configure(speed)]
            case Close():
                self._is_closing = True
                if self._is_turn_open:
                    self._turns[-1].flush()
        return []

    def next_step(self) -> Step | None:
        """Return the next step: send a message, speak a sentence, or close."""
        self._saying = None
        if not self._steps:
            self._plan()
        return self._steps.popleft() if self._steps else None

    def is_current(self, step: Step) -> bool:
        """Whether the turn of a sentence has not been interrupted."""
        return self._saying is not None and self._saying[0] is step

    def spoken(self, step: Say, milliseconds: float) -> None:
        """Count what was sent."""
        self._milliseconds += milliseconds
        if self._saying is not None:
            self._saying[1].milliseconds += milliseconds

    def synthesized(self, step: Say, milliseconds: float) -> None:
        """Note the length of a sentence."""
        if self._saying is not None:
            self._saying[1].length = milliseconds

    def failure(self, error: Exception) -> list[str]:
        """Return the ``Error`` that comes before the close frame."""
        code = error.code if isinstance(error, SpeakError) else "NET-0000"
        return [_message("Error", code=code, description=str(error))]

    @property
    def _is_turn_open(self) -> bool:
        return bool(self._turns) and not self._turns[-1].is_flushed

    def _open_turn(self) -> SpokenTurn:
        if not self._is_turn_open:
            self._turns.append(SpokenTurn())
        return self._turns[-1]

    def _plan(self) -> None:
        """Determine the next step once the current turn is done."""
        turn = self._turns[0] if self._turns else None
        if turn is not None and turn.pending:
            self._say(turn)
        elif turn is not None and turn.is_flushed:
            self._turns.popleft()
            self._steps += [Send(text) for text in self._end(turn)]
        elif turn is None and self._is_closing:
            self._is_closing = False
            self._steps += [Send(self._session_metadata()), _CLOSED]

    def _say(self, turn: SpokenTurn) -> None:
        if turn.began_at is None:
            turn.began_at = self._milliseconds
            self._steps.append(Send(_message("SpeechStarted", speech_id=turn.speech_id)))
            return
        sentence = turn.next_sentence()
        step = Say(sentence.text, self._speed)
        self._saying = (step, sentence)
        self._steps.append(step)

    def _end(self, turn: SpokenTurn) -> list[str]:
        self._characters += len(turn.text)
        messages = [
            _message("Flushed", speech_id=turn.speech_id),
            _message("SpeechMetadata", **_metadata(turn, turn.milliseconds)),
        ]
        if turn.milliseconds:
            return messages
        nothing = _warning("NO_SYNTHESIZABLE_TEXT", "There is nothing in the text to speak.")
        return [nothing, *messages]

    def _interrupt(self, offset: float | None) -> list[str]:
        if not self._turns:
            return [_warning("NO_ACTIVE_SPEECH", "There is no speech to interrupt.")]
        warnings: list[str] = []
        if offset is not None and not self._last_offset < offset <= self._milliseconds:
            description = "playback_offset lies before the last one or beyond what was sent."
            warnings, offset = [_warning("INVALID_INTERRUPT_OFFSET", description)], None
        turn = self._turns.popleft()
        self._saying = None
        self._steps.clear()
        return [*warnings, self._interrupted(turn, offset)]

    def _interrupted(self, turn: SpokenTurn, offset: float | None) -> str:
        began_at = self._milliseconds if turn.began_at is None else turn.began_at
        played = turn.milliseconds
        texts: dict[str, str] = {}
        if offset is not None:
            self._last_offset = offset
            played = max(0.0, min(played, offset - began_at))
            spoken, remaining = turn.split_at(played)
            texts = {"text_spoken": spoken, "text_remaining": remaining}
        self._milliseconds = began_at + played
        self._characters += len(turn.text)
        return _message(
            "SpeechInterrupted",
            audio_played_ms=round(played),
            **texts,
            metadata=_metadata(turn, played),
        )

    def _configure(self, speed: float) -> str:
        if (problem := check_flux_speed(speed)) is not None:
            code, description = problem
            return _message(
                "ConfigureFailure", code=code, field="speed", value=speed, description=description
            )
        self._speed = speed
        return _message("ConfigureSuccess", applied={"speed": speed})

    def _session_metadata(self) -> str:
        return _message(
            "SessionMetadata",
            total_audio_duration_ms=round(self._milliseconds),
            total_input_character_count=self._characters,
            total_billable_character_count=self._characters,
        )


def _metadata(turn: SpokenTurn, milliseconds: float) -> dict[str, Any]:
    return {
        "speech_id": turn.speech_id,
        "audio_duration_ms": round(milliseconds),
        "input_character_count": len(turn.text),
        "billable_character_count": len(turn.text),
        "controls_applied": {
            "pronunciations_applied": 0,
            "breaks_applied": 0,
            "pronunciation_warnings": [],
        },
    }


def _message(kind: str, **fields: Any) -> str:
    return json.dumps({"type": kind, **fields})


def _warning(code: str, description: str) -> str:
    return _message("Warning", code=code, description=description)
