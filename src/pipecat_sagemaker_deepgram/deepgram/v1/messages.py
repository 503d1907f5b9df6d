# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
"""Messages of a v1/listen container. Pure.

Each class is named as the message's ``type``. It has what is needed here; all else stands in the
JSON object, whose unknown fields and messages are kept: a newer container must not break an older
client.
"""

from collections.abc import Mapping
from typing import Any

import msgspec
from msgspec import Struct

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


class Word(Struct, frozen=True):
    """One recognised word.

    Attributes:
        word: The word, lower-case and bare.
        start: Where it begins, in seconds of audio.
        end: Where it ends, in seconds of audio.
        punctuated_word: The word as it stands in the transcript, where that is another.
        speaker: Number of the speaker, where speakers are told apart.
    """

    word: str
    start: Seconds
    end: Seconds
    punctuated_word: str | None = None
    speaker: int | str | None = None

    @property
    def text(self) -> str:
        """The word as it stands in the transcript."""
        return self.punctuated_word or self.word


class Alternative(Struct, frozen=True):
    """One reading of a piece of audio.

    Attributes:
        transcript: The text; empty for silence.
        words: Its words, in order.
        languages: Codes of the languages spoken, the most frequent first.
    """

    transcript: str
    words: tuple[Word, ...] = ()
    languages: tuple[str, ...] = ()


class Results(Struct, frozen=True, kw_only=True):
    """What was recognised in a piece of audio.

    Attributes:
        channel: Index of the audio channel.
        channels: How many channels there are.
        start: Where the piece begins, in seconds of audio.
        duration: Its length in seconds.
        is_final: Whether this piece will not be restated.
        speech_final: Whether the speaker has paused.
        from_finalize: Whether this answers ``Finalize``.
        alternative: The best reading.
    """

    channel: int = 0
    channels: int = 1
    start: float
    duration: float
    is_final: bool = False
    speech_final: bool = False
    from_finalize: bool = False
    alternative: Alternative

    @property
    def end(self) -> float:
        """Where the piece ends, in seconds of audio."""
        return self.start + self.duration


class SpeechStarted(Struct, frozen=True):
    """Speech has begun.

    Attributes:
        timestamp: When, in seconds of audio.
    """

    timestamp: Seconds


class UtteranceEnd(Struct, frozen=True):
    """A gap between words was long enough to end an utterance.

    Attributes:
        last_word_end: Where the last word ended, in seconds of audio; -1 is to be ignored.
    """

    last_word_end: Seconds


class Metadata(Struct, frozen=True):
    """The last message of a stream.

    Attributes:
        duration: Seconds of audio received; ``None`` where it is not given.
        sha256: Digest of the audio; ``incomplete`` for a stream that failed.
    """

    duration: Seconds | None = None
    sha256: str | None = None


class NovaError(Struct, frozen=True):
    """Something went wrong in the container: its ``Error``.

    Attributes:
        variant: What kind, as a code; ``SchemaError`` leaves the stream usable.
        description: What happened, in the container's words, which may quote what was said.
    """

    variant: str
    description: str


type NovaMessage = (
    Results
    | SpeechStarted
    | UtteranceEnd
    | Metadata
    | NovaError
    | UnknownMessage
    | MalformedMessage
)

type Parsed = tuple[NovaMessage, dict[str, Any]]
"""A message, and the JSON object it was read from."""


def parse_message(data: str | bytes) -> Parsed:
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


def _parse(body: Mapping[str, Any]) -> NovaMessage:
    match body.get("type"):
        case "Results":
            return _results(body)
        case "SpeechStarted":
            return msgspec.convert(body, SpeechStarted, strict=False)
        case "UtteranceEnd":
            return msgspec.convert(body, UtteranceEnd, strict=False)
        case "Metadata":
            return _metadata(body)
        case "Error":
            return _error(*what_happened(body, "variant", "code"))
        case None if "error" in body:
            return _error(*what_happened(body, "error"))
        case kind:
            return UnknownMessage(str(kind or ""))


