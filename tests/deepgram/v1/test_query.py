# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
"""What may be asked of v1/listen."""

import re
from typing import Any

import pytest

from pipecat_sagemaker_deepgram.container.v1.query import parse_query
from pipecat_sagemaker_deepgram.deepgram.v1.query import build_nova_query
from pipecat_sagemaker_deepgram.exceptions import ConfigurationError

RAW = {"encoding": "linear16", "sample_rate": 16_000, "channels": 1}
NOVA = {"model": "nova-3", "language": "en", "interim_results": True, "punctuate": True}


@pytest.mark.parametrize(
    ("asked", "query"),
    [
        (
            NOVA | RAW,
            "model=nova-3&language=en&interim_results=true&punctuate=true"
            "&encoding=linear16&sample_rate=16000&channels=1",
        ),
        (
            {"model": "nova-3-medical", "language": None, "keyterm": ["St John's", "mg/l"]},
            "model=nova-3-medical&keyterm=St%20John%27s&keyterm=mg%2Fl",
        ),
        (
            {"model": "nova-2-phonecall", "keywords": ["snuffle:1.5", "kansas:-10", "plain"]},
            "model=nova-2-phonecall&keywords=snuffle%3A1.5&keywords=kansas%3A-10&keywords=plain",
        ),
        (
            {"replace": ["mister:Mr.", "um"], "redact": ["pci", "ssn"]},
            "replace=mister%3AMr.&replace=um&redact=pci&redact=ssn",
        ),
        (
            {"language": "multi", "language_hint": ["en", "es-419"], "model": "nova-3"},
            "language=multi&language_hint=en&language_hint=es-419&model=nova-3",
        ),
        ({"endpointing": False, "vad_events": True}, "endpointing=false&vad_events=true"),
        (
            {"interim_results": True, "utterance_end_ms": 1000},
            "interim_results=true&utterance_end_ms=1000",
        ),
        ({"interim_results": True, "utterance_end_ms": "1500"}, None),
        ({"tag": ["team a", "x" * 128], "extra": ["call:42:7"]}, None),
        ({"multichannel": True, "channels": 2}, "multichannel=true&channels=2"),
        ({"multichannel": False, "channels": 1}, "multichannel=false&channels=1"),
        ({"diarize_model": "v1"}, "diarize_model=v1"),
        ({"model": "40bd3654-e622-47c4-a111-63a61b23bfe8", "keyterm": "a", "keywords": "b"}, None),
    ],
)
def test_what_may_be_asked_is_written(asked: dict[str, Any], query: str | None) -> None:
    assert build_nova_query(asked)
    assert query is None or build_nova_query(asked) == query


@pytest.mark.parametrize(
    ("name", "reported"),
    [
        ("keyterms", "keyterms is not a known parameter of Deepgram Nova.* Did you mean keyterm?"),
        ("smart_fromat", "Did you mean smart_format?"),
        ("language_hints", "Did you mean language_hint?"),
        (
            "a_newer_one",
            "not a known parameter .* If the container knows it, pass allow_unknown_parameters",
        ),
        ("eot_threshold", "eot_threshold cannot be used: it is a parameter of Deepgram Flux"),
        ("min_confidence", "min_confidence cannot be used: it is a parameter of Deepgram Flux"),
    ],
)
def test_a_name_that_no_container_is_known_to_take_is_refused(name: str, reported: str) -> None:
    with pytest.raises(ConfigurationError, match=reported):
        build_nova_query(NOVA | {name: "1"})


def test_a_name_that_is_not_known_is_sent_where_the_user_insists() -> None:
    asked: dict[str, Any] = {"a_newer_one": [1, "two"]}
    query = "a_newer_one=1&a_newer_one=two"
    assert build_nova_query(asked, allow_unknown=True) == query


EVERYTHING = {
    **NOVA,
    **RAW,
    "version": "latest",
    "channels": 2,
    "multichannel": True,
    "endpointing": 300,
    "utterance_end_ms": 1000,
    "vad_events": True,
    "smart_format": True,
    "no_delay": True,
    "numerals": True,
    "dictation": True,
    "profanity_filter": True,
    "diarize": True,
    "redact": ["pci", "numbers"],
    "detect_entities": True,
    "keyterm": ["one", "two words"],
    "search": ["this", "that"],
    "replace": ["this:that", "um"],
    "extra": ["call:42"],
    "tag": ["a", "b"],
    "mip_opt_out": True,
    "filler_words": True,
}


LACKING = {"diarize": None, "diarize_model": None, "detect_entities": None, "redact": ["numbers"]}
"""What the container refuses, as a bundle without speakers and entities does."""


@pytest.mark.parametrize(
    "changes",
    [
        {},
        {"model": "nova-2", "keyterm": None, "keywords": ["snuffle:2"]},
        {"language": "multi", "language_hint": ["en", "es"]},
        {"diarize": None, "diarize_model": "latest"},
    ],
)
def test_every_documented_parameter_passes_here_and_in_the_container(
    changes: dict[str, Any],
) -> None:
    built = build_nova_query(EVERYTHING | changes)
    assert built
    available = build_nova_query(EVERYTHING | changes | LACKING)
    assert parse_query(available).audio.channels == 2


