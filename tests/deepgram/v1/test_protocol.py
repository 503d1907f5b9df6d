# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
"""What v1/listen messages mean for the session."""

import json
from typing import Any

import pytest

from pipecat_sagemaker_deepgram.client import Reader, StreamProtocol
from pipecat_sagemaker_deepgram.client.session.timeline import StreamTimeline
from pipecat_sagemaker_deepgram.deepgram.controls import CLOSE_STREAM, FINALIZE
from pipecat_sagemaker_deepgram.deepgram.v1.messages import Results, parse_message
from pipecat_sagemaker_deepgram.deepgram.v1.protocol import in_session_time, nova_protocol


def _protocol(*, has_interims: bool = True) -> StreamProtocol:
    return nova_protocol(
        query=lambda: "model=nova-3",
        bytes_per_second=lambda: 32_000,
        frame_size=2,
        has_interims=lambda: has_interims,
    )


def _reader() -> Reader:
    return _protocol().new_reader()


def _results(
    end: float,
    text: str = "",
    *,
    start: float = 0.0,
    is_final: bool = False,
    channel: tuple[int, int] = (0, 1),
) -> str:
    words = [{"word": text, "start": start, "end": end, "confidence": 1.0}] if text else []
    best = {"transcript": text, "confidence": 1.0, "words": words}
    return json.dumps(
        {
            "type": "Results",
            "channel_index": channel,
            "start": start,
            "duration": end - start,
            "is_final": is_final,
            "channel": {"alternatives": [best]},
        }
    )


def test_a_final_acknowledges_to_its_end() -> None:
    assert _reader()(_results(3.0, "hello", is_final=True)).acknowledged_to == 3.0


def test_an_interim_with_text_acknowledges_nothing_new() -> None:
    read = _reader()
    read(_results(3.0, "hello", is_final=True))
    assert read(_results(5.0, "and", start=3.0)).acknowledged_to == 3.0


def test_an_empty_interim_acknowledges_to_a_second_before_its_end() -> None:
    read = _reader()
    assert read(_results(0.5)).acknowledged_to == 0.0
    assert read(_results(4.0)).acknowledged_to == 3.0


def test_an_acknowledgement_never_goes_back() -> None:
    read = _reader()
    read(_results(3.0, "hello", is_final=True))
    assert read(_results(3.2)).acknowledged_to == 3.0


def test_of_several_channels_the_least_is_acknowledged_once_all_were_heard() -> None:
    read = _reader()
    assert read(_results(3.0, "a", is_final=True, channel=(0, 2))).acknowledged_to is None
    assert read(_results(2.0, "b", is_final=True, channel=(1, 2))).acknowledged_to == 2.0
    assert read(_results(9.0, "c", is_final=True, channel=(0, 2))).acknowledged_to == 2.0
    assert read(_results(6.0, channel=(1, 2))).acknowledged_to == 5.0


def test_every_stream_begins_anew() -> None:
    protocol = _protocol()
    protocol.new_reader()(_results(9.0, "old", is_final=True))
    assert protocol.new_reader()(_results(1.0, "new", is_final=True)).acknowledged_to == 1.0


@pytest.mark.parametrize(
    ("message", "failure"),
    [
        ({"type": "Error", "variant": "SchemaError", "description": "what?"}, ""),
        (
            {"type": "Error", "variant": "TranscribeError", "description": "no engine"},
            "Deepgram reports TranscribeError: no engine",
        ),
        ({"type": "Error"}, "Deepgram reports Error: "),
        ({"error": "INTERNAL", "message": "broken"}, "Deepgram reports INTERNAL: broken"),
        ({"type": "Metadata", "sha256": "incomplete"}, "Deepgram ended the stream unfinished"),
        ({"type": "Metadata", "sha256": "1234"}, ""),
        ({"type": "Configured"}, ""),
    ],
    ids=lambda value: value.get("variant", "") if isinstance(value, dict) else None,
)
def test_every_error_but_a_misunderstood_message_is_a_failed_stream(
    message: dict[str, Any], failure: str
) -> None:
    assert _reader()(json.dumps(message)).failure == failure


def test_metadata_is_the_last_message() -> None:
    assert _reader()(json.dumps({"type": "Metadata", "sha256": "1234"})).is_last
    assert not _reader()(_results(1.0, is_final=True)).is_last


@pytest.mark.parametrize("data", [b"\x00", "", "[]", '{"type":"Results"}'])
def test_what_is_no_message_means_nothing_to_the_session(data: str | bytes) -> None:
    reading = _reader()(data)
    assert (reading.acknowledged_to, reading.failure, reading.is_last) == (None, "", False)


def test_without_interims_a_silent_stream_is_asked_for_a_sign_of_life() -> None:
    assert _protocol(has_interims=False).stall_probe() == FINALIZE
    assert _protocol().stall_probe() is None
    assert _protocol().close_payload == CLOSE_STREAM


# Session time


def _timeline() -> StreamTimeline:
    """A stream that was given the session's audio from 10 s on."""
    timeline = StreamTimeline(bytes_per_second=32_000)
    timeline.begin(320_000)
    timeline.add_audio(320_000, 160_000)
    return timeline


def test_results_and_their_message_move_to_session_time() -> None:
    message, body = parse_message(_results(3.0, "hello", start=1.0, is_final=True))
    moved, same = in_session_time(message, body, _timeline())
    assert isinstance(moved, Results)
    assert (moved.start, moved.end) == (11.0, 13.0)
    assert [(word.start, word.end) for word in moved.alternative.words] == [(11.0, 13.0)]
    assert same is body
    assert (body["start"], body["duration"]) == (11.0, 2.0)
    words = body["channel"]["alternatives"][0]["words"]
    assert [(word["start"], word["end"]) for word in words] == [(11.0, 13.0)]


@pytest.mark.parametrize(
    ("message", "field", "moved"),
    [
        ({"type": "SpeechStarted", "channel": [0, 1], "timestamp": 1.0}, "timestamp", 11.0),
        ({"type": "UtteranceEnd", "channel": [0, 1], "last_word_end": 2.0}, "last_word_end", 12.0),
        ({"type": "UtteranceEnd", "channel": [0, 1], "last_word_end": -1}, "last_word_end", -1),
    ],
)
def test_times_of_other_messages_move_too(
    message: dict[str, Any], field: str, moved: float
) -> None:
    _, body = in_session_time(*parse_message(json.dumps(message)), _timeline())
    assert body[field] == moved
