# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
"""The messages of v1/listen."""

import pytest

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
from pipecat_sagemaker_deepgram.container.v1.messages import (
    Envelope,
    Finalize,
    is_misframed,
    metadata,
    parse_binary,
    parse_text,
    results,
    schema_error,
    speech_started,
    utterance_end,
)

ENVELOPE = Envelope(
    "r-1", ModelInfo("general", "2025-04-17", "nova-3", "u-1"), channel=1, channels=2
)
SEGMENT = HeardSegment(
    start=1.5,
    end=2.75,
    words=(RecognizedWord("Hello,", 1.5, 1.9, 0.9), RecognizedWord("World.", 2.0, 2.7, 0.8)),
    is_final=True,
    speech_final=True,
)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ('{"type":"KeepAlive"}', KeepAlive()),
        ('{"type": "Finalize"}', Finalize()),
        ('{"type":"Finalize","channel":1}', Finalize(1)),
        ('{"type":"CloseStream"}', CloseStream()),
    ],
)
def test_controls_are_read(text, message):
    assert parse_text(text) == message


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("hello", "Expecting value"),
        ("[]", "expected an object"),
        ("{}", "missing field `type`"),
        ('{"type":"Configure"}', "unknown variant `Configure`, expected one of `Finalize`"),
        ('{"type":"Finalize","channel":"0"}', "field `channel`"),
        ('{"type":"Finalize","channel":true}', "field `channel`"),
    ],
)
def test_what_is_no_control_is_told_apart_with_its_problem(text, problem):
    message = parse_text(text)
    assert isinstance(message, Unparseable)
    assert problem in message.problem
    assert schema_error(message) == {
        "type": "Error",
        "variant": "SchemaError",
        "description": f"Could not deserialize last text message: {message.problem}",
        "message": text,
    }


def test_binary_is_audio():
    assert parse_binary(b"\x00\x01") == Audio(b"\x00\x01")
    assert not is_misframed(b"\x00\x01")


def test_an_empty_binary_frame_ends_the_stream():
    assert parse_binary(b"") == CloseStream()


def test_a_control_in_a_binary_frame_is_taken_as_text():
    assert parse_binary(b'{"type":"Finalize"}') == Finalize()
    assert is_misframed(b'{"type":"Finalize"}')


@pytest.mark.parametrize("data", [b'{"type":"Other"}', b"{ab}", b"{\xff\xfe}", b"{" * 300 + b"}"])
def test_audio_that_only_looks_like_json_stays_audio(data):
    assert parse_binary(data) == Audio(data)


def test_results_have_every_field():
    assert results(ENVELOPE, SEGMENT) == {
        "type": "Results",
        "channel_index": [1, 2],
        "duration": 1.25,
        "start": 1.5,
        "is_final": True,
        "speech_final": True,
        "channel": {
            "alternatives": [
                {
                    "transcript": "hello world",
                    "confidence": 0.85,
                    "words": [
                        {"word": "hello", "start": 1.5, "end": 1.9, "confidence": 0.9},
                        {"word": "world", "start": 2.0, "end": 2.7, "confidence": 0.8},
                    ],
                }
            ]
        },
        "metadata": {
            "request_id": "r-1",
            "model_info": {"name": "general", "version": "2025-04-17", "arch": "nova-3"},
            "model_uuid": "u-1",
        },
        "from_finalize": False,
    }


def test_punctuation_is_shown_where_asked():
    envelope = Envelope("r-1", ENVELOPE.model, punctuate=True)
    alternative = results(envelope, SEGMENT)["channel"]["alternatives"][0]
    assert alternative["transcript"] == "Hello, World."
    assert alternative["words"][0]["word"] == "hello"
    assert alternative["words"][0]["punctuated_word"] == "Hello,"


def test_empty_results_have_no_words_and_no_confidence():
    alternative = results(ENVELOPE, HeardSegment(3.0, 7.0, is_final=True))["channel"][
        "alternatives"
    ][0]
    assert alternative == {"transcript": "", "confidence": 0.0, "words": []}


def test_code_switching_names_the_language_of_each_word():
    envelope = Envelope("r-1", ENVELOPE.model, language="en")
    alternative = results(envelope, SEGMENT)["channel"]["alternatives"][0]
    assert alternative["languages"] == ["en"]
    assert [word["language"] for word in alternative["words"]] == ["en", "en"]


def test_events_name_their_channel():
    assert speech_started(ENVELOPE, 9.54) == {
        "type": "SpeechStarted",
        "channel": [1, 2],
        "timestamp": 9.54,
    }
    assert utterance_end(ENVELOPE, 2.395) == {
        "type": "UtteranceEnd",
        "channel": [1, 2],
        "last_word_end": 2.395,
    }


def test_metadata_counts_no_channels_without_audio():
    written = metadata(
        ENVELOPE, sha256="e3", created="2026-01-01T00:00:00Z", duration=0.0, extra={}
    )
    assert (written["type"], written["duration"], written["channels"]) == ("Metadata", 0.0, 0)
    assert written["model_info"]["u-1"]["arch"] == "nova-3"
    assert (written["transaction_key"], written["request_id"]) == ("deprecated", "r-1")
