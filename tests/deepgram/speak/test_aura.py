# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
"""What of a v1/speak session's text is spoken, known from answers alone."""

import json
from typing import Any

from pipecat_sagemaker_deepgram.deepgram.speak.aura import AuraSpeech

FLUSH, CLEAR, CLOSE = ('{"type":"Flush"}', '{"type":"Clear"}', '{"type":"Close"}')


def say(text: str) -> str:
    return json.dumps({"type": "Speak", "text": text})


def given(speech: AuraSpeech) -> list[str]:
    """All that the stream in use is given now, in short."""
    found: list[str] = []
    while (message := speech.next()) is not None:
        read = json.loads(message)
        found.append(read.get("text") or read["type"])
    return found


def hear(speech: AuraSpeech, kind: str, **fields: Any) -> list[Any]:
    heard = speech.heard(json.dumps({"type": kind, **fields}))
    return [json.loads(each) for each in heard if isinstance(each, str)]


def test_what_was_flushed_is_not_spoken_again() -> None:
    speech = AuraSpeech()
    for message in (say("one"), FLUSH, say("two"), FLUSH, say("three")):
        speech.say(message)
    assert given(speech) == ["one", "Flush", "two", "Flush", "three"]
    assert speech.heard(b"abcd") == [b"abcd"]
    assert hear(speech, "Flushed", sequence_id=0) == [{"type": "Flushed", "sequence_id": 0}]
    speech.heard(b"ef")
    speech.lost()
    assert given(speech) == ["two", "Flush", "three"]
    assert speech.heard(b"efgh") == [b"gh"]
    assert hear(speech, "Flushed", sequence_id=0) == [{"type": "Flushed", "sequence_id": 1}]
    assert not speech.is_waiting
    assert speech.has_unspoken


def test_audio_is_left_out_once_more_after_each_loss() -> None:
    speech = AuraSpeech()
    speech.say(say("one"))
    given(speech)
    speech.heard(b"abcdef")
    speech.lost()
    assert speech.heard(b"abcd") == []
    speech.lost()
    assert speech.heard(b"abcdefgh") == [b"gh"]
    assert speech.progress == 8


def test_what_was_cleared_is_given_up() -> None:
    speech = AuraSpeech()
    for message in (say("one"), FLUSH, CLEAR, say("two")):
        speech.say(message)
    speech.heard(b"ab")
    speech.lost()
    assert given(speech) == ["Clear", "two"]
    assert hear(speech, "Flushed", sequence_id=0)  # of before the Clear
    assert hear(speech, "Cleared", sequence_id=1) == [{"type": "Cleared", "sequence_id": 1}]
    assert speech.heard(b"xy") == [b"xy"]
    assert not speech.is_waiting


def test_the_close_flushes_what_is_left_and_hides_the_answer() -> None:
    speech = AuraSpeech()
    speech.say(say("one"))
    speech.say(CLOSE)
    assert given(speech) == ["one", "Flush"]
    assert speech.is_waiting
    assert hear(speech, "Flushed", sequence_id=0) == []
    assert not speech.has_unspoken
    speech.say(CLOSE)
    assert given(speech) == []


def test_a_flush_that_is_not_taken_is_not_waited_for() -> None:
    speech = AuraSpeech()
    for message in (say("one"), FLUSH, say("two"), FLUSH):
        speech.say(message)
    given(speech)
    assert hear(speech, "Warning", code="EXCESSIVE_FLUSH")
    assert hear(speech, "Flushed", sequence_id=0)
    assert not speech.is_waiting
    speech.lost()
    assert given(speech) == ["two"]


def test_metadata_comes_once_and_errors_are_the_sessions() -> None:
    speech = AuraSpeech()
    assert hear(speech, "Metadata", request_id="1")
    assert hear(speech, "Metadata", request_id="2") == []
    assert hear(speech, "Error", code="x") == []
    assert hear(speech, "Something", x=1) == [{"type": "Something", "x": 1}]


def test_a_message_that_is_not_known_is_given_once() -> None:
    speech = AuraSpeech()
    speech.say('{"type":"Something"}')
    speech.say("not JSON")
    assert speech.next() == '{"type":"Something"}'
    assert speech.next() == "not JSON"
    speech.lost()
    assert speech.next() is None
