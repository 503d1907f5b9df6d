# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
"""The query of v1/listen: refuses, with a reason, what Deepgram documents as failing. Pure.

A value that fails with every container is refused, and so is an unknown name unless the user
insists. What depends on the container's version or its built-in features is left to the container.

Sources: Deepgram's API reference of v1/listen and the documentation page of each feature.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from pipecat_sagemaker_deepgram.deepgram.parameter_names import unknown_names
from pipecat_sagemaker_deepgram.deepgram.query import QueryValue, build_query, query_texts
from pipecat_sagemaker_deepgram.exceptions import ConfigurationError

MAX_CHANNELS = 20
"""Most channels that can be transcribed separately (Deepgram docs, "Multichannel")."""

MAX_KEYWORDS = 100
"""Most keywords of one request (Deepgram docs, "Keywords")."""

MAX_KEYTERM_TOKENS = 500
"""Most tokens of all key terms (Deepgram docs, "Keyterm Prompting"); a word is one or more."""

MIN_UTTERANCE_END_MS = 1000
"""Interims arrive once a second, so less has no effect (Deepgram docs, "Utterance End")."""

type Texts = Mapping[str, Sequence[str]]
"""The values of each parameter, as texts."""

type Fault = tuple[str, str]
"""What is wrong, and what to do about it."""


@dataclass(frozen=True)
class _Rule:
    wanted: str
    pattern: str
    repeats: bool = False


_TAG = "[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8})*"
_BOOLEAN = _Rule("True or False", "true|false")
_COUNT = _Rule("a whole number from 1", "[1-9][0-9]{0,8}")
_TEXT = _Rule("text", ".+")
_TEXTS = _Rule("text", ".+", repeats=True)

_RULES = {
    "model": _TEXT,
    "version": _TEXT,
    "encoding": _TEXT,
    "language": _Rule("a BCP-47 tag such as en-US, or multi", f"multi|{_TAG}"),
    "language_hint": _Rule("BCP-47 tags such as en-US", _TAG, repeats=True),
    "sample_rate": _COUNT,
    "channels": _COUNT,
    "endpointing": _Rule("whole milliseconds, or False", "[0-9]{1,9}|false"),
    "utterance_end_ms": _Rule("whole milliseconds", "[0-9]{1,9}"),
    "diarize_model": _Rule("latest or v1 (v2 is for recordings only)", "(?!v2$).+"),
    "redact": _Rule("names such as pci, ssn, numbers", "[a-z0-9_]+", repeats=True),
    "keyterm": _TEXTS,
    "keywords": _Rule("words, each as word or word:1.5", r"[^:]+(:-?[0-9.]+)?", repeats=True),
    "search": _TEXTS,
    "replace": _Rule("find:replacement, or a term to remove", "[^:].*", repeats=True),
    "extra": _Rule("key:value, of 2048 characters at most", "(?=.{1,2048}$)[^:]+:.*", repeats=True),
    "tag": _Rule("texts of 128 characters at most", ".{1,128}", repeats=True),
} | dict.fromkeys(
    [
        *("multichannel", "interim_results", "vad_events", "punctuate", "smart_format"),
        *("no_delay", "numerals", "dictation", "profanity_filter", "diarize"),
        *("detect_entities", "mip_opt_out", "filler_words"),
    ],
    _BOOLEAN,
)

NOVA_PARAMETERS = frozenset(_RULES)
"""The known parameters of a stream."""

_NEVER = {
    **dict.fromkeys(
        ["callback", "callback_method"],
        ("the container has no network", "Leave it out; the transcripts arrive on the stream."),
    ),
    **dict.fromkeys(
        [
            *("utterances", "paragraphs", "utt_split", "measurements", "summarize", "topics"),
            *("intents", "sentiment", "detect_language"),
        ],
        ("it works on recordings only, not on a stream", "Leave it out."),
    ),
    **dict.fromkeys(
        ["eot_threshold", "eager_eot_threshold", "eot_timeout_ms", "min_confidence"],
        (
            "it is a parameter of Deepgram Flux",
            "Leave it out, or use an endpoint and service of Deepgram Flux.",
        ),
    ),
}

PARAMETERS = frozenset(_RULES)
"""Parameters of a stream on v1/listen."""

_BEFORE_NOVA_3 = re.compile(
    r"(nova-2|nova|enhanced|base|whisper)(-\D.*)?"
    "|general|meeting|phonecall|finance|conversationalai|voicemail|video"
)
_NOVA_3 = re.compile("nova-3(-.*)?")


def build_nova_query(parameters: Mapping[str, QueryValue], *, allow_unknown: bool = False) -> str:
    """Write a query for v1/listen, after checking it.

    Args:
        parameters: Values by Deepgram's names; ``None`` leaves a parameter out.
        allow_unknown: Whether to send unknown parameters unchanged.

    Raises:
        ConfigurationError: A value is not valid, a name is not known, two values contradict each
            other, or the query is too long; the message says which and what to do.
    """
    fault = next(_faults(query_texts(parameters), allow_unknown=allow_unknown), None)
    if fault is not None:
        what, advice = fault
        raise ConfigurationError(what, advice=advice)
    return build_query(parameters)


def _faults(texts: Texts, *, allow_unknown: bool) -> Iterator[Fault]:
    """Yield each parameter's own faults first; the checks that compare parameters rely on that."""
    for name, values in texts.items():
        yield from _own_faults(name, values)
    for check in (_model, _keyterm, _keywords, _language, _utterance_end, _format, _channels):
        yield from check(texts)
    if not allow_unknown:
        yield from unknown_names(texts, PARAMETERS, of="Deepgram Nova")


