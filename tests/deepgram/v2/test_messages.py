# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
"""Messages of v2/listen, of every date."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipecat_sagemaker_deepgram.deepgram.v2.messages import (
    ConfigureFailure,
    ConfigureSuccess,
    Connected,
    Error,
    FluxMessage,
    MalformedMessage,
    TurnInfo,
    TurnWord,
    UnknownMessage,
    Warning,
    parse_flux_message,
    shift_body,
)

TURN: dict[str, Any] = {
    "type": "TurnInfo",
    "request_id": "r",
    "sequence_id": 8,
    "event": "EndOfTurn",
    "turn_index": 3,
    "audio_window_start": 4.2,
    "audio_window_end": 6.8,
    "transcript": "Turn it off.",
    "words": [
        {"word": "Turn", "confidence": 0.9, "start": 4.5, "end": 4.75},
        {"word": "it", "confidence": 0.7, "start": 4.75, "end": 5.0},
        {"word": "off.", "confidence": 0.8, "start": 5.0, "end": 5.5},
    ],
    "end_of_turn_confidence": 0.35,
    "trigger": "manual",
    "languages": ["en", "xx"],
}


def _parse(**body: Any) -> FluxMessage:
    return parse_flux_message(json.dumps(body))[0]


def test_a_turn_of_a_new_container() -> None:
    info = _parse(**TURN)
    assert isinstance(info, TurnInfo)
    assert (info.event, info.turn_index, info.sequence_id) == ("EndOfTurn", 3, 8)
    assert (info.trigger, info.languages) == ("manual", ("en", "xx"))
    assert info.words[0] == TurnWord("Turn", 0.9, 4.5, 4.75)
    assert info.confidence == pytest.approx(0.8)
    assert info.is_timed
    assert info.text_end == 5.5


def test_a_turn_of_an_old_container() -> None:
    old = TURN | {"words": [{"word": "Turn", "confidence": "0.5"}]}
    for name in ("trigger", "languages", "audio_window_start"):
        del old[name]
    info = _parse(**old)
    assert isinstance(info, TurnInfo)
    assert info.confidence == 0.5
    assert not info.is_timed
    assert info.text_end == 6.8
    assert info.languages == ()


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ({"type": "Connected", "sequence_id": 0, "request_id": "r"}, Connected(0, "r")),
        ({"type": "ConfigureSuccess", "sequence_id": 9}, ConfigureSuccess(9)),
        (
            {"type": "ConfigureFailure", "sequence_id": 9, "code": "C", "description": "d"},
            ConfigureFailure(9, "C", "d"),
        ),
        ({"type": "Warning", "sequence_id": 1, "code": "W"}, Warning(1, "W", "")),
        ({"type": "Error", "code": "E", "description": "d"}, Error(None, "E", "d")),
        ({"type": "Error", "variant": "V", "message": "m"}, Error(None, "V", "m")),
        ({"error": "busy", "message": "m"}, Error(None, "busy", "m")),
        ({"type": "New", "sequence_id": 2}, UnknownMessage(2, "New")),
        (TURN | {"event": "New"}, UnknownMessage(8, "TurnInfo New")),
        (TURN | {"event": "Connected"}, Connected(8, "r")),
        ({"sequence_id": True}, UnknownMessage(None, "")),
    ],
)
def test_every_other_message(body: dict[str, Any], expected: FluxMessage) -> None:
    assert parse_flux_message(json.dumps(body)) == (expected, body)


@pytest.mark.parametrize(
    "data",
    [
        b"\x00",
        "no JSON",
        "[1]",
        json.dumps(TURN | {"turn_index": None}),
        json.dumps(TURN | {"audio_window_end": "later"}),
        json.dumps(TURN | {"audio_window_end": 1e300}),
        json.dumps(TURN | {"audio_window_start": ""}),
        json.dumps(TURN | {"words": [{"confidence": 1}]}),
        json.dumps(TURN | {"words": 3}),
    ],
)
def test_what_cannot_be_read_is_malformed(data: str | bytes) -> None:
    message, _ = parse_flux_message(data)
    assert isinstance(message, MalformedMessage)
    assert "Turn it off" not in message.reason


JSON = st.recursive(
    st.none() | st.booleans() | st.floats() | st.integers() | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    max_leaves=8,
)


@given(st.dictionaries(st.sampled_from([*TURN, "code"]), JSON))
def test_no_message_raises(body: dict[str, Any]) -> None:
    """Not as it is read, and a turn that was read not as its times are moved either."""
    kinds = ("TurnInfo", "Connected", "Error", "ConfigureFailure", "Warning")
    for kind in kinds:
        message, read = parse_flux_message(json.dumps(TURN | body | {"type": kind}))
        if isinstance(message, TurnInfo):
            shift_body(read, lambda at: at + 10.0)


def test_times_move_to_the_sessions_clock_in_message_and_body() -> None:
    message, body = parse_flux_message(json.dumps(TURN))
    assert isinstance(message, TurnInfo)
    moved = message.in_session_time(lambda at: at + 10.0)
    shifted = shift_body(body, lambda at: at + 10.0)
    assert (moved.audio_window_start, moved.audio_window_end) == (14.2, 16.8)
    assert (shifted["audio_window_start"], shifted["audio_window_end"]) == (14.2, 16.8)
    assert [word.start for word in moved.words] == [w["start"] for w in shifted["words"]]
    assert moved.words[2].end == shifted["words"][2]["end"] == 15.5


def test_a_time_that_is_null_stays_null_in_the_body() -> None:
    word = {"word": "Turn", "start": None, "end": None}
    told = TURN | {"audio_window_start": None, "words": [word]}
    message, body = parse_flux_message(json.dumps(told))
    assert isinstance(message, TurnInfo)
    assert message.audio_window_start == 0.0
    shifted = shift_body(body, lambda at: at + 10.0)
    assert (shifted["audio_window_start"], shifted["audio_window_end"]) == (None, 16.8)
    assert shifted["words"] == [word]
