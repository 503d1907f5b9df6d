# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
"""Reading the messages of a v1/listen container: field by field, and what is no message."""

import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipecat_sagemaker_deepgram.deepgram.messages import MalformedMessage, UnknownMessage
from pipecat_sagemaker_deepgram.deepgram.v1.messages import (
    Alternative,
    Metadata,
    NovaError,
    Results,
    SpeechStarted,
    UtteranceEnd,
    Word,
)
from pipecat_sagemaker_deepgram.deepgram.v1.parsing import parse_message

REQUEST_ID = "01a07aad-cb1e-78c3-80ef-181d08b56576"

INTERIM: dict[str, Any] = {
    "type": "Results",
    "channel_index": [0, 1],
    "duration": 1.0,
    "start": 2.5,
    "is_final": False,
    "speech_final": False,
    "channel": {
        "alternatives": [
            {
                "transcript": "Paris at a moment",
                "confidence": 0.97998047,
                "words": [
                    {
                        "word": "paris",
                        "start": 2.5,
                        "end": 2.89999998,
                        "confidence": 0.97265625,
                        "speaker": 0,
                        "punctuated_word": "Paris",
                    }
                ],
            }
        ]
    },
    "metadata": {
        "request_id": REQUEST_ID,
        "model_info": {"name": "general-nova-3", "version": "2025-04-17.21547", "arch": "nova-3"},
        "model_uuid": "40bd3654-e622-47c4-a111-63a61b23bfe8",
        "diarize_info": {"model_uuid": "6ff6f59c", "arch": "v1"},
    },
    "from_finalize": False,
}

EMPTY_FINAL: dict[str, Any] = {
    "type": "Results",
    "channel_index": [0, 1],
    "duration": 3.0,
    "start": 12.0,
    "is_final": True,
    "speech_final": True,
    "channel": {"alternatives": [{"transcript": "", "confidence": 0.0, "words": []}]},
    "metadata": {"request_id": REQUEST_ID},
    "from_finalize": True,
}


def changed(body: dict[str, Any], **fields: Any) -> dict[str, Any]:
    """A copy with some fields replaced; ``...`` leaves one out."""
    mixed = json.loads(json.dumps(body)) | fields
    return {name: value for name, value in mixed.items() if value is not ...}


def parse(body: Any) -> Any:
    return parse_message(json.dumps(body))[0]


# What a container says


def test_an_interim() -> None:
    assert parse(INTERIM) == Results(
        channel=0,
        channels=1,
        start=2.5,
        duration=1.0,
        is_final=False,
        speech_final=False,
        from_finalize=False,
        alternative=Alternative(
            transcript="Paris at a moment",
            words=(
                Word(
                    word="paris",
                    start=2.5,
                    end=2.89999998,
                    punctuated_word="Paris",
                    speaker=0,
                ),
            ),
            languages=(),
        ),
    )


def test_an_empty_final() -> None:
    results = parse(EMPTY_FINAL)
    assert isinstance(results, Results)
    assert (results.is_final, results.speech_final, results.from_finalize) == (True, True, True)
    assert results.end == 15.0
    assert results.alternative == Alternative("", (), ())


def test_each_channel_is_named() -> None:
    results = parse(changed(INTERIM, channel_index=[1, 2]))
    assert (results.channel, results.channels) == (1, 2)


def test_several_languages() -> None:
    word = {"word": "hola", "start": 0, "end": 0.4, "confidence": 0.9, "language": "es"}
    alternative = {"transcript": "hola", "confidence": 1, "words": [word], "languages": ["es"]}
    results = parse(changed(INTERIM, channel={"alternatives": [alternative]}))
    assert results.alternative.languages == ("es",)


def test_a_word_without_punctuation_stands_as_it_is() -> None:
    word = {"word": "hola", "start": 0, "end": 0.4, "confidence": 0.9}
    alternative = {"transcript": "hola", "confidence": 1, "words": [word]}
    results = parse(changed(INTERIM, channel={"alternatives": [alternative]}))
    assert results.alternative.words[0].text == "hola"
    assert results.alternative.words[0].speaker is None


def test_the_first_alternative_is_the_best() -> None:
    alternatives = [{"transcript": text, "confidence": 1, "words": []} for text in ("a", "b")]
    assert (
        parse(changed(INTERIM, channel={"alternatives": alternatives})).alternative.transcript
        == "a"
    )


