# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
"""One connection of v1/speak: text in, speech and JSON messages out (Deepgram docs, "TTS")."""

import json
from collections import deque

from pipecat_sagemaker_deepgram.container.recognizers.recognizer import ModelInfo
from pipecat_sagemaker_deepgram.container.speak.dialogue import Hang, Say, Send, Step
from pipecat_sagemaker_deepgram.container.speak.messages import (
    Clear,
    Close,
    Flush,
    Speak,
    SpeakError,
    SpeakMessage,
    parse_aura,
)
from pipecat_sagemaker_deepgram.container.speak.query import SpeakQuery
from pipecat_sagemaker_deepgram.container.speak.synthesizer import (
    MARKUP_STRIPPED,
    MARKUP_STRIPPED_TEXT,
    strip_markup,
    take_sentences,
)

MAX_CHARACTERS = 2000
"""Most characters in one ``Speak`` and in the text of a POST."""

_CHARACTERS_A_MINUTE = 2400
_FLUSHES_A_MINUTE = 20
_MINUTE = 60.0
_EXCESSIVE_FLUSH = (
    f"No more than {_FLUSHES_A_MINUTE} Flush messages are taken in 60 seconds; this one is not."
)


class SpeakV1:
    """The dialogue of one connection.

    Args:
        query: The checked query.
        model: The synthesiser's model.
        request_id: Id of the connection.
        is_limited: Whether the limit on characters per minute applies.
    """

    def __init__(
        self, query: SpeakQuery, model: ModelInfo, *, request_id: str, is_limited: bool = False
    ) -> None:
        self._query = query
        self._model = model
        self._request_id = request_id
        self._is_limited = is_limited
        self._text = ""
        self._steps: deque[Step] = deque()
        self._current: Step | None = None
        self._sequence_id = 0
        self._flushes: deque[float] = deque()
        self._characters: deque[tuple[float, int]] = deque()

    def open(self) -> list[str]:
        """Return the greeting."""
        return [
            json.dumps(
                {
                    "type": "Metadata",
                    "request_id": self._request_id,
                    "model_name": self._model.name,
                    "model_version": self._model.version,
                    "model_uuid": self._model.uuid,
                }
            )
        ]

    def parse(self, frame: str | bytes) -> SpeakMessage:
        """Read a message of the client."""
        return parse_aura(frame)

    def take(self, message: SpeakMessage, now: float) -> list[str]:
        """Take a message; return the messages to send at once."""
        match message:
            case Speak(text):
                self._count(text, now)
                return self._speak(text)
            case Flush():
                return self._flush(now)
            case Clear():
                return self._clear()
            case Close():
                self._say_rest()
                self._steps.append(Hang())
        return []

    def next_step(self) -> Step | None:
        """Return the next step."""
        self._current = self._steps.popleft() if self._steps else None
        return self._current

    def is_current(self, step: Step) -> bool:
        """Whether a step has not been cleared."""
        return step is self._current

    def spoken(self, step: Say, milliseconds: float) -> None:
        """Do nothing: nothing is counted."""

    def synthesized(self, step: Say, milliseconds: float) -> None:
        """Do nothing: nothing is counted."""

    def failure(self, error: Exception) -> list[str]:
        """Return nothing: the close frame is enough."""
        return []

    def _speak(self, text: str) -> list[str]:
        text, is_stripped = strip_markup(text)
        sentences, self._text = take_sentences(self._text + text)
        self._steps += [Say(sentence, self._query.speed) for sentence in sentences]
        return [_warning(MARKUP_STRIPPED, MARKUP_STRIPPED_TEXT)] if is_stripped else []

    def _count(self, text: str, now: float) -> None:
        if len(text) > MAX_CHARACTERS:
            raise SpeakError(
                "BIG-0001", 1009, f"The text is longer than {MAX_CHARACTERS} characters"
            )
        if not self._is_limited:
            return
        self._characters.append((now, len(text)))
        while self._characters[0][0] <= now - _MINUTE:
            self._characters.popleft()
        if sum(count for _, count in self._characters) > _CHARACTERS_A_MINUTE:
            raise SpeakError(
                "DATA-0001", 1008, f"More than {_CHARACTERS_A_MINUTE} characters in a minute"
            )

    def _flush(self, now: float) -> list[str]:
        while self._flushes and self._flushes[0] <= now - _MINUTE:
            self._flushes.popleft()
        if len(self._flushes) >= _FLUSHES_A_MINUTE:
            return [_warning("EXCESSIVE_FLUSH", _EXCESSIVE_FLUSH)]
        self._flushes.append(now)
        self._say_rest()
        self._steps.append(Send(self._numbered("Flushed")))
        return []

    def _clear(self) -> list[str]:
        self._text = ""
        self._steps = deque(step for step in self._steps if isinstance(step, Hang))
        self._current = None
        return [self._numbered("Cleared")]

    def _say_rest(self) -> None:
        if self._text.strip():
            self._steps.append(Say(self._text, self._query.speed))
        self._text = ""

    def _numbered(self, kind: str) -> str:
        text = json.dumps({"type": kind, "sequence_id": self._sequence_id})
        self._sequence_id += 1
        return text


def _warning(code: str, description: str) -> str:
    return json.dumps(
        {
            "type": "Warning",
            "code": code,
            "description": description,
            "warn_code": code,
            "warn_msg": description,
        }
    )
