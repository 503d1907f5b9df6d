# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
"""Messages of a v2/listen container. Pure.

Each class is named after the message's ``type``, with the prefix ``Flux`` if the name alone would
be unclear. Containers of different dates send more or fewer fields, and some write numbers as text:
fields may be missing, and unknown ones are kept.
"""

from collections.abc import Callable, Mapping
from typing import Any

import msgspec

from pipecat_sagemaker_deepgram.deepgram.json_object import (
    UNREADABLE,
    NoObjectError,
    Seconds,
    read_object,
    text_in,
    why_unreadable,
)
from pipecat_sagemaker_deepgram.deepgram.messages import (
    MalformedMessage,
    UnknownMessage,
    what_happened,
)

TURN_EVENTS = frozenset(["Update", "StartOfTurn", "EagerEndOfTurn", "TurnResumed", "EndOfTurn"])
"""What ``TurnInfo`` reports (Deepgram docs, "Flux state machine")."""


class TurnWord(msgspec.Struct, frozen=True):
    """One recognised word.

    Attributes:
        word: The word as it appears in the transcript.
        confidence: Between 0 and 1; ``None`` if it is not given.
        start: Where it begins, in seconds of audio; only newer containers report it.
        end: Where it ends, in seconds of audio; only newer containers report it.
    """

    word: str
    confidence: float | None = None
    start: Seconds | None = None
    end: Seconds | None = None

    @property
    def middle(self) -> float | None:
        """The middle of the word, in seconds of audio; ``None`` if its times are not given."""
        return None if self.start is None or self.end is None else (self.start + self.end) / 2

    def in_session_time(self, to_session: Callable[[float], float]) -> "TurnWord":
        """Return the word with its times moved from the stream's clock to the session's."""
        start = None if self.start is None else to_session(self.start)
        end = None if self.end is None else to_session(self.end)
        return TurnWord(self.word, self.confidence, start, end)


class TurnInfo(msgspec.Struct, frozen=True):
    """What is known about the current turn, or about the next one.

    Attributes:
        event: One of ``TURN_EVENTS``.
        turn_index: Number of the turn on its stream, from 0.
        audio_window_end: How far the container has processed the audio, in seconds.
        audio_window_start: Where the turn's window begins, in seconds of audio.
        transcript: The turn's text so far; may be rewritten.
        words: Its words, in order.
        trigger: What ended the turn; empty if it is not given.
        languages: The languages spoken, the most frequent first.
    """

    event: str
    turn_index: int
    audio_window_end: Seconds
    audio_window_start: Seconds = 0.0
    transcript: str = ""
    words: tuple[TurnWord, ...] = ()
    trigger: str = ""
    languages: tuple[str, ...] = ()

    @property
    def confidence(self) -> float | None:
        """Mean confidence of the words; ``None`` if no word has one."""
        given = [word.confidence for word in self.words if word.confidence is not None]
        return sum(given) / len(given) if given else None

    @property
    def is_timed(self) -> bool:
        """Whether every word has times."""
        return bool(self.words) and all(word.middle is not None for word in self.words)

    @property
    def text_end(self) -> float:
        """Where the last word ends; without word times, how far the audio has been processed."""
        end = self.words[-1].end if self.words else None
        return self.audio_window_end if end is None else end

    def in_session_time(self, to_session: Callable[[float], float]) -> "TurnInfo":
        """Return the message with all times moved from the stream's clock to the session's."""
        return msgspec.structs.replace(
            self,
            audio_window_start=to_session(self.audio_window_start),
            audio_window_end=to_session(self.audio_window_end),
            words=tuple(word.in_session_time(to_session) for word in self.words),
        )


class FluxConnected(msgspec.Struct, frozen=True):
    """The container is ready for audio; always its first message.

    Attributes:
        request_id: Deepgram's identifier of the stream.
    """

    request_id: str


class ConfigureSuccess(msgspec.Struct, frozen=True):
    """A ``Configure`` was applied."""


class ConfigureFailure(msgspec.Struct, frozen=True):
    """A ``Configure`` was refused; the previous settings stay in use.

    Attributes:
        code: The kind of refusal; empty if it is not given.
        description: Why, in the container's words.
    """

    code: str
    description: str