@pytest.mark.parametrize("name", ["is_final", "speech_final", "from_finalize"])
def test_a_flag_that_is_left_out_is_not_set(name: str) -> None:
    assert getattr(parse(changed(EMPTY_FINAL, **{name: ...})), name) is False


@pytest.mark.parametrize(
    "fields",
    [{"metadata": ...}, {"metadata": None}, {"metadata": {}}, {"channel": {"alternatives": []}}],
)
def test_results_can_do_without(fields: dict[str, Any]) -> None:
    assert isinstance(parse(changed(INTERIM, **fields)), Results)


def test_the_last_message() -> None:
    body = {
        "type": "Metadata",
        "transaction_key": "deprecated",
        "request_id": "8c8ebea9",
        "sha256": "e3b0c442b855",
        "created": "2024-08-29T22:37:55.202Z",
        "duration": 25.933313,
        "channels": 1,
    }
    assert parse(body) == Metadata(duration=25.933313, sha256="e3b0c442b855")


def test_a_last_message_of_a_stream_without_audio() -> None:
    body = {"type": "Metadata", "request_id": "r", "duration": 0.0, "channels": 0}
    assert parse(body) == Metadata(duration=0.0, sha256=None)


def test_the_beginning_of_speech() -> None:
    body = {"type": "SpeechStarted", "channel": [0, 1], "timestamp": 9.54}
    assert parse(body) == SpeechStarted(timestamp=9.54)


@pytest.mark.parametrize("last_word_end", [2.395, -1])
def test_the_end_of_an_utterance(last_word_end: float) -> None:
    body = {"type": "UtteranceEnd", "channel": [1, 2], "last_word_end": last_word_end}
    assert parse(body) == UtteranceEnd(last_word_end=last_word_end)


@pytest.mark.parametrize(
    ("body", "variant", "description"),
    [
        (
            {
                "type": "Error",
                "variant": "SchemaError",
                "description": "unknown field `keyterm`",
                "message": "<original text>",
            },
            "SchemaError",
            "unknown field `keyterm`",
        ),
        (
            {"type": "Error", "code": "UNPARSABLE_CLIENT_MESSAGE", "description": "no `Configure`"},
            "UNPARSABLE_CLIENT_MESSAGE",
            "no `Configure`",
        ),
        ({"type": "Error", "message": "only this"}, "Error", "only this"),
        ({"type": "Error"}, "Error", ""),
        ({"error": "INTERNAL", "message": "no audio"}, "INTERNAL", "no audio"),
        ({"error": "Bad Request", "message": "no audio"}, "Error", "Bad Request: no audio"),
        ({"error": "Bad Request"}, "Error", "Bad Request"),
        ({"type": "Error", "variant": {"a": 1}, "description": "d"}, "Error", "{'a': 1}: d"),
    ],
)
def test_errors_of_every_form(body: dict[str, Any], variant: str, description: str) -> None:
    assert parse(body) == NovaError(variant, description)


# What a newer container may say


@pytest.mark.parametrize(
    "body",
    [
        INTERIM,
        EMPTY_FINAL,
        {"type": "Metadata", "request_id": "r"},
        {"type": "SpeechStarted", "channel": [0, 1], "timestamp": 1.0},
        {"type": "UtteranceEnd", "channel": [0, 1], "last_word_end": 1.0},
        {"type": "Error", "variant": "v", "description": "d"},
    ],
    ids=lambda body: body["type"],
)
def test_unknown_fields_change_nothing(body: dict[str, Any]) -> None:
    assert parse(changed(body, brand_new={"a": [1]})) == parse(body)


@pytest.mark.parametrize("kind", ["ConfigureSuccess", "TurnInfo", "Connected", "results"])
def test_an_unknown_message_is_kept(kind: str) -> None:
    body = {"type": kind, "request_id": "r"}
    assert parse_message(json.dumps(body)) == (UnknownMessage(kind), body)


def test_a_message_without_a_type_is_unknown() -> None:
    assert parse_message('{"a": 1}') == (UnknownMessage(""), {"a": 1})


def test_the_object_it_was_read_from_comes_with_it() -> None:
    assert parse_message(json.dumps(INTERIM))[1] == INTERIM