@pytest.mark.parametrize(
    ("asked", "said", "advised"),
    [
        # Between parameters
        (
            {"model": "nova-3", "keywords": "a"},
            "keywords cannot be used with model nova-3",
            "keyterm",
        ),
        ({"model": "nova-3-medical", "keywords": "a"}, "with model nova-3-medical", "keyterm"),
        (
            {"model": "nova-2", "keyterm": "a"},
            "keyterm cannot be used with model nova-2",
            "keywords",
        ),
        ({"model": "nova-2-general", "keyterm": "a"}, "with model nova-2-general", "keywords"),
        ({"model": "nova", "keyterm": "a"}, "with model nova,", "keywords"),
        ({"model": "enhanced-phonecall", "keyterm": "a"}, "with model enhanced-phone", "keywords"),
        ({"model": "nova-3", "keyterm": ["a b"] * 251}, "keyterm has 502 words", "20 to 50"),
        ({"model": "nova-2", "keywords": ["a"] * 101}, "keywords has 101 words", ""),
        ({"language": "en", "language_hint": "es"}, "language multi only", "Set language to multi"),
        ({"language_hint": "es"}, "language_hint works with language multi only", "Set language"),
        (
            {"model": "nova-2", "language": "multi", "language_hint": "es"},
            "language_hint cannot be used with model nova-2",
            "",
        ),
        ({"utterance_end_ms": 1000}, "works with interim results only", "Set interim_results"),
        (
            {"utterance_end_ms": 1000, "interim_results": False},
            "works with interim results only",
            "Set interim_results",
        ),
        ({"utterance_end_ms": 999, "interim_results": True}, "utterance_end_ms is 999", "1000"),
        ({"dictation": True}, "dictation works with punctuation only", "Set punctuate"),
        ({"diarize": True, "diarize_model": "v1"}, "cannot be used together", "Leave diarize out"),
        ({"multichannel": True}, "multichannel has one channel only", "Set channels"),
        ({"multichannel": True, "channels": 1}, "multichannel has one channel", "Set channels"),
        ({"multichannel": True, "channels": 21}, "multichannel has 21 channels", ""),
        ({"model": "flux-general-en"}, "served on v2/listen", "Deepgram Flux"),
        # One parameter
        ({"diarize_model": "v2"}, "diarize_model is 'v2'", "recordings only"),
        (
            {"callback": "https://example.com"},
            "callback cannot be used: the container",
            "arrive on the stream",
        ),
        ({"callback_method": "POST"}, "callback_method cannot be used", "arrive on the stream"),
        ({"paragraphs": True}, "paragraphs cannot be used: it works on recordings", "Leave it out"),
        ({"detect_language": True}, "detect_language cannot be used", "Leave it out"),
        (
            {"eot_threshold": 0.7},
            "eot_threshold cannot be used: it is a parameter of Deepgram Flux",
            "Flux",
        ),
        ({"punctuate": "yes"}, "punctuate is 'yes'", "True or False"),
        ({"punctuate": 1}, "punctuate is '1'", "True or False"),
        ({"numerals": "True"}, "numerals is 'True'", "True or False"),
        ({"endpointing": True}, "endpointing is 'true'", "milliseconds, or False"),
        ({"endpointing": 0.3}, "endpointing is '0.3'", "milliseconds"),
        ({"endpointing": -1}, "endpointing is '-1'", "milliseconds"),
        ({"utterance_end_ms": "soon", "interim_results": True}, "is 'soon'", "milliseconds"),
        ({"utterance_end_ms": True, "interim_results": True}, "is 'true'", "milliseconds"),
        ({"sample_rate": 0}, "sample_rate is '0'", "whole number"),
        ({"sample_rate": 16_000.0}, "sample_rate is '16000.0'", "whole number"),
        ({"channels": 0}, "channels is '0'", "whole number"),
        ({"language": "english"}, "language is 'english'", "BCP-47"),
        ({"language": ["en", "es"]}, "language has 2 values", "one"),
        ({"model": ["a", "b"]}, "model has 2 values", "one"),
        ({"smart_format": [True, False]}, "smart_format has 2 values", "one"),
        ({"redact": "Credit Card"}, "redact is 'Credit Card'", "pci"),
        ({"keywords": "a:b"}, "keywords is 'a:b'", "word:1.5"),
        ({"replace": ":that"}, "replace is ':that'", "find:replacement"),
        ({"extra": "call"}, "extra is 'call'", "key:value"),
        ({"tag": "x" * 129}, "tag is 'xxx", "128"),
        ({"keyterm": {"a": 1}}, "keyterm holds a value of type dict", "list"),
        ({"version": ""}, "version holds an empty value", "Leave the parameter out"),
    ],
)
def test_what_cannot_work_is_refused_with_what_to_do(
    asked: dict[str, Any], said: str, advised: str
) -> None:
    with pytest.raises(ConfigurationError) as refusal:
        build_nova_query(asked)
    assert said in refusal.value.message
    assert advised in refusal.value.advice


def test_a_query_of_v1_listen_has_sagemakers_limit() -> None:
    with pytest.raises(ConfigurationError, match=re.escape("keyterm alone takes 2000")):
        build_nova_query(NOVA | {"keyterm": ["x" * 192] + ["y" * 191] * 9})
