# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
"""The messages of v2/listen: those of the client, and the JSON of the responses.

Shapes are those of Deepgram's streaming reference ("Live audio", v2/listen). The number in
every message is added when it is sent.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from pipecat_sagemaker_deepgram.container.dialogue import Audio, CloseStream, Unparseable
from pipecat_sagemaker_deepgram.container.recognizers.recognizer import RecognizedWord
from pipecat_sagemaker_deepgram.container.text.features import Features
from pipecat_sagemaker_deepgram.container.v2.bundle import FluxBundle
from pipecat_sagemaker_deepgram.container.v2.turns import TurnEvent, transcript

_DIGITS = 6
_LONGEST_CONTROL = 8192


@dataclass(frozen=True, kw_only=True)
class Configure:
    """Change settings; None leaves one unchanged.

    Attributes:
        eot_threshold: As the query's parameter of that name.
        eager_eot_threshold: As the query's parameter of that name.
        eot_timeout_ms: As the query's parameter of that name.
        keyterms: Terms that replace all others.
        language_hints: Languages that replace all others.
        numerals: Whether numbers are written in digits.
    """

    eot_threshold: float | None = None
    eager_eot_threshold: float | None = None
    eot_timeout_ms: float | None = None
    keyterms: tuple[str, ...] | None = None
    language_hints: tuple[str, ...] | None = None
    numerals: bool | None = None


@dataclass(frozen=True)
class ForceEndTurn:
    """End the open turn at once."""


FluxMessage = Audio | Configure | ForceEndTurn | CloseStream | Unparseable


def parse_flux_text(text: str, bundle: FluxBundle) -> FluxMessage:
    """Parse a text message by the rules of a bundle."""
    try:
        message = json.loads(text)
    except ValueError as error:
        return Unparseable(text, str(error))
    if not isinstance(message, dict):
        return Unparseable(text, "invalid type, expected an object")
    kind = message.get("type")
    if kind is None:
        return Unparseable(text, "missing field `type`")
    if kind not in bundle.controls:
        return Unparseable(text, f"unknown variant `{kind}`, expected {_expected(bundle.controls)}")
    if kind == "CloseStream":
        return CloseStream()
    if kind == "ForceEndTurn":
        return ForceEndTurn()
    return _parse_configure(text, message, bundle)


def parse_flux_binary(data: bytes, bundle: FluxBundle) -> FluxMessage:
    """Read a binary frame: audio, unless it is empty or holds a control message.

    Both exceptions are those of v1/listen: an empty frame ends the stream, and a control message
    is treated as the text message that it should have been.
    """
    if not data:
        return CloseStream()
    control = _misframed(data, bundle)
    return Audio(data) if control is None else control


def is_misframed(data: bytes, bundle: FluxBundle) -> bool:
    """Whether a binary frame holds a control message."""
    return _misframed(data, bundle) is not None


def _misframed(data: bytes, bundle: FluxBundle) -> FluxMessage | None:
    if not data.startswith(b"{") or not data.endswith(b"}") or len(data) > _LONGEST_CONTROL:
        return None
    try:
        message = parse_flux_text(data.decode(), bundle)
    except UnicodeDecodeError:
        return None
    return None if isinstance(message, Unparseable) else message


class _WrongTypeError(Exception):
    """A field of a message has a wrong type, or does not belong to it."""


def _parse_configure(text: str, message: dict[str, Any], bundle: FluxBundle) -> FluxMessage:
    fields = ["type", "thresholds", "keyterms", "language_hints"]
    if "numerals" in bundle.parameters:
        fields.append("numerals")
    try:
        _check_fields(message, fields)
        thresholds = message.get("thresholds") or {}
        _check(isinstance(thresholds, dict), "thresholds", "an object")
        names = ["eot_threshold", "eager_eot_threshold", "eot_timeout_ms"]
        _check_fields(thresholds, names)
        return Configure(
            **{name: _number(name, thresholds.get(name)) for name in names},
            keyterms=_texts("keyterms", message.get("keyterms")),
            language_hints=_texts("language_hints", message.get("language_hints")),
            numerals=_boolean("numerals", message.get("numerals")),
        )
    except _WrongTypeError as error:
        return Unparseable(text, str(error))


def _check_fields(message: dict[str, Any], known: Sequence[str]) -> None:
    for name in message:
        if name not in known:
            raise _WrongTypeError(f"unknown field `{name}`, expected {_expected(known)}")


def _expected(names: Sequence[str]) -> str:
    quoted = [f"`{name}`" for name in names]
    return quoted[0] if len(quoted) == 1 else f"one of {', '.join(quoted)}"


def _check(is_right: bool, name: str, wanted: str) -> None:
    if not is_right:
        raise _WrongTypeError(f"invalid type in field `{name}`, expected {wanted}")


def _number(name: str, value: Any) -> float | None:
    is_number = isinstance(value, int | float) and not isinstance(value, bool)
    _check(value is None or is_number, name, "a number")
    return value


def _texts(name: str, value: Any) -> tuple[str, ...] | None:
    if value is None:
        return None
    are_texts = isinstance(value, list) and all(isinstance(item, str) for item in value)
    _check(are_texts, name, "a sequence of strings")
    return tuple(value)


def _boolean(name: str, value: Any) -> bool | None:
    _check(value is None or isinstance(value, bool), name, "a boolean")
    return value


def turn_info(
    event: TurnEvent,
    *,
    details: bool,
    hints: Sequence[str] | None,
    features: Features | None = None,
) -> dict[str, Any]:
    """Write an event as ``TurnInfo``.

    Args:
        event: What happened.
        features: The text features applied to words; None for none.
        details: Whether to include the trigger and the times of words.
        hints: The expected languages, if languages are reported; otherwise None.
    """
    words = event.words if features is None else features.apply(event.words)
    info: dict[str, Any] = {
        "type": "TurnInfo",
        "event": event.name,
        "turn_index": event.turn_index,
        "audio_window_start": _rounded(event.window_start),
        "audio_window_end": _rounded(event.window_end),
        "transcript": transcript(words),
        "words": [_word(word, details=details) for word in words],
        "end_of_turn_confidence": _rounded(event.confidence),
    }
    if details and event.trigger is not None:
        info["trigger"] = event.trigger
    if hints is not None:
        info["languages"] = ["en"] if words else []
        info["languages_hinted"] = list(hints)
    return info


def _word(word: RecognizedWord, *, details: bool) -> dict[str, Any]:
    written: dict[str, Any] = {"word": word.text, "confidence": _rounded(word.confidence)}
    if details:
        written |= {"start": _rounded(word.start), "end": _rounded(word.end)}
    return written


def fatal_error(message: Unparseable) -> dict[str, Any]:
    """Write the ``Error`` for a text message that cannot be understood; the connection ends."""
    return {
        "type": "Error",
        "code": "UNPARSABLE_CLIENT_MESSAGE",
        "description": f"Could not deserialize last text message: {message.problem}",
    }


def no_active_turn() -> dict[str, Any]:
    """Write the ``Warning`` for ``ForceEndTurn`` while no turn is open."""
    return {
        "type": "Warning",
        "code": "FORCE_END_TURN_NO_ACTIVE_TURN",
        "description": "ForceEndTurn has no effect: no turn is active",
    }


def _rounded(value: float) -> float:
    return round(value, _DIGITS)