# What is no message


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b'{"type":"Results"}', "a binary message of 18 bytes"),
        (b"", "a binary message of 0 bytes"),
        ("", "0 characters that are not JSON"),
        ("{", "1 characters that are not JSON"),
        ("secret words", "12 characters that are not JSON"),
        ("[" * 100_000, "100000 characters that are not JSON"),
        ("1" * 5_000, "5000 characters that are not JSON"),
        ("[1]", "JSON that is not an object but list"),
        ("null", "JSON that is not an object but NoneType"),
        ('"text"', "JSON that is not an object but str"),
    ],
    ids=range(10),
)
def test_what_is_no_message_is_said_without_its_content(data: str | bytes, reason: str) -> None:
    assert parse_message(data) == (MalformedMessage(reason), {})


@pytest.mark.parametrize(
    ("fields", "channel"),
    [
        ({"channel_index": ...}, (0, 1)),
        ({"channel_index": None}, (0, 1)),
        ({"channel_index": 0}, (0, 1)),
        ({"channel_index": 2}, (2, 3)),
        ({"channel_index": "1"}, (1, 2)),
        ({"channel_index": [1]}, (1, 2)),
        ({"channel_index": [1, 3, 9]}, (1, 3)),
        ({"channel_index": ["1", 2.0]}, (1, 2)),
        ({"channel_index": "x"}, (0, 1)),
        ({"channel_index": {}}, (0, 1)),
        ({"channel_index": []}, (0, 1)),
        ({"channel_index": ["x", 2]}, (0, 1)),
    ],
    ids=str,
)
def test_a_channel_is_read_in_whatever_form_it_is_given(
    fields: dict[str, Any], channel: tuple[int, int]
) -> None:
    results = parse(changed(INTERIM, **fields))
    assert (results.channel, results.channels) == channel


def _heard(**fields: Any) -> dict[str, Any]:
    """Other fields of the best alternative, and of its word."""
    best = INTERIM["channel"]["alternatives"][0]
    word = best["words"][0] | fields.pop("word", {})
    return {"channel": {"alternatives": [best | {"words": [word]} | fields]}}


@pytest.mark.parametrize(
    "fields",
    [
        {"start": "2.5"},
        {"duration": "1"},
        {"is_final": "false", "speech_final": None, "from_finalize": 0},
        {"metadata": [1]},
        _heard(confidence="high"),
        _heard(confidence=None),
        _heard(languages=7),
        _heard(languages=[7]),
        _heard(word={"confidence": "low", "language": 7}),
        _heard(word={"start": "2.5"}),
        {"channel": {"alternatives": [*INTERIM["channel"]["alternatives"], "x", {"words": 7}]}},
    ],
    ids=str,
)
def test_a_field_that_is_odd_but_can_be_read_or_is_not_needed_drops_nothing(
    fields: dict[str, Any],
) -> None:
    body = changed(INTERIM, **fields)
    message, kept = parse_message(json.dumps(body))
    assert message == parse(INTERIM)
    assert kept == body


@pytest.mark.parametrize(
    "fields",
    [
        {"start": ...},
        {"start": None},
        {"start": "soon"},
        {"start": "nan"},
        {"start": "inf"},
        {"start": []},
        {"start": True},
        {"start": 10**15},
        {"start": 10**400},
        {"start": 1e300},
        {"duration": ...},
        {"duration": -1e300},
        {"channel": ...},
        {"channel": None},
        {"channel": []},
        {"channel": {}},
        {"channel": {"alternatives": {"transcript": "x"}}},
        {"channel": {"alternatives": ["x"]}},
        {"channel": {"alternatives": [{"transcript": ["x"]}]}},
    ],
    ids=str,
)
def test_results_with_an_unreadable_field_are_malformed(fields: dict[str, Any]) -> None:
    body = changed(INTERIM, **fields)
    message, kept = parse_message(json.dumps(body))
    assert isinstance(message, MalformedMessage)
    assert message.reason.startswith("a Results with an unreadable field")
    assert "Paris" not in message.reason
    assert json.dumps(kept) == json.dumps(body)


@pytest.mark.parametrize(
    "words", [[{}], "abc", 7, {"a": 1}, ["x"], [{"word": "a", "start": 0, "end": "x"}]], ids=str
)
def test_words_that_cannot_be_read_do_not_cost_the_text(words: Any) -> None:
    results = parse(changed(EMPTY_FINAL, **_heard(words=words)))
    assert results.alternative == Alternative("Paris at a moment")
    assert results.is_final


@pytest.mark.parametrize("odd", [{"speaker": {}}, {"speaker": 0.5}, {"punctuated_word": 7}])
def test_what_is_not_needed_of_a_word_does_not_cost_the_word(odd: dict[str, Any]) -> None:
    (word,) = parse(changed(INTERIM, **_heard(word=odd))).alternative.words
    assert word == Word("paris", 2.5, 2.89999998)


