# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
"""The query of v1/listen: its parameters, and how invalid ones are refused.

Every parameter of the streaming reference and of the reference for recordings is known. An
accepted parameter has its effect; one that would have none is refused, as by a bundle that lacks
the component for it. Only ``tag``, ``mip_opt_out``, ``version`` and ``no_delay`` have no effect:
they concern the bill, the use of the data, and waits that this container never makes.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from pipecat_sagemaker_deepgram.audio.pcm import PACKED, SAMPLE_BYTES, AudioFormat
from pipecat_sagemaker_deepgram.container.query_checks import (
    Check,
    QueryError,
    boolean,
    check_query,
    choice,
    integer,
    keyterms,
    number,
    one,
    refused,
    several,
)
from pipecat_sagemaker_deepgram.container.text.features import Features
from pipecat_sagemaker_deepgram.container.text.replacing import read_replacement

_FAMILIES = {
    "nova-3": ("general", "medical", "pharma"),
    "nova-2": (
        *("general", "meeting", "finance", "conversationalai", "voicemail"),
        *("video", "medical", "drivethru", "automotive"),
    ),
    "nova": ("general", "phonecall", "medical"),
    "enhanced": ("general", "meeting", "phonecall", "finance"),
    "base": (
        *("general", "meeting", "phonecall", "finance", "conversationalai", "voicemail", "video"),
    ),
}
_LONE_MODELS = ("meeting", "phonecall", "finance", "conversationalai", "voicemail", "video")
MODELS = frozenset(
    [*_FAMILIES, *_LONE_MODELS, "custom"]
    + [f"{family}-{kind}" for family, kinds in _FAMILIES.items() for kind in kinds]
)
_UUID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
_LANGUAGE = re.compile(r"multi|[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8})*")
_MAX_CHANNELS = 20


@dataclass(frozen=True)
class RecordingOptions:
    """The options of recordings only; defaults are Deepgram's.

    Attributes:
        paragraphs: Whether the transcript is wanted in paragraphs.
        utterances: Whether utterances are wanted.
        utt_split: Seconds of silence between two utterances.
    """

    paragraphs: bool = False
    utterances: bool = False
    utt_split: float = 0.8


@dataclass(frozen=True)
class ListenQuery:
    """A checked query; defaults are Deepgram's.

    Attributes:
        audio: The format of the audio.
        model: The requested model, by default ``base-general``.
        language: BCP-47 tag or ``multi``.
        multichannel: Whether each channel gets results of its own.
        interim_results: Whether interims are wanted.
        endpointing: Seconds of silence before ``speech_final``; None for off.
        utterance_end: Seconds between words before ``UtteranceEnd``; None for off.
        vad_events: Whether ``SpeechStarted`` is wanted.
        punctuate: Words with case and punctuation (``punctuate``, ``smart_format``, and what
            implies them).
        extra: Pairs to return in ``Metadata``.
        tags: Labels to return in ``metadata``.
        features: The text features applied to words.
        recording: The options of a recording.
    """

    audio: AudioFormat
    model: str = "base-general"
    language: str = "en"
    multichannel: bool = False
    interim_results: bool = False
    endpointing: float | None = 0.01
    utterance_end: float | None = None
    vad_events: bool = False
    punctuate: bool = False
    extra: dict[str, str] = field(default_factory=dict)
    tags: tuple[str, ...] = ()
    features: Features = field(default_factory=Features)
    recording: RecordingOptions = field(default_factory=RecordingOptions)


def parse_query(query: str) -> ListenQuery:
    """Check the raw query string of a stream.

    Raises:
        QueryError: A parameter is unknown, repeated where it may not be, has an invalid
            value, contradicts another, or asks for something this container cannot do.
    """
    values = check_query(query, _COMMON | _STREAM)
    _check_together(values)
    if "utterance_end_ms" in values and not values.get("interim_results"):
        raise QueryError("utterance_end_ms requires interim_results=true")
    return _read(values)


def parse_recording_query(query: str) -> ListenQuery:
    """Check the raw query string of a recording, as ``parse_query`` does.

    Raises:
        QueryError: As for ``parse_query``.
    """
    values = check_query(query, _COMMON | _RECORDING)
    _check_together(values)
    return _read(values)


def _read(values: dict[str, Any]) -> ListenQuery:
    endpointing = values.get("endpointing", 10)
    utterance_end = values.get("utterance_end_ms")
    return ListenQuery(
        audio=_audio_format(values),
        model=values.get("model", "base-general"),
        language=values.get("language", "en"),
        multichannel=values.get("multichannel", False),
        interim_results=values.get("interim_results", False),
        endpointing=None if endpointing is False else endpointing / 1000,
        utterance_end=None if utterance_end is None else utterance_end / 1000,
        vad_events=values.get("vad_events", False),
        punctuate=any(values.get(n) for n in ("punctuate", "smart_format", "paragraphs")),
        extra=dict(text.split(":", 1) for text in values.get("extra", ())),
        tags=tuple(values.get("tag", ())),
        features=_features(values),
        recording=RecordingOptions(
            paragraphs=values.get("paragraphs", False),
            utterances=values.get("utterances", False),
            utt_split=values.get("utt_split", RecordingOptions.utt_split),
        ),
    )


def _features(values: dict[str, Any]) -> Features:
    redact = values.get("redact", ())
    return Features(
        filler_words=values.get("filler_words", False),
        keyterms=tuple(values.get("keyterm", ())) + _without_intensity(values.get("keywords", ())),
        dictation=values.get("dictation", False),
        replacements=tuple(read_replacement(text) for text in values.get("replace", ())),
        numerals=values.get("numerals", False) or values.get("smart_format", False),
        measurements=values.get("measurements", False),
        profanity_filter=values.get("profanity_filter", False),
        redacts_numbers="numbers" in redact or "true" in redact,
        redacts_all_numbers="aggressive_numbers" in redact,
        search=tuple(values.get("search", ())),
    )


def _without_intensity(keywords: Sequence[str]) -> tuple[str, ...]:
    """Keywords to favour; a negative intensifier asks for the opposite, which is refused."""
    return tuple(keyword.partition(":")[0] for keyword in keywords)


def _audio_format(values: dict[str, Any]) -> AudioFormat:
    encoding, rate = values.get("encoding"), values.get("sample_rate")
    if encoding is None and rate is not None:
        raise QueryError("sample_rate is read only where encoding is given", code="Bad Request")
    if encoding in _NEED_RATE and rate is None:
        raise QueryError(f"encoding={encoding} requires sample_rate", code="Bad Request")
    return AudioFormat(encoding, rate or 0, values.get("channels", 1))


def _check_together(values: dict) -> None:
    model = values.get("model", "base-general")
    if "diarize" in values and "diarize_model" in values:
        raise QueryError("diarize and diarize_model cannot be used together")
    if "keyterm" in values and not model.startswith("nova-3"):
        raise QueryError("keyterm is supported by nova-3 models only")
    if "keywords" in values and model.startswith("nova-3"):
        raise QueryError("keywords is not supported by nova-3 models: use keyterm")
    if "language_hint" in values and values.get("language") != "multi":
        raise QueryError("language_hint requires language=multi")
    if values.get("dictation") and not values.get("punctuate"):
        raise QueryError("dictation requires punctuate=true")


def _model(name: str, texts: Sequence[str]) -> str:
    text = one(name, texts)
    if text not in MODELS and not _UUID.fullmatch(text):
        raise QueryError(
            "Bad Request: No such model/version combination found.", code="Bad Request"
        )
    return text


def _language(name: str, texts: Sequence[str]) -> str:
    text = one(name, texts)
    if not _LANGUAGE.fullmatch(text):
        raise refused(name, text, "a BCP-47 tag or `multi`")
    return text


def _endpointing(name: str, texts: Sequence[str]) -> int | bool:
    return False if texts == ["false"] else integer(0, 60000)(name, texts)


def _no_callback(name: str, texts: Sequence[str]) -> None:
    raise QueryError(f"{name} cannot be used: the container has no network access")


def _lacking(what: str, *, allowed: Sequence[str] = ("false",)) -> Check:
    """A feature that this container lacks; only values that do not ask for it pass."""

    def check(name: str, texts: Sequence[str]) -> bool:
        for text in texts:
            if text not in allowed:
                raise QueryError(
                    f"{name}={text} is not available: {what} is not a part of this container",
                    code="Bad Request",
                )
        return False

    return check


def _redact(name: str, texts: Sequence[str]) -> Sequence[str]:
    several(pattern="[a-z0-9_]+")(name, texts)
    _lacking("entity detection", allowed=("false", "true", "numbers", "aggressive_numbers"))(
        name, texts
    )
    return texts


def _keywords(name: str, texts: Sequence[str]) -> Sequence[str]:
    several(pattern=r"[^:]+(:-?[0-9]+(\.[0-9]+)?)?")(name, texts)
    if any(":-" in text for text in texts):
        raise QueryError(f"{name} with a negative intensifier is not available in this container")
    return texts


_NEED_RATE = (*SAMPLE_BYTES, "opus")
_ENCODINGS = (*SAMPLE_BYTES, *PACKED)
_UNSUPPORTED_ENCODINGS = ("amr-nb", "amr-wb", "speex", "g729")


def _encoding(name: str, texts: Sequence[str]) -> str:
    if texts[0] in _UNSUPPORTED_ENCODINGS:
        raise QueryError(
            f"encoding={texts[0]} is not available in this container", code="Bad Request"
        )
    return choice(*_ENCODINGS)(name, texts)


_COMMON: dict[str, Check] = {
    "model": _model,
    "language": _language,
    "language_hint": several(pattern=r"[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8})*"),
    "version": several(),
    "encoding": _encoding,
    "sample_rate": integer(4000, 192000),
    "channels": integer(1, _MAX_CHANNELS),
    "diarize": _lacking("a model of speakers"),
    "diarize_model": _lacking("a model of speakers", allowed=()),
    "detect_entities": _lacking("entity detection"),
    "redact": _redact,
    "keyterm": keyterms,
    "keywords": _keywords,
    "search": several(),
    "replace": several(pattern="[^:].*"),
    "extra": several(2048, pattern=".+:.*"),
    "tag": several(128),
    "callback": _no_callback,
    "callback_method": _no_callback,
} | dict.fromkeys(
    [
        *("multichannel", "punctuate", "smart_format", "numerals", "dictation"),
        *("profanity_filter", "mip_opt_out", "filler_words"),
    ],
    boolean,
)
_STREAM: dict[str, Check] = {
    "endpointing": _endpointing,
    "utterance_end_ms": integer(1000, 60000),
    "interim_results": boolean,
    "vad_events": boolean,
    "no_delay": boolean,
}
_RECORDING: dict[str, Check] = {
    "paragraphs": boolean,
    "utterances": boolean,
    "measurements": boolean,
    "utt_split": number(0.0, 3600.0),
    "detect_language": _lacking("language detection"),
    "summarize": _lacking("a model of summaries"),
    "topics": _lacking("a model of topics"),
    "intents": _lacking("a model of intents"),
    "sentiment": _lacking("a model of sentiment"),
}