def _own_faults(name: str, values: Sequence[str]) -> Iterator[Fault]:
    if name in _NEVER:
        why, advice = _NEVER[name]
        yield f"{name} cannot be used: {why}", advice
    rule = _RULES.get(name)
    if rule is None:
        return
    if len(values) > 1 and not rule.repeats:
        yield f"{name} has {len(values)} values", "It takes one."
    for value in values:
        if not re.fullmatch(rule.pattern, value, re.DOTALL):
            yield f"{name} is {value!r}", f"It takes {rule.wanted}."


# Faults between parameters


def _model(texts: Texts) -> Iterator[Fault]:
    model = _one(texts, "model")
    if model.startswith("flux"):
        yield (
            f"model {model} is served on v2/listen, not on v1/listen",
            "Use the service or the route for Deepgram Flux.",
        )


def _keyterm(texts: Texts) -> Iterator[Fault]:
    terms, model = texts.get("keyterm", ()), _one(texts, "model")
    if terms and _BEFORE_NOVA_3.fullmatch(model):
        yield (
            f"keyterm cannot be used with model {model}, only with nova-3",
            "Older models take keywords.",
        )
    count = sum(len(term.split()) for term in terms)
    if count > MAX_KEYTERM_TOKENS:
        yield (
            f"keyterm has {count} words; Deepgram takes {MAX_KEYTERM_TOKENS} tokens at most",
            "Deepgram recommends 20 to 50 terms.",
        )


def _keywords(texts: Texts) -> Iterator[Fault]:
    words, model = texts.get("keywords", ()), _one(texts, "model")
    if words and _NOVA_3.fullmatch(model):
        yield f"keywords cannot be used with model {model}", "Nova-3 takes keyterm instead."
    if len(words) > MAX_KEYWORDS:
        yield f"keywords has {len(words)} words; Deepgram takes {MAX_KEYWORDS} at most", ""


def _language(texts: Texts) -> Iterator[Fault]:
    if "language_hint" not in texts:
        return
    if _one(texts, "language") != "multi":
        yield "language_hint works with language multi only", "Set language to multi."
    model = _one(texts, "model")
    if _BEFORE_NOVA_3.fullmatch(model):
        yield f"language_hint cannot be used with model {model}, only with nova-3", ""


def _utterance_end(texts: Texts) -> Iterator[Fault]:
    if "utterance_end_ms" not in texts:
        return
    if not _is_on(texts, "interim_results"):
        yield "utterance_end_ms works with interim results only", "Set interim_results to True."
    milliseconds = _one(texts, "utterance_end_ms")
    if int(milliseconds) < MIN_UTTERANCE_END_MS:
        yield f"utterance_end_ms is {milliseconds}", f"It takes {MIN_UTTERANCE_END_MS} or more."


def _format(texts: Texts) -> Iterator[Fault]:
    if _is_on(texts, "dictation") and not _is_on(texts, "punctuate"):
        yield "dictation works with punctuation only", "Set punctuate to True."
    if "diarize" in texts and "diarize_model" in texts:
        yield "diarize and diarize_model cannot be used together", "Leave diarize out."


def _channels(texts: Texts) -> Iterator[Fault]:
    if not _is_on(texts, "multichannel"):
        return
    count = int(_one(texts, "channels") or "1")
    if count < 2:
        yield (
            "multichannel has one channel only",
            "Set channels to what the audio has, or multichannel to False.",
        )
    if count > MAX_CHANNELS:
        yield f"multichannel has {count} channels; Deepgram takes {MAX_CHANNELS} at most", ""


def _one(texts: Texts, name: str) -> str:
    return texts[name][0] if name in texts else ""


def _is_on(texts: Texts, name: str) -> bool:
    return _one(texts, name) == "true"
