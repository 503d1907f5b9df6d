# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
"""The query of v1/listen: what may be asked, and how a wrong question is refused.

Every parameter of the streaming reference is known. Those that change only the words' dress or
the bill (``diarize``, ``redact``, ``search``, ``replace``, ``numerals``, ``profanity_filter``,
``keyterm``, ``tag`` and their like) are checked, accepted and without effect here.
"""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from urllib.parse import parse_qsl

from pipecat_sagemaker_deepgram.container.audio import SAMPLE_BYTES, AudioFormat

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
_MAX_KEYTERM_TOKENS = 500
_MAX_CHANNELS = 20


class QueryError(Exception):
    """The query is refused with HTTP 400.

    Attributes:
        code: Deepgram's ``err_code``.
        description: Deepgram's ``err_msg``.
    """

    def __init__(self, description: str, *, code: str = "INVALID_QUERY_PARAMETER") -> None:
        super().__init__(description)
        self.code = code
        self.description = description


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
    given = _collect(query)
    values = {name: _CHECKS[name](name, texts) for name, texts in given.items()}
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


def _collect(query: str) -> dict[str, list[str]]:
    given: dict[str, list[str]] = {}
    for name, value in parse_qsl(query, keep_blank_values=True):
        if name not in _CHECKS:
            raise QueryError(f"unsupported query parameter(s): {name}")
        given.setdefault(name, []).append(value)
    return given


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


def _refused(name: str, text: str, wanted: str) -> QueryError:
    return QueryError(
        f"Failed to deserialize query parameters: {name}: invalid value {text!r}, expected {wanted}"
    )


def _one(name: str, texts: Sequence[str]) -> str:
    if len(texts) > 1:
        raise QueryError(f"Failed to deserialize query parameters: duplicate field `{name}`")
    return texts[0]


def _boolean(name: str, texts: Sequence[str]) -> bool:
    text = _one(name, texts)
    if text not in ("true", "false"):
        raise _refused(name, text, "`true` or `false`")
    return text == "true"


def _integer(least: int, most: int) -> Callable[[str, Sequence[str]], int]:
    def check(name: str, texts: Sequence[str]) -> int:
        text = _one(name, texts)
        if not re.fullmatch("[0-9]{1,9}", text) or not least <= int(text) <= most:
            raise _refused(name, text, f"an integer from {least} to {most}")
        return int(text)

    return check


def _choice(*allowed: str) -> Callable[[str, Sequence[str]], str]:
    def check(name: str, texts: Sequence[str]) -> str:
        text = _one(name, texts)
        if text not in allowed:
            raise _refused(name, text, "one of " + ", ".join(allowed))
        return text

    return check


def _texts(longest: int = 2048, *, pattern: str = ".+") -> Callable[..., Sequence[str]]:
    def check(name: str, texts: Sequence[str]) -> Sequence[str]:
        for text in texts:
            if len(text) > longest or not re.fullmatch(pattern, text, re.DOTALL):
                raise _refused(name, text, f"1 to {longest} characters like {pattern!r}")
        return texts

    return check


def _model(name: str, texts: Sequence[str]) -> str:
    text = _one(name, texts)
    if text not in MODELS and not _UUID.fullmatch(text):
        raise QueryError(
            "Bad Request: No such model/version combination found.", code="Bad Request"
        )
    return text


def _language(name: str, texts: Sequence[str]) -> str:
    text = _one(name, texts)
    if not _LANGUAGE.fullmatch(text):
        raise _refused(name, text, "a BCP-47 tag or `multi`")
    return text


def _endpointing(name: str, texts: Sequence[str]) -> int | bool:
    return False if texts == ["false"] else _integer(0, 60000)(name, texts)


def _keyterms(name: str, texts: Sequence[str]) -> Sequence[str]:
    _texts(longest=8192)(name, texts)
    if sum(len(text.split()) for text in texts) > _MAX_KEYTERM_TOKENS:
        raise QueryError(
            "Keyterm limit exceeded. The maximum number of tokens across all keyterms is 500.",
            code="Bad Request",
        )
    return texts


def _no_callback(name: str, texts: Sequence[str]) -> None:
    raise QueryError(f"{name} cannot be used: the container has no network access")


_CHECKS: dict[str, Callable] = {
    "model": _model,
    "language": _language,
    "language_hint": _texts(pattern=r"[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8})*"),
    "version": _texts(),
    "encoding": _choice(*SAMPLE_BYTES),
    "sample_rate": _integer(4000, 192000),
    "channels": _integer(1, _MAX_CHANNELS),
    "endpointing": _endpointing,
    "utterance_end_ms": _integer(1000, 60000),
    "diarize_model": _choice("latest", "v1"),
    "redact": _texts(pattern="[a-z0-9_]+"),
    "keyterm": _keyterms,
    "keywords": _texts(),
    "search": _texts(),
    "replace": _texts(pattern=".+:.*"),
    "extra": _texts(2048, pattern=".+:.*"),
    "tag": _texts(128),
    "callback": _no_callback,
    "callback_method": _no_callback,
} | dict.fromkeys(
    [
        *("multichannel", "interim_results", "vad_events", "punctuate", "smart_format"),
        *("no_delay", "numerals", "dictation", "profanity_filter", "diarize"),
        *("detect_entities", "mip_opt_out", "filler_words"),
    ],
    _boolean,
)
