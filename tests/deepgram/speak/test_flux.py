# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
"""What of a v2/speak session's turns is spoken, known from answers alone."""

import json
from typing import Any

from pipecat_sagemaker_deepgram.deepgram.speak.flux import FluxSpeech

FLUSH, CLOSE = '{"type":"Flush"}', '{"type":"Close"}'
RATE = 48_000
SECOND = bytes(RATE)


def say(text: str) -> str:
    return json.dumps({"type": "Speak", "text": text})


def interrupt(milliseconds: float) -> str:
    offset = {"type": "time_ms", "value": milliseconds}
    return json.dumps({"type": "Interrupt", "playback_offset": offset})


def speech_of(*messages: str) -> FluxSpeech:
    speech = FluxSpeech(bytes_per_second=RATE)
    for message in messages:
        speech.say(message)
    return speech


def given(speech: FluxSpeech) -> list[str]:
    found: list[str] = []
    while (message := speech.next()) is not None:
        read = json.loads(message)
        found.append(read.get("text") or read["type"])
    return found


def hear(speech: FluxSpeech, kind: str, **fields: Any) -> list[Any]:
    heard = speech.heard(json.dumps({"type": kind, **fields}))
    return [json.loads(each) for each in heard if isinstance(each, str)]


def test_a_turn_keeps_its_name_and_what_was_heard_of_it() -> None:
    speech = speech_of(say("one"), say("two"), FLUSH, say("three"), FLUSH)
    assert given(speech) == ["one", "two", "Flush", "three", "Flush"]
    assert hear(speech, "SpeechStarted", speech_id="a")
    speech.heard(b"abcd")
    assert hear(speech, "Flushed", speech_id="a")
    speech.lost()
    assert given(speech) == ["one", "two", "Flush", "three", "Flush"]
    assert hear(speech, "SpeechStarted", speech_id="b") == []
    assert speech.heard(b"abcdef") == [b"ef"]
    assert hear(speech, "Flushed", speech_id="b") == []
    [ended] = hear(speech, "SpeechMetadata", speech_id="b", audio_duration_ms=1)
    assert ended["speech_id"] == "a"
    speech.lost()
    assert given(speech) == ["three", "Flush"]
    assert hear(speech, "SpeechStarted", speech_id="c")[0]["speech_id"] == "c"


def test_an_interrupt_counts_from_where_the_stream_began() -> None:
    speech = speech_of(say("one"), FLUSH, say("two"), FLUSH)
    given(speech)
    speech.heard(SECOND)
    hear(speech, "SpeechMetadata", speech_id="a", audio_duration_ms=1000)
    speech.heard(SECOND)
    speech.say(interrupt(1500))
    assert json.loads(speech.next() or "")["playback_offset"]["value"] == 1500
    speech.lost()
    assert [speech.next() for _ in range(2)] == [say("two"), FLUSH]
    assert json.loads(speech.next() or "") == json.loads(interrupt(500))
    reported = hear(speech, "SpeechInterrupted", audio_played_ms=500, metadata={"speech_id": "b"})
    assert reported[0]["audio_played_ms"] == 500
    assert not speech.is_waiting
    speech.say(say("three"))
    speech.say(interrupt(900))
    assert speech.next() == say("three")
    assert json.loads(speech.next() or "") == {"type": "Interrupt"}


def test_the_totals_are_those_of_all_streams() -> None:
    speech = speech_of(say("one"), FLUSH)
    counts = {"input_character_count": 3, "billable_character_count": 2}
    hear(speech, "SpeechMetadata", speech_id="a", audio_duration_ms=700, **counts)
    speech.lost()
    speech.say(say("two"))
    speech.say(CLOSE)
    assert given(speech) == ["two", "Flush"]
    hear(speech, "SpeechMetadata", speech_id="b", audio_duration_ms=300, **counts)
    [total] = hear(speech, "SessionMetadata", total_audio_duration_ms=300)
    assert total == {
        "type": "SessionMetadata",
        "total_audio_duration_ms": 1000,
        "total_input_character_count": 6,
        "total_billable_character_count": 4,
    }


def test_what_was_configured_is_configured_again_and_answered_once() -> None:
    first, second = '{"type":"Configure","speed":1.1}', '{"type":"Configure","speed":9}'
    speech = speech_of(first, second)
    assert [speech.next(), speech.next()] == [first, second]
    assert hear(speech, "ConfigureSuccess", applied={"speed": 1.1})
    speech.lost()
    assert [speech.next(), speech.next(), speech.next()] == [first, second, None]
    assert hear(speech, "ConfigureSuccess", applied={"speed": 1.1}) == []
    assert hear(speech, "ConfigureFailure", code="SPEED_OUT_OF_RANGE")
    assert not speech.is_waiting
    speech.lost()
    assert [speech.next(), speech.next()] == [first, None]


def test_a_flush_without_a_turn_is_the_containers_to_refuse() -> None:
    speech = speech_of(FLUSH, '{"type":"Interrupt"}', CLOSE)
    assert given(speech) == ["Flush", "Interrupt"]
    assert not speech.is_waiting
    assert hear(speech, "Warning", code="NO_ACTIVE_SPEECH")
    assert not speech.has_unspoken


def test_what_is_reported_once_and_what_is_the_sessions() -> None:
    speech = speech_of()
    assert hear(speech, "Connected", request_id="1")
    assert hear(speech, "Connected", request_id="2") == []
    assert hear(speech, "Error", code="NET-0000") == []
    assert hear(speech, "SessionMetadata", total_audio_duration_ms=0)
