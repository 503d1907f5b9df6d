# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
"""Messages of a v1/listen container. Pure.

Each class is named as the message's ``type``. Unknown fields are ignored and unknown messages
kept: a newer container must not break an older client.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from pipecat_sagemaker_deepgram.deepgram.json_object import (
    UNREADABLE,
    NoObjectError,
    read_object,
    why_unreadable,
)

# Beyond it a number is no time of a stream, and reckoning with it may overflow.
_MOST = 1e9


@dataclass(frozen=True, slots=True)
class Word:
    """One recognised word.

    Parameters:
        word: The word, lower-case and bare.
        start: Where it begins, in seconds of audio.
        end: Where it ends, in seconds of audio.
        confidence: Between 0 and 1.
        punctuated_word: The word as it stands in the transcript.
        speaker: Speaker number, when speakers are told apart.
        language: Language of the word, when several are recognised.
    """

    word: str
    start: float
    end: float
    confidence: float
    punctuated_word: str
    speaker: int | None
    language: str | None


@dataclass(frozen=True, slots=True)
class Alternative:
    """One reading of a piece of audio.

    Parameters:
        transcript: The text; empty for silence.
        confidence: Between 0 and 1.
        words: Its words, in order.
        languages: The languages spoken, the most frequent first.
    """

    transcript: str
    confidence: float
    words: tuple[Word, ...]
    languages: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Results:
    """What was recognised in a piece of audio.

    Parameters:
        channel: Index of the audio channel.
        channels: How many channels there are.
        start: Where the piece begins, in seconds of audio.
        duration: Its length in seconds.
        is_final: Whether this piece will not be restated.
        speech_final: Whether the speaker has paused.
        from_finalize: Whether this answers ``Finalize``.
        alternative: The best reading.
        request_id: Deepgram's identifier of the stream.
    """

    channel: int
    channels: int
    start: float
    duration: float
    is_final: bool
    speech_final: bool
    from_finalize: bool
    alternative: Alternative
    request_id: str

    @property
    def end(self) -> float:
        """Where the piece ends, in seconds of audio."""
        return self.start + self.duration


@dataclass(frozen=True, slots=True)
class SpeechStarted:
    """Speech has begun.

    Parameters:
        channel: Index of the audio channel.
        timestamp: When, in seconds of audio.
    """

    channel: int
    timestamp: float


@dataclass(frozen=True, slots=True)
class UtteranceEnd:
    """A gap between words was long enough to end an utterance.

    Parameters:
        channel: Index of the audio channel.
        last_word_end: Where the last word ended, in seconds of audio; -1 is to be ignored.
    """

    channel: int
    last_word_end: float


@dataclass(frozen=True, slots=True)
class Metadata:
    """The last message of a stream.

    Parameters:
        request_id: Deepgram's identifier of the stream.
        duration: Seconds of audio received.
        channels: How many channels there were.
        sha256: Digest of the audio; ``incomplete`` for a stream that failed.
    """

    request_id: str
    duration: float
    channels: int
    sha256: str


@dataclass(frozen=True, slots=True)
class Error:
    """Something went wrong in the container.

    Parameters:
        variant: What kind; ``SchemaError`` leaves the stream usable.
        description: What happened.
    """

    variant: str
    description: str


@dataclass(frozen=True, slots=True)
class UnknownMessage:
    """A message this package does not know.

    Parameters:
        type: Its ``type``; empty when it has none.
    """

    type: str


@dataclass(frozen=True, slots=True)
class MalformedMessage:
    """Something that is not a message.

    Parameters:
        reason: Why not. It quotes nothing of the content.
    """

    reason: str


type Message = (
    Results | SpeechStarted | UtteranceEnd | Metadata | Error | UnknownMessage | MalformedMessage
)


def parse_message(data: str | bytes) -> tuple[Message, dict[str, Any]]:
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
        return MalformedMessage(why_unreadable(body, error)), body


def _parse(body: Mapping[str, Any]) -> Message:
    match body.get("type"):
        case "Results":
            return _results(body)
        case "SpeechStarted":
            return SpeechStarted(_channel(body)[0], _number(body["timestamp"]))
        case "UtteranceEnd":
            return UtteranceEnd(_channel(body)[0], _number(body["last_word_end"]))
        case "Metadata":
            return _metadata(body)
        case "Error":
            return _error(body)
        case None if "error" in body:
            return Error(str(body["error"]), str(body.get("message", "")))
        case kind:
            return UnknownMessage(str(kind or ""))


def _results(body: Mapping[str, Any]) -> Results:
    index, count = body["channel_index"]
    return Results(
        channel=int(index),
        channels=int(count),
        start=_number(body["start"]),
        duration=_number(body["duration"]),
        is_final=bool(body.get("is_final")),
        speech_final=bool(body.get("speech_final")),
        from_finalize=bool(body.get("from_finalize")),
        alternative=_alternative(body["channel"]["alternatives"]),
        request_id=str((body.get("metadata") or {}).get("request_id", "")),
    )


def _alternative(alternatives: list[Mapping[str, Any]]) -> Alternative:
    best = alternatives[0] if alternatives else {}
    return Alternative(
        transcript=str(best.get("transcript") or ""),
        confidence=_number(best.get("confidence") or 0.0),
        words=tuple(_word(word) for word in best.get("words") or ()),
        languages=tuple(best.get("languages") or ()),
    )


def _word(word: Mapping[str, Any]) -> Word:
    return Word(
        word=str(word["word"]),
        start=_number(word["start"]),
        end=_number(word["end"]),
        confidence=_number(word.get("confidence") or 0.0),
        punctuated_word=str(word.get("punctuated_word") or word["word"]),
        speaker=word.get("speaker"),
        language=word.get("language"),
    )


def _metadata(body: Mapping[str, Any]) -> Metadata:
    return Metadata(
        request_id=str(body.get("request_id", "")),
        duration=_number(body.get("duration") or 0.0),
        channels=int(body.get("channels") or 0),
        sha256=str(body.get("sha256", "")),
    )


def _error(body: Mapping[str, Any]) -> Error:
    return Error(
        variant=str(body.get("variant") or body.get("code") or "Error"),
        description=str(body.get("description") or body.get("message") or ""),
    )


def _number(value: Any) -> float:
    if type(value) is float and -_MOST <= value <= _MOST:
        return value
    if not isinstance(value, int | float):
        raise TypeError("not a number")
    if not abs(value) <= _MOST:
        raise ValueError("not a number of seconds")
    return float(value)


def _channel(body: Mapping[str, Any]) -> tuple[int, int]:
    index, count = body["channel"]
    return int(index), int(count)