class FluxWarning(msgspec.Struct, frozen=True):
    """The container did not do something; the stream continues.

    Attributes:
        code: The kind, such as ``FORCE_END_TURN_NO_ACTIVE_TURN``; empty if it is not given.
        description: What happened, in the container's words, which may quote what was said.
    """

    code: str
    description: str


class FluxError(msgspec.Struct, frozen=True):
    """Something went wrong; the container closes the stream after this message.

    Attributes:
        code: The kind, such as ``UNPARSABLE_CLIENT_MESSAGE``; empty if it is not given.
        description: What happened, in the container's words, which may quote what was said.
    """

    code: str
    description: str


type FluxMessage = (
    FluxConnected
    | TurnInfo
    | ConfigureSuccess
    | ConfigureFailure
    | FluxWarning
    | FluxError
    | UnknownMessage
    | MalformedMessage
)


def parse_flux_message(data: str | bytes) -> tuple[FluxMessage, dict[str, Any]]:
    """Read one message of the container; never raises.

    Returns:
        The message, and the JSON object it was read from (empty if it is not a JSON object).
    """
    try:
        body = read_object(data)
    except NoObjectError as error:
        return MalformedMessage(str(error)), {}
    try:
        return _parse(body), body
    except UNREADABLE as error:
        return MalformedMessage(why_unreadable(body, error)), body


def sequence_id(body: Mapping[str, Any]) -> int | None:
    """Number of a message on its stream; ``None`` if it has none."""
    number = body.get("sequence_id")
    return number if isinstance(number, int) and not isinstance(number, bool) else None


def write_times(body: dict[str, Any], info: TurnInfo) -> None:
    """Write the times of a ``TurnInfo`` to the JSON object that it was read from, in place.

    Args:
        body: The JSON object; fields that it does not have are not added.
        info: The message, with its times moved.
    """
    if body.get("audio_window_start") is not None:
        body["audio_window_start"] = info.audio_window_start
    body["audio_window_end"] = info.audio_window_end
    for word, read in zip(info.words, body["words"] if info.words else (), strict=True):
        if word.start is not None:
            read["start"] = word.start
        if word.end is not None:
            read["end"] = word.end


def _parse(body: Mapping[str, Any]) -> FluxMessage:
    match body.get("type"):
        case "TurnInfo":
            return _turn_info(body)
        case "Connected":
            return _connected(body)
        case "ConfigureSuccess":
            return ConfigureSuccess()
        case "ConfigureFailure":
            return ConfigureFailure(*what_happened(body, "code", "variant"))
        case "Warning":
            return FluxWarning(*what_happened(body, "code", "variant"))
        case "Error":
            return FluxError(*what_happened(body, "code", "variant"))
        case None if "error" in body:
            return FluxError(*what_happened(body, "error"))
        case kind:
            return UnknownMessage(str(kind or ""))


def _connected(body: Mapping[str, Any]) -> FluxConnected:
    return FluxConnected(str(body.get("request_id", "")))


def _turn_info(body: Mapping[str, Any]) -> FluxMessage:
    event = str(body.get("event") or "")
    if event == "Connected":
        return _connected(body)
    if event and event not in TURN_EVENTS:
        return UnknownMessage(f"TurnInfo {event}")
    given = {name: value for name, value in body.items() if value is not None}
    for read in (given, _without_details(given), _without_words(given)):
        try:
            return msgspec.convert(read, TurnInfo, strict=False)
        except msgspec.ValidationError as error:
            unreadable = error
    raise unreadable


def _without_details(body: Mapping[str, Any]) -> dict[str, Any]:
    """A ``TurnInfo`` without the fields whose faults must not make its text unreadable."""
    kept = {name: body[name] for name in body if name not in ("trigger", "languages")}
    if isinstance(words := kept.get("words"), list):
        kept["words"] = [_without_confidence(word) for word in words]
    return kept


def _without_words(body: Mapping[str, Any]) -> dict[str, Any]:
    """A ``TurnInfo`` with only its text and the indispensable fields."""
    kept = {
        name: body[name] for name in ("event", "turn_index", "audio_window_end") if name in body
    }
    return kept | {"transcript": text_in(body.get("transcript"))}


def _without_confidence(word: Any) -> Any:
    return word | {"confidence": None} if isinstance(word, dict) else word
