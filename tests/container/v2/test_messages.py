# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
"""The messages of v2/listen."""

import json

import pytest

from pipecat_sagemaker_deepgram.container.dialogue import Audio, CloseStream, Unparseable
from pipecat_sagemaker_deepgram.container.recognizers.recognizer import RecognizedWord
from pipecat_sagemaker_deepgram.container.v2.bundle import BUNDLES, CURRENT
from pipecat_sagemaker_deepgram.container.v2.messages import (
    Configure,
    FluxMessage,
    ForceEndTurn,
    fatal_error,
    is_misframed,
    parse_flux_binary,
    parse_flux_text,
    turn_info,
)
from pipecat_sagemaker_deepgram.container.v2.turns import TurnEvent

WHOLE = {
    "type": "Configure",
    "thresholds": {"eot_threshold": 0.8, "eager_eot_threshold": 0.5, "eot_timeout_ms": 4000},
    "keyterms": ["x"],
    "language_hints": ["en", "es"],
    "numerals": True,
}
ENDED = TurnEvent(
    "EndOfTurn",
    3,
    4.2,
    6.8,
    (RecognizedWord("Turn", 4.3, 4.5, 0.97), RecognizedWord("it.", 4.5, 4.6)),
    0.35,
    "manual",
)


def read(message: dict, bundle: str = "current") -> FluxMessage:
    return parse_flux_text(json.dumps(message), BUNDLES[bundle])


def problem(message: dict, bundle: str = "current") -> str:
    found = read(message, bundle)
    assert isinstance(found, Unparseable)
    return found.problem


def test_controls_are_read():
    assert read({"type": "CloseStream"}) == CloseStream()
    assert read({"type": "ForceEndTurn"}) == ForceEndTurn()
    assert read({"type": "Configure"}) == Configure()


def test_a_whole_configure_is_read():
    assert read(WHOLE) == Configure(
        eot_threshold=0.8,
        eager_eot_threshold=0.5,
        eot_timeout_ms=4000,
        keyterms=("x",),
        language_hints=("en", "es"),
        numerals=True,
    )


def test_null_leaves_as_is_and_an_empty_list_clears():
    message = {"type": "Configure", "keyterms": [], "language_hints": None, "thresholds": None}
    assert read(message) == Configure(keyterms=(), language_hints=None)


@pytest.mark.parametrize("control", ["KeepAlive", "Finalize", "Speak", 3, True])
def test_what_other_apis_say_cannot_be_parsed(control):
    said = problem({"type": control})
    assert said.endswith("expected one of `CloseStream`, `Configure`, `ForceEndTurn`")


@pytest.mark.parametrize(
    ("control", "bundle", "said"),
    [
        ("Configure", "2026-03", "unknown variant `Configure`, expected `CloseStream`"),
        ("ForceEndTurn", "2026-06", "expected one of `CloseStream`, `Configure`"),
    ],
)
def test_a_bundle_cannot_parse_what_came_later(control, bundle, said):
    assert problem({"type": control}, bundle).endswith(said)


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"features": {"numerals": True}}, "unknown field `features`"),
        ({"numerals": "true"}, "invalid type in field `numerals`, expected a boolean"),
        ({"keyterms": "x"}, "in field `keyterms`, expected a sequence of strings"),
        ({"keyterms": ["x", 1]}, "in field `keyterms`, expected a sequence of strings"),
        ({"language_hints": {}}, "in field `language_hints`, expected a sequence"),
        ({"thresholds": [0.7]}, "in field `thresholds`, expected an object"),
        ({"thresholds": {"eot_threshold": "0.7"}}, "in field `eot_threshold`, expected a number"),
        ({"thresholds": {"eot_timeout_ms": True}}, "in field `eot_timeout_ms`, expected a number"),
        ({"thresholds": {"eot": 0.7}}, "unknown field `eot`"),
    ],
)
def test_a_configure_of_wrong_types_or_unknown_fields_cannot_be_parsed(change, said):
    assert said in problem({"type": "Configure"} | change)


def test_numerals_are_an_unknown_field_to_older_bundles():
    assert "unknown field `numerals`" in problem({"type": "Configure", "numerals": True}, "2026-06")


@pytest.mark.parametrize("text", ["", "{", "[]", "null", "{}", '{"type":null}'])
def test_text_that_is_no_message_cannot_be_parsed(text):
    assert isinstance(parse_flux_text(text, CURRENT), Unparseable)


def test_binary_is_audio_but_for_nothing_and_for_controls():
    assert parse_flux_binary(b"\0\1", CURRENT) == Audio(b"\0\1")
    assert parse_flux_binary(b"", CURRENT) == CloseStream()
    control = json.dumps(WHOLE).encode()
    assert isinstance(parse_flux_binary(control, CURRENT), Configure)
    assert is_misframed(control, CURRENT)


@pytest.mark.parametrize("data", [b'{"type":"KeepAlive"}', b"{\xff}", b"{}"])
def test_binary_that_only_looks_like_a_control_is_audio(data):
    assert parse_flux_binary(data, CURRENT) == Audio(data)
    assert not is_misframed(data, CURRENT)


def test_an_event_is_reported_in_full():
    assert turn_info(ENDED, details=True, hints=("en", "hi")) == {
        "type": "TurnInfo",
        "event": "EndOfTurn",
        "turn_index": 3,
        "audio_window_start": 4.2,
        "audio_window_end": 6.8,
        "transcript": "Turn it.",
        "words": [
            {"word": "Turn", "confidence": 0.97, "start": 4.3, "end": 4.5},
            {"word": "it.", "confidence": 1.0, "start": 4.5, "end": 4.6},
        ],
        "end_of_turn_confidence": 0.35,
        "trigger": "manual",
        "languages": ["en"],
        "languages_hinted": ["en", "hi"],
    }


def test_older_bundles_report_neither_trigger_nor_times_nor_languages():
    info = turn_info(ENDED, details=False, hints=None)
    assert not {"trigger", "languages", "languages_hinted"} & set(info)
    assert info["words"][0] == {"word": "Turn", "confidence": 0.97}


def test_a_fatal_error_says_what_could_not_be_parsed():
    assert fatal_error(Unparseable("{}", "missing field `type`")) == {
        "type": "Error",
        "code": "UNPARSABLE_CLIENT_MESSAGE",
        "description": "Could not deserialize last text message: missing field `type`",
    }
