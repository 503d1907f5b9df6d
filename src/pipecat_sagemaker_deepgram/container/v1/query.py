# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
"""The query of v1/listen: what may be asked, and how a wrong question is refused.

Every parameter of the streaming reference is known. Those that change only the words' dress or
the bill (``diarize``, ``redact``, ``search``, ``replace``, ``numerals``, ``profanity_filter``,
``keyterm``, ``tag`` and their like) are checked, accepted and without effect here.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from pipecat_sagemaker_deepgram.container.audio.raw import SAMPLE_BYTES, AudioFormat
from pipecat_sagemaker_deepgram.container.query_checks import (
    Check,
    QueryError,
    boolean,
    check_query,
    choice,
    integer,
    keyterms,
    one,
    refused,
    several,
)

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
class ListenQuery:
    """A checked query; defaults are Deepgram's.

    Attributes:
        audio: What the audio bytes are.
        model: As asked, ``base-general`` when not.
        language: BCP-47 tag or ``multi``.
        multichannel: Results of each channel apart.
        interim_results: Whether interims are wanted.
        endpointing: Seconds of silence before ``speech_final``; None for off.
        utterance_end: Seconds between words before ``UtteranceEnd``; None for off.
        vad_events: Whether ``SpeechStarted`` is wanted.
        punctuate: Words with case and punctuation (``punctuate``, ``smart_format``, and what
            implies them).
        extra: Pairs that ``Metadata`` returns.
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


def parse_query(query: str) -> ListenQuery:
    """Check a raw query string.

    Raises:
        QueryError: A parameter is unknown, repeated where it may not be, has a value it cannot
            have, or contradicts another.
    """
    values = check_query(query, _CHECKS)
    _check_together(values)
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
        punctuate=any(values.get(n) for n in ("punctuate", "smart_format", "detect_entities")),
        extra=dict(text.split(":", 1) for text in values.get("extra", ())),
    )


def _audio_format(values: dict) -> AudioFormat:
    if "encoding" not in values or "sample_rate" not in values:
        raise QueryError(
            "encoding and sample_rate are required: this container reads raw audio only",
            code="Bad Request",
        )
    return AudioFormat(values["encoding"], values["sample_rate"], values.get("channels", 1))


def _check_together(values: dict) -> None:
    model = values.get("model", "base-general")
    if "utterance_end_ms" in values and not values.get("interim_results"):
        raise QueryError("utterance_end_ms requires interim_results=true")
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


_CHECKS: dict[str, Check] = {
    "model": _model,
    "language": _language,
    "language_hint": several(pattern=r"[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8})*"),
    "version": several(),
    "encoding": choice(*SAMPLE_BYTES),
    "sample_rate": integer(4000, 192000),
    "channels": integer(1, _MAX_CHANNELS),
    "endpointing": _endpointing,
    "utterance_end_ms": integer(1000, 60000),
    "diarize_model": choice("latest", "v1"),
    "redact": several(pattern="[a-z0-9_]+"),
    "keyterm": keyterms,
    "keywords": several(),
    "search": several(),
    "replace": several(pattern="[^:].*"),
    "extra": several(2048, pattern=".+:.*"),
    "tag": several(128),
    "callback": _no_callback,
    "callback_method": _no_callback,
} | dict.fromkeys(
    [
        *("multichannel", "interim_results", "vad_events", "punctuate", "smart_format"),
        *("no_delay", "numerals", "dictation", "profanity_filter", "diarize"),
        *("detect_entities", "mip_opt_out", "filler_words"),
    ],
    boolean,
)
