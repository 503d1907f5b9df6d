# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
"""Reads the messages of a v1/listen container, even those with invalid fields. Pure."""

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
from pipecat_sagemaker_deepgram.deepgram.v1.messages import (
    Alternative,
    Metadata,
    NovaError,
    NovaMessage,
    Parsed,
    Results,
    SpeechStarted,
    UtteranceEnd,
    Word,
)


def parse_message(data: str | bytes) -> Parsed:
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


class _WireChannel(Struct):
    alternatives: list[Alternative]


class _WireResults(Struct):
    """``Results`` as the container usually writes them."""

    start: Seconds
    duration: Seconds
    channel: _WireChannel
    channel_index: tuple[int, int] = (0, 1)
    is_final: bool | None = None
    speech_final: bool | None = None
    from_finalize: bool | None = None


class _OddChannel(Struct):
    alternatives: list[Any]


class _OddResults(Struct):
    """``Results`` in which only the indispensable fields have to be valid."""

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
    """Read results in one step; in several steps if a field is invalid."""
    try:
        wire = msgspec.convert(body, _WireResults, strict=False)
    except msgspec.ValidationError:
        return _odd_results(body)
    channel, channels = wire.channel_index
    alternatives = wire.channel.alternatives
    return Results(
        channel=channel,
        channels=channels,
        start=wire.start,
        duration=wire.duration,
        is_final=wire.is_final or False,
        speech_final=wire.speech_final or False,
        from_finalize=wire.from_finalize or False,
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
    """Read a field that may be invalid without making the whole message unreadable."""
    try:
        return msgspec.convert(value, kind, strict=False)
    except msgspec.ValidationError:
        return otherwise


def _channel_index(value: Any) -> tuple[int, int]:
    """The channel's index, and the number of channels, or the least it can be."""
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
    """The words; if they are invalid, only their indispensable fields, or no words."""
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