class _Channel(Struct):
    alternatives: list[Alternative]


class _Results(Struct):
    """``Results`` as the container writes them, as a rule."""

    start: Seconds
    duration: Seconds
    channel: _Channel
    channel_index: tuple[int, int] = (0, 1)
    is_final: bool | None = None
    speech_final: bool | None = None
    from_finalize: bool | None = None


class _OddChannel(Struct):
    alternatives: list[Any]


class _OddResults(Struct):
    """``Results`` of which only what cannot be missed is as it should be."""

    start: Seconds
    duration: Seconds
    channel: _OddChannel
    channel_index: Any = None
    is_final: bool | None = None
    speech_final: Any = None
    from_finalize: Any = None


class _OddAlternative(Struct):
    transcript: Any = None
    words: Any = None
    languages: Any = None


def _results(body: Mapping[str, Any]) -> Results:
    """Read results in one step; in several where a field is not as it should be."""
    try:
        wire = msgspec.convert(body, _Results, strict=False)
    except msgspec.ValidationError:
        return _odd_results(body)
    channel, channels = wire.channel_index
    alternatives = wire.channel.alternatives
    return Results(
        channel=channel,
        channels=channels,
        start=wire.start,
        duration=wire.duration,
        is_final=bool(wire.is_final),
        speech_final=bool(wire.speech_final),
        from_finalize=bool(wire.from_finalize),
        alternative=alternatives[0] if alternatives else Alternative(""),
    )


def _odd_results(body: Mapping[str, Any]) -> Results:
    wire = msgspec.convert(body, _OddResults, strict=False)
    channel, channels = _channel_index(wire.channel_index)
    return Results(
        channel=channel,
        channels=channels,
        start=wire.start,
        duration=wire.duration,
        is_final=bool(wire.is_final),
        speech_final=_read(wire.speech_final, bool, otherwise=False),
        from_finalize=_read(wire.from_finalize, bool, otherwise=False),
        alternative=_best(wire.channel.alternatives),
    )


def _read(value: Any, kind: Any, *, otherwise: Any) -> Any:
    """Read a field that must not cost the message, should it be unreadable."""
    try:
        return msgspec.convert(value, kind, strict=False)
    except msgspec.ValidationError:
        return otherwise


def _channel_index(value: Any) -> tuple[int, int]:
    """The channel's index, and how many there are, or at least are."""
    match _read(value if isinstance(value, list) else [value], list[int], otherwise=[]):
        case [index, count, *_]:
            return index, count
        case [index]:
            return index, index + 1
        case _:
            return 0, 1


def _best(alternatives: list[Any]) -> Alternative:
    if not alternatives:
        return Alternative("")
    wire = msgspec.convert(alternatives[0], _OddAlternative, strict=False)
    languages = wire.languages if isinstance(wire.languages, list) else ()
    return Alternative(
        text_in(wire.transcript),
        _words(wire.words),
        tuple(code for code in languages if isinstance(code, str)),
    )


def _words(written: Any) -> tuple[Word, ...]:
    """The words; without what is not needed of them, or none, where they cannot be read."""
    try:
        return msgspec.convert(written or (), tuple[Word, ...], strict=False)
    except msgspec.ValidationError:
        return _read(_bare(written), tuple[Word, ...], otherwise=())


def _bare(written: Any) -> Any:
    if not isinstance(written, list):
        return None
    needed = ("word", "start", "end")
    return [
        {name: each[name] for name in needed if name in each} if isinstance(each, dict) else each
        for each in written
    ]


def _metadata(body: Mapping[str, Any]) -> Metadata:
    duration = _read(body.get("duration"), Seconds | None, otherwise=None)
    return Metadata(duration, _read(body.get("sha256"), str | None, otherwise=None))


def _error(code: str, text: str) -> NovaError:
    return NovaError(code or "Error", text)
