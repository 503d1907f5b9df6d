# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
"""The messages of v1/listen: those of the client, and the JSON of the responses.

Shapes are those of Deepgram's streaming reference ("Live audio", v1/listen).
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from pipecat_sagemaker_deepgram.container.dialogue import (
    Audio,
    CloseStream,
    KeepAlive,
    Unparseable,
)
from pipecat_sagemaker_deepgram.container.recognizers.recognizer import (
    HeardSegment,
    ModelInfo,
    RecognizedWord,
)
from pipecat_sagemaker_deepgram.container.recognizers.words import plain_form
from pipecat_sagemaker_deepgram.container.text.features import Features

_DIGITS = 6


@dataclass(frozen=True)
class Finalize:
    """Answer with the words so far, of one channel or of all (None)."""

    channel: int | None = None


ClientMessage = Audio | KeepAlive | Finalize | CloseStream | Unparseable

_CONTROLS = ("Finalize", "CloseStream", "KeepAlive")


def parse_text(text: str) -> ClientMessage:
    """Read a text message."""
    try:
        message = json.loads(text)
    except ValueError as error:
        return Unparseable(text, str(error))
    if not isinstance(message, dict):
        return Unparseable(text, "invalid type, expected an object")
    match message.get("type"):
        case "KeepAlive":
            return KeepAlive()
        case "CloseStream":
            return CloseStream()
        case "Finalize":
            return _parse_finalize(text, message)
        case None:
            return Unparseable(text, "missing field `type`")
        case other:
            expected = ", ".join(f"`{name}`" for name in _CONTROLS)
            return Unparseable(text, f"unknown variant `{other}`, expected one of {expected}")


def _parse_finalize(text: str, message: dict[str, Any]) -> ClientMessage:
    channel = message.get("channel")
    if channel is not None and (not isinstance(channel, int) or isinstance(channel, bool)):
        return Unparseable(text, "invalid type in field `channel`, expected an integer")
    return Finalize(channel)


def parse_binary(data: bytes) -> ClientMessage:
    """Read a binary frame: audio, except for two kinds.

    An empty frame ends the stream (Deepgram docs, "Using interim results"). A whole JSON
    control message is treated as the text message that it should have been; ``is_misframed``
    recognises it.
    """
    if not data:
        return CloseStream()
    control = _misframed(data)
    return Audio(data) if control is None else control


def is_misframed(data: bytes) -> bool:
    """Whether a binary frame holds a control message."""
    return _misframed(data) is not None


def _misframed(data: bytes) -> ClientMessage | None:
    if not data.startswith(b"{") or not data.endswith(b"}") or len(data) > 256:
        return None
    try:
        message = parse_text(data.decode())
    except UnicodeDecodeError:
        return None
    return None if isinstance(message, Unparseable) else message


@dataclass(frozen=True)
class Envelope:
    """The common part of all results of one channel.

    Attributes:
        request_id: Id of the connection.
        model: The recogniser's model.
        channel: Index of the channel.
        channels: Number of channels.
        punctuate: Show words as recognised, not plain.
        language: Language of the words if ``language=multi`` was requested; otherwise None.
        features: The text features applied to words.
    """

    request_id: str
    model: ModelInfo
    channel: int = 0
    channels: int = 1
    punctuate: bool = False
    language: str | None = None
    features: Features = field(default_factory=Features)

    @property
    def channel_index(self) -> list[int]:
        """The ``channel_index`` pair of messages."""
        return [self.channel, self.channels]


def results(
    envelope: Envelope, segment: HeardSegment, *, from_finalize: bool = False
) -> dict[str, Any]:
    """Write a segment as ``Results``."""
    model = envelope.model
    words = envelope.features.apply(segment.words)
    channel: dict[str, Any] = {"alternatives": [alternative(envelope, words)]}
    if envelope.features.search:
        channel["search"] = envelope.features.find(words)
    return {
        "type": "Results",
        "channel_index": envelope.channel_index,
        "duration": _seconds(segment.end - segment.start),
        "start": _seconds(segment.start),
        "is_final": segment.is_final,
        "speech_final": segment.speech_final,
        "channel": channel,
        "metadata": {
            "request_id": envelope.request_id,
            "model_info": {"name": model.name, "version": model.version, "arch": model.arch},
            "model_uuid": model.uuid,
        },
        "from_finalize": from_finalize,
    }


def alternative(envelope: Envelope, words: Sequence[RecognizedWord]) -> dict[str, Any]:
    """Write the shown words as an alternative."""
    shown = [word.text if envelope.punctuate else plain_form(word) for word in words]
    confidence = sum(word.confidence for word in words) / len(words) if words else 0.0
    written: dict[str, Any] = {
        "transcript": " ".join(shown),
        "confidence": _seconds(confidence),
        "words": [written_word(envelope, word) for word in words],
    }
    if envelope.language is not None:
        written["languages"] = [envelope.language] if words else []
    return written


def written_word(envelope: Envelope, word: RecognizedWord) -> dict[str, Any]:
    """Write one word."""
    written: dict[str, Any] = {
        "word": plain_form(word),
        "start": _seconds(word.start),
        "end": _seconds(word.end),
        "confidence": _seconds(word.confidence),
    }
    if envelope.punctuate:
        written["punctuated_word"] = word.text
    if envelope.language is not None:
        written["language"] = envelope.language
    return written


def speech_started(envelope: Envelope, timestamp: float) -> dict[str, Any]:
    """Write ``SpeechStarted``."""
    return {
        "type": "SpeechStarted",
        "channel": envelope.channel_index,
        "timestamp": _seconds(timestamp),
    }


def utterance_end(envelope: Envelope, last_word_end: float) -> dict[str, Any]:
    """Write ``UtteranceEnd``."""
    return {
        "type": "UtteranceEnd",
        "channel": envelope.channel_index,
        "last_word_end": _seconds(last_word_end),
    }


def metadata(
    envelope: Envelope, *, sha256: str, created: str, duration: float, extra: dict[str, str]
) -> dict[str, Any]:
    """Write the ``Metadata`` that ends a stream; without audio it counts no channels."""
    model = envelope.model
    return {
        "type": "Metadata",
        "transaction_key": "deprecated",
        "request_id": envelope.request_id,
        "sha256": sha256,
        "created": created,
        "duration": _seconds(duration),
        "channels": envelope.channels if duration else 0,
        "models": [model.uuid],
        "model_info": {
            model.uuid: {"name": model.name, "version": model.version, "arch": model.arch}
        },
        "extra": extra,
    }


def schema_error(message: Unparseable) -> dict[str, Any]:
    """Write the ``Error`` for a text message that cannot be understood; the stream goes on."""
    return {
        "type": "Error",
        "variant": "SchemaError",
        "description": f"Could not deserialize last text message: {message.problem}",
        "message": message.text,
    }


def _seconds(value: float) -> float:
    return round(value, _DIGITS)
