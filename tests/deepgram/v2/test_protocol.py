# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
"""What v2/listen messages mean for the session."""

import json
from typing import Any

import pytest

from pipecat_sagemaker_deepgram.client.session.timeline import StreamTimeline
from pipecat_sagemaker_deepgram.client.stream_protocol import Reading
from pipecat_sagemaker_deepgram.deepgram.v2.messages import TurnInfo
from pipecat_sagemaker_deepgram.deepgram.v2.protocol import (
    FluxReader,
    flux_protocol,
    in_session_time,
)
from pipecat_sagemaker_deepgram.deepgram.v2.turns import START_MARGIN


def _turn(event: str, end: float, text: str = "", **fields: Any) -> str:
    words = [{"word": word} for word in text.split()]
    body = {"type": "TurnInfo", "event": event, "turn_index": 0, "audio_window_end": end}
    return json.dumps(body | {"transcript": text, "words": words} | fields)


def _last(reader: FluxReader, *messages: str) -> Reading:
    return [reader.read(message) for message in messages][-1]


def test_the_container_is_ready_when_it_says_so() -> None:
    protocol = flux_protocol(
        query=lambda: "", bytes_per_second=lambda: 32_000, encode=bytes, long_turn=30.0
    )
    assert protocol.waits_for_ready
    assert protocol.new_reader()('{"type":"Connected","sequence_id":0}').is_ready


def test_nothing_is_ever_sent_that_flux_does_not_know() -> None:
    protocol = flux_protocol(
        query=lambda: "", bytes_per_second=lambda: 32_000, encode=bytes, long_turn=30.0
    )
    assert protocol.close_payload == '{"type":"CloseStream"}'
    assert protocol.stall_probe() is None
    assert protocol.keepalive is not None
    assert protocol.keepalive.text is None
    assert protocol.keepalive.interval == 10.0


def test_an_end_of_turn_answers_for_its_window() -> None:
    reading = _last(FluxReader(30.0), _turn("StartOfTurn", 1.0, "a"), _turn("EndOfTurn", 2.0, "a"))
    assert reading.acknowledged_to == 2.0
    assert reading.is_idle
    assert not reading.keeps_all


def test_without_a_turn_a_start_may_still_be_reported_late() -> None:
    reading = _last(FluxReader(30.0), _turn("Update", 5.0))
    assert reading.acknowledged_to == 5.0 - START_MARGIN
    assert reading.is_idle


@pytest.mark.parametrize("event", ["StartOfTurn", "Update", "EagerEndOfTurn", "TurnResumed"])
def test_an_open_turn_answers_for_nothing_and_is_replayed_whole(event: str) -> None:
    reading = _last(FluxReader(30.0), _turn("StartOfTurn", 1.0, "a"), _turn(event, 40.0, "a"))
    assert reading.acknowledged_to is None
    assert not reading.is_idle
    assert reading.keeps_all


def test_of_a_long_turn_the_words_far_back_are_taken_for_good() -> None:
    words = [{"word": f"w{at}", "start": at, "end": at + 0.5} for at in range(10)]
    text = " ".join(f"w{at}" for at in range(10))
    reading = _last(FluxReader(5.0), _turn("Update", 10.0, text, words=words))
    assert reading.acknowledged_to == 4.75
    assert reading.keeps_all


def test_of_a_long_turn_without_times_as_much_is_kept_as_a_replay_can_hold() -> None:
    reader = FluxReader(5.0, kept=60.0)
    assert _last(reader, _turn("Update", 60.0, "a b")).acknowledged_to is None
    assert _last(reader, _turn("Update", 70.0, "a b")).acknowledged_to == 10.0


def test_an_error_is_a_failure_that_names_it() -> None:
    error = '{"type":"Error","code":"INTERNAL_SERVER_ERROR","description":"d"}'
    reading = FluxReader(30.0).read(error)
    assert reading.failure == "Deepgram reports INTERNAL_SERVER_ERROR"
    assert reading.details == "d"


@pytest.mark.parametrize("kind", ["Warning", "ConfigureFailure", "New"])
def test_other_messages_leave_the_turn_as_it_is(kind: str) -> None:
    message = json.dumps({"type": kind, "code": "C", "description": "d"})
    reading = _last(FluxReader(30.0), _turn("StartOfTurn", 1.0, "a"), message)
    assert not reading.failure
    assert not reading.is_idle


def test_times_are_moved_to_the_sessions_clock() -> None:
    timeline = StreamTimeline(bytes_per_second=100)
    timeline.begin_run(0, 1000, is_silence=False)
    word = {"word": "a", "start": 0.5, "end": 1.0}
    reading = FluxReader(30.0).read(_turn("Update", 2.0, "a", words=[word]))
    assert reading.value[0].audio_window_end == 2.0
    info, body = in_session_time(reading.value, timeline)
    assert isinstance(info, TurnInfo)
    assert (info.audio_window_end, info.words[0].start, info.words[0].end) == (12.0, 10.5, 11.0)
    assert (body["audio_window_end"], body["words"][0]["start"]) == (12.0, 10.5)


def test_a_message_without_times_stays_as_it_is() -> None:
    reading = FluxReader(30.0).read('{"type":"Warning","code":"C"}')
    timeline = StreamTimeline(bytes_per_second=100)
    assert in_session_time(reading.value, timeline) == reading.value