@pytest.mark.parametrize(("written", "text"), [(5550199, "5550199"), (None, ""), (2.5, "2.5")])
def test_a_transcript_of_digits_may_be_a_number(written: Any, text: str) -> None:
    assert parse(changed(INTERIM, **_heard(transcript=written))).alternative.transcript == text


def test_a_flag_that_is_not_needed_does_not_cost_the_text() -> None:
    odd = changed(EMPTY_FINAL, speech_final="soon", from_finalize=[1])
    results = parse(odd)
    assert (results.is_final, results.speech_final, results.from_finalize) == (True, False, False)


@pytest.mark.parametrize("odd", [{"duration": "x"}, {"sha256": 7}, {"duration": [], "sha256": {}}])
def test_the_last_message_is_one_whatever_it_says(odd: dict[str, Any]) -> None:
    assert parse({"type": "Metadata"} | odd) == Metadata(None, None)


@pytest.mark.parametrize("number", ["NaN", "Infinity", "-Infinity", "1e400", "1" * 5_000])
def test_what_json_has_no_number_for_makes_no_message(number: str) -> None:
    text = json.dumps(changed(INTERIM, start="@")).replace('"@"', number)
    message, kept = parse_message(text)
    assert message == MalformedMessage(f"{len(text)} characters that are not JSON")
    assert kept == {}


@pytest.mark.parametrize("depth", [500, 100_000])
def test_however_deep_a_message_is_nested_it_is_read_or_malformed(depth: int) -> None:
    nested = "[" * depth + "]" * depth
    message, _ = parse_message(json.dumps(changed(INTERIM, new="@")).replace('"@"', nested))
    assert isinstance(message, Results | MalformedMessage)


@pytest.mark.parametrize(
    "body",
    [
        {"type": "SpeechStarted"},
        {"type": "SpeechStarted", "channel": [0, 1]},
        {"type": "SpeechStarted", "channel": [0, 1], "timestamp": 1e300},
        {"type": "UtteranceEnd", "channel": [0, 1], "last_word_end": "x"},
    ],
    ids=str,
)
def test_other_messages_with_an_unreadable_field_are_malformed(body: dict[str, Any]) -> None:
    message = parse(body)
    assert isinstance(message, MalformedMessage)
    assert message.reason.startswith(f"a {body['type']} with")


@pytest.mark.parametrize("channel", [None, 0, [2], "x"])
def test_marks_of_speech_need_no_channel(channel: Any) -> None:
    body = {"type": "SpeechStarted", "channel": channel, "timestamp": "9.54"}
    assert parse(body) == SpeechStarted(timestamp=9.54)


TYPES = ["Results", "SpeechStarted", "UtteranceEnd", "Metadata", "Error", "TurnInfo"]
FIELDS = sorted(
    {"channel", "timestamp", "last_word_end", "sha256", "error", "variant", "alternatives", "words"}
    | set(INTERIM)
    | set(INTERIM["channel"]["alternatives"][0])
)
values = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(10**30), 10**30)
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(max_size=5),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.sampled_from(FIELDS) | st.text(max_size=3), inner, max_size=5)
    ),
    max_leaves=12,
)
bodies = st.builds(
    lambda kind, fields: {"type": kind} | fields,
    st.sampled_from(TYPES) | values,
    st.dictionaries(st.sampled_from(FIELDS), values, max_size=8),
)
damaged = st.builds(
    lambda fields: INTERIM | fields,
    st.dictionaries(st.sampled_from(sorted(INTERIM)), values, min_size=1, max_size=2),
)
quick = settings(max_examples=120, deadline=None, derandomize=True, database=None)


@given(data=st.text() | st.binary())
@quick
def test_no_text_and_no_bytes_make_it_raise(data: str | bytes) -> None:
    message, body = parse_message(data)
    assert isinstance(message, MalformedMessage | UnknownMessage | NovaError)
    assert isinstance(body, dict)


@given(value=values | bodies | damaged)
@quick
def test_no_json_makes_it_raise(value: Any) -> None:
    _, body = parse_message(json.dumps(value))
    assert json.dumps(body) == json.dumps(value if isinstance(value, dict) else {})


@given(value=bodies | damaged)
@quick
def test_what_is_read_has_numbers_that_can_be_reckoned_with(value: Any) -> None:
    message, _ = parse_message(json.dumps(value))
    if isinstance(message, Results):
        assert abs(message.end * 1_000_000) < float("inf")
