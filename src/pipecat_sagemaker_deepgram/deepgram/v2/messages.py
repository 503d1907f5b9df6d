# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
"""Messages of a v2/listen container. Pure.

Each class is named as the message's ``type``. Containers of different dates tell more or less,
and some write numbers as text: what is missing is left open, what is unknown is kept.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from pipecat_sagemaker_deepgram.deepgram.json_object import (
    UNREADABLE,
    NoObjectError,
    read_object,
    why_unreadable,
)

# Beyond it a number is no time of a stream, and reckoning with it may overflow.
_MOST = 1e9

TURN_EVENTS = frozenset(["Update", "StartOfTurn", "EagerEndOfTurn", "TurnResumed", "EndOfTurn"])
"""What ``TurnInfo`` tells (Deepgram docs, "Flux state machine")."""


@dataclass(frozen=True, slots=True)
class TurnWord:
    """One recognised word.

    Parameters:
        word: The word as it stands in the transcript.
        confidence: Between 0 and 1; ``None`` when it is not told.
        start: Where it begins, in seconds of audio; only newer containers tell.
        end: Where it ends, in seconds of audio; only newer containers tell.
    """

    word: str
    confidence: float | None = None
    start: float | None = None
    end: float | None = None

    @property
    def middle(self) -> float | None:
        """The middle of the word, in seconds of audio; ``None`` when it is not told."""
        return None if self.start is None or self.end is None else (self.start + self.end) / 2


@dataclass(frozen=True, slots=True)
class Connected:
    """The container takes audio; always its first message.

    Parameters:
        sequence_id: Number of the message on its stream.
        request_id: Deepgram's identifier of the stream.
    """

    sequence_id: int | None
    request_id: str


@dataclass(frozen=True, slots=True)
class TurnInfo:
    """What is known of the turn that is on, or of the one that is to come.

    Parameters:
        sequence_id: Number of the message on its stream.
        event: One of ``TURN_EVENTS``.
        turn_index: Number of the turn on its stream, from 0.
        audio_window_start: Where the turn's window begins, in seconds of audio.
        audio_window_end: How far was listened, in seconds of audio.
        transcript: The turn's text so far; may be rewritten.
        words: Its words, in order.
        end_of_turn_confidence: Between 0 and 1.
        trigger: What ended the turn; empty when it is not told.
        languages: The languages spoken, the most frequent first.
    """

    sequence_id: int | None
    event: str
    turn_index: int
    audio_window_start: float
    audio_window_end: float
    transcript: str
    words: tuple[TurnWord, ...] = ()
    end_of_turn_confidence: float = 0.0
    trigger: str = ""
    languages: tuple[str, ...] = ()

    @property
    def confidence(self) -> float | None:
        """Mean confidence of the words; ``None`` when none is told."""
        told = [word.confidence for word in self.words if word.confidence is not None]
        return sum(told) / len(told) if told else None

    @property
    def is_timed(self) -> bool:
        """Whether every word says where it begins and ends."""
        return bool(self.words) and all(word.middle is not None for word in self.words)

    @property
    def text_end(self) -> float:
        """Where the last word ends, or how far was listened where that is not told."""
        end = self.words[-1].end if self.words else None
        return self.audio_window_end if end is None else end

    def in_session_time(self, to_session: Callable[[float], float]) -> "TurnInfo":
        """The same with all times moved from the stream's clock to the session's."""
        return replace(
            self,
            audio_window_start=to_session(self.audio_window_start),
            audio_window_end=to_session(self.audio_window_end),
            words=tuple(
                replace(word, start=to_session(word.start), end=to_session(word.end))
                if word.start is not None and word.end is not None
                else word
                for word in self.words
            ),
        )


@dataclass(frozen=True, slots=True)
class ConfigureSuccess:
    """A ``Configure`` was applied.

    Parameters:
        sequence_id: Number of the message on its stream.
    """

    sequence_id: int | None


@dataclass(frozen=True, slots=True)
class ConfigureFailure:
    """A ``Configure`` was refused; the settings before stay in use.

    Parameters:
        sequence_id: Number of the message on its stream.
        code: What kind of refusal; empty when it is not told.
        description: Why.
    """

    sequence_id: int | None
    code: str
    description: str


@dataclass(frozen=True, slots=True)
class Warning:
    """Something was not done; the stream goes on.

    Parameters:
        sequence_id: Number of the message on its stream.
        code: What kind, as ``FORCE_END_TURN_NO_ACTIVE_TURN``.
        description: What happened.
    """

    sequence_id: int | None
    code: str
    description: str


@dataclass(frozen=True, slots=True)
class Error:
    """Something went wrong; the container closes the stream behind it.

    Parameters:
        sequence_id: Number of the message on its stream.
        code: What kind, as ``UNPARSABLE_CLIENT_MESSAGE``.
        description: What happened.
    """

    sequence_id: int | None
    code: str
    description: str


@dataclass(frozen=True, slots=True)
class UnknownMessage:
    """A message this package does not know.

    Parameters:
        sequence_id: Number of the message on its stream.
        type: Its ``type``; empty when it has none.
    """

    sequence_id: int | None
    type: str


@dataclass(frozen=True, slots=True)
class MalformedMessage:
    """Something that is not a message.

    Parameters:
        reason: Why not. It quotes nothing of the content.
        sequence_id: Number of the message on its stream, if that could be read.
    """

    reason: str
    sequence_id: int | None = None


type FluxMessage = (
    Connected
    | TurnInfo
    | ConfigureSuccess
    | ConfigureFailure
    | Warning
    | Error
    | UnknownMessage
    | MalformedMessage
)


def parse_flux_message(data: str | bytes) -> tuple[FluxMessage, dict[str, Any]]:
    """Read one message of the container; never raises.

    Returns:
        The message, and the JSON object it was read from (empty when it is none).
    """
    try:
        body = read_object(data)
    except NoObjectError as error:
        return MalformedMessage(str(error)), {}
    try:
        return _parse(body), body
    except UNREADABLE as error:
        return MalformedMessage(why_unreadable(body, error), _sequence_id(body)), body


def shift_body(body: dict[str, Any], to_session: Callable[[float], float]) -> dict[str, Any]:
    """Move the times of a ``TurnInfo`` from its stream's clock to the session's, in place."""
    for name in ("audio_window_start", "audio_window_end"):
        if body.get(name) is not None:
            body[name] = to_session(_number(body[name]))
    for word in body.get("words") or ():
        for name in ("start", "end"):
            if word.get(name) is not None:
                word[name] = to_session(_number(word[name]))
    return body


def _parse(body: Mapping[str, Any]) -> FluxMessage:
    number = _sequence_id(body)
    match body.get("type"):
        case "TurnInfo":
            return _turn_info(body)
        case "Connected":
            return Connected(number, str(body.get("request_id", "")))
        case "ConfigureSuccess":
            return ConfigureSuccess(number)
        case "ConfigureFailure":
            return ConfigureFailure(number, *_what_happened(body))
        case "Warning":
            return Warning(number, *_what_happened(body))
        case "Error":
            return Error(number, *_what_happened(body))
        case None if "error" in body:
            return Error(number, str(body["error"]), str(body.get("message", "")))
        case kind:
            return UnknownMessage(number, str(kind or ""))


def _turn_info(body: Mapping[str, Any]) -> FluxMessage:
    event = body["event"]
    if event == "Connected":
        return Connected(_sequence_id(body), str(body.get("request_id", "")))
    if event not in TURN_EVENTS:
        return UnknownMessage(_sequence_id(body), f"TurnInfo {event}")
    return TurnInfo(
        sequence_id=_sequence_id(body),
        event=event,
        turn_index=int(body["turn_index"]),
        audio_window_start=_number_if_given(body.get("audio_window_start")) or 0.0,
        audio_window_end=_number(body["audio_window_end"]),
        transcript=str(body.get("transcript") or ""),
        words=tuple(_word(word) for word in body.get("words") or ()),
        end_of_turn_confidence=_number(body.get("end_of_turn_confidence") or 0.0),
        trigger=str(body.get("trigger") or ""),
        languages=tuple(str(code) for code in body.get("languages") or ()),
    )


def _word(word: Mapping[str, Any]) -> TurnWord:
    return TurnWord(
        word=str(word["word"]),
        confidence=_number_if_given(word.get("confidence")),
        start=_number_if_given(word.get("start")),
        end=_number_if_given(word.get("end")),
    )


def _what_happened(body: Mapping[str, Any]) -> tuple[str, str]:
    code = body.get("code") or body.get("variant") or ""
    return str(code), str(body.get("description") or body.get("message") or "")


def _sequence_id(body: Mapping[str, Any]) -> int | None:
    number = body.get("sequence_id")
    return number if isinstance(number, int) and not isinstance(number, bool) else None


def _number_if_given(value: Any) -> float | None:
    return None if value is None else _number(value)


def _number(value: Any) -> float:
    number = float(value)
    if not abs(number) <= _MOST:
        raise ValueError("not a number of seconds")
    return number
