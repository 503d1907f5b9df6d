# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
"""The messages of clients of v1/speak and v2/speak, and the answers to invalid ones."""

import json
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Speak:
    """Speak this text."""

    text: str


@dataclass(frozen=True)
class Flush:
    """Speak the text still waiting for the end of its sentence; on v2/speak, end the turn."""


@dataclass(frozen=True)
class Clear:
    """Drop the text not spoken yet; v1/speak only."""


@dataclass(frozen=True)
class Interrupt:
    """End the turn now; ``heard`` milliseconds of the session were played, if known."""

    playback_offset: float | None = None


@dataclass(frozen=True)
class ConfigureSpeech:
    """Speak at this speed from the next sentence on."""

    speed: float


@dataclass(frozen=True)
class Close:
    """Finish, then close."""


SpeakMessage = Speak | Flush | Clear | Interrupt | ConfigureSpeech | Close


class SpeakError(Exception):
    """The connection ends.

    Attributes:
        code: Deepgram's code, such as ``MESSAGE-0000``.
        close_code: The status of the close frame.
        description: What happened.
    """

    def __init__(self, code: str, close_code: int, description: str) -> None:
        super().__init__(description)
        self.code = code
        self.close_code = close_code
        self.description = description

    @property
    def reason(self) -> str:
        """The reason of the close frame."""
        return f"{self.code}: {self.description}"[:120]


def not_understood(problem: str) -> SpeakError:
    """The error for a message that the API does not define."""
    return SpeakError("MESSAGE-0000", 1003, f"The message cannot be understood: {problem}")


def parse_aura(frame: str | bytes) -> SpeakMessage:
    """Read a message to v1/speak.

    Raises:
        SpeakError: It is not valid.
    """
    message = _read_object(frame)
    match message.get("type"):
        case "Speak":
            return _parse_speak(message)
        case "Flush":
            return Flush()
        case "Clear":
            return Clear()
        case "Close":
            return Close()
        case other:
            raise not_understood(f"unknown variant `{other}`")


def parse_flux(frame: str | bytes) -> SpeakMessage:
    """Read a message to v2/speak; unknown fields are an error.

    Raises:
        SpeakError: It is not valid.
    """
    message = _read_object(frame)
    match message.get("type"):
        case "Speak":
            _check_fields(message, "text")
            return _parse_speak(message)
        case "Flush":
            _check_fields(message)
            return Flush()
        case "Interrupt":
            _check_fields(message, "playback_offset")
            return Interrupt(_parse_offset(message.get("playback_offset")))
        case "Configure":
            _check_fields(message, "speed")
            return ConfigureSpeech(_number(message.get("speed"), "speed"))
        case "Close":
            _check_fields(message)
            return Close()
        case other:
            raise not_understood(f"unknown variant `{other}`")


def _read_object(frame: str | bytes) -> dict[str, Any]:
    """Read JSON, from a text or a binary frame."""
    try:
        message = json.loads(frame)
    except ValueError as error:
        raise not_understood(str(error)) from error
    if not isinstance(message, dict):
        raise not_understood("invalid type, expected an object")
    return message


def _parse_speak(message: dict[str, Any]) -> Speak:
    text = message.get("text")
    if not isinstance(text, str):
        raise not_understood("`text` is not a string")
    if not text:
        raise SpeakError("DATA-0000", 1008, "The text is empty")
    return Speak(text)


def _check_fields(message: dict[str, Any], *known: str) -> None:
    for name in message:
        if name not in ("type", *known):
            raise not_understood(f"unknown field `{name}`")


def _parse_offset(value: Any) -> float | None:
    if value is None:
        return None
    if not isinstance(value, dict) or set(value) != {"type", "value"}:
        raise not_understood("`playback_offset` is not of the form {type, value}")
    if value["type"] != "time_ms":
        raise not_understood(f"unknown variant `{value['type']}`, expected `time_ms`")
    return _number(value["value"], "value")


def _number(value: Any, name: str) -> float:
    if not isinstance(value, int | float) or isinstance(value, bool):
        raise not_understood(f"`{name}` is not a number")
    return float(value)
