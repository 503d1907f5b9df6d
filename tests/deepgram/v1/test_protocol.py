# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
"""What v1/listen messages mean for the session."""

import json
from typing import Any

import pytest

from pipecat_sagemaker_deepgram.client import Reader, StreamProtocol
from pipecat_sagemaker_deepgram.deepgram.controls import CLOSE_STREAM, FINALIZE
from pipecat_sagemaker_deepgram.deepgram.v1.protocol import nova_protocol


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
            "Deepgram reports TranscribeError",
        ),
        ({"type": "Error"}, "Deepgram reports Error"),
        ({"error": "INTERNAL", "message": "broken"}, "Deepgram reports INTERNAL"),
        ({"error": "it broke"}, "Deepgram reports Error"),
        ({"type": "Metadata", "sha256": "incomplete"}, "Deepgram ended the stream unfinished"),
        ({"type": "Metadata", "sha256": "1234"}, ""),
        ({"type": "Metadata", "duration": 3.0}, ""),
        ({"type": "Configured"}, ""),
    ],
    ids=lambda value: value.get("variant", "") if isinstance(value, dict) else None,
)
def test_every_error_but_a_misunderstood_message_is_a_failed_stream(
    message: dict[str, Any], failure: str
) -> None:
    reading = _reader()(json.dumps(message))
    assert reading.failure == failure
    said = message.get("description") or message.get("message") or ""
    assert reading.details == (said if failure else "") or "it broke" in reading.details


def test_metadata_is_the_last_message() -> None:
    assert _reader()(json.dumps({"type": "Metadata", "sha256": "1234"})).is_last
    assert not _reader()(_results(1.0, is_final=True)).is_last


@pytest.mark.parametrize("data", [b"\x00", "", "[]", '{"type":"Results"}'])
def test_what_is_no_message_means_nothing_to_the_session(data: str | bytes) -> None:
    reading = _reader()(data)
    assert (reading.acknowledged_to, reading.failure, reading.is_last) == (None, "", False)


def test_a_silent_stream_may_be_asked_for_a_sign_of_life() -> None:
    assert _protocol().stall_probe() == FINALIZE
    assert _protocol().close_payload == CLOSE_STREAM


def test_speech_is_answered_soon_only_where_there_are_interims() -> None:
    assert _protocol().answers_speech()
    assert not _protocol(has_interims=False).answers_speech()


# Positions, pauses, silence


def test_every_result_reports_how_far_was_listened() -> None:
    read = _reader()
    assert read(_results(3.0, "hello")).heard_to == 3.0
    assert read(_results(2.0, "hello", is_final=True)).heard_to == 3.0
    assert (
        read(json.dumps({"type": "SpeechStarted", "channel": [0, 1], "timestamp": 9.0})).heard_to
        is None
    )
    metadata = read(json.dumps({"type": "Metadata", "sha256": "1234", "duration": 4.5}))
    assert (metadata.heard_to, metadata.is_last) == (4.5, True)


def test_of_several_channels_the_one_furthest_behind_says_how_far_was_listened() -> None:
    read = _reader()
    assert read(_results(3.0, "a", channel=(0, 2))).heard_to == 0.0
    assert read(_results(2.0, "b", channel=(1, 2))).heard_to == 2.0
    assert read(_results(9.0, "b", channel=(1, 2))).heard_to == 3.0


def test_a_pause_is_well_behind_the_last_word_and_what_was_said_is_final() -> None:
    read = _reader()
    assert not read(_results(3.0, "hello")).is_idle
    assert not read(_results(3.0, "hello", is_final=True)).is_idle
    assert not read(_results(3.2, start=3.0)).is_idle
    assert read(_results(3.4, start=3.2)).is_idle
    assert not read(_results(5.0, "and", start=3.4)).is_idle


def test_a_pause_is_one_on_every_channel() -> None:
    read = _reader()
    assert not read(_results(3.0, channel=(0, 2))).is_idle
    assert read(_results(3.0, channel=(1, 2))).is_idle
    assert not read(_results(4.0, "b", channel=(1, 2))).is_idle
    assert not read(_results(5.0, channel=(0, 2))).is_idle


def test_an_empty_result_says_that_there_was_silence_unless_it_was_asked_for() -> None:
    read = _reader()
    assert read(_results(1.0)).is_silence
    assert not read(_results(2.0, "a")).is_silence
    asked = json.loads(_results(3.0, is_final=True)) | {"from_finalize": True}
    assert not read(json.dumps(asked)).is_silence
