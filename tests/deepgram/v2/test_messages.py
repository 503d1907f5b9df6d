# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
"""Messages of v2/listen, of every date."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipecat_sagemaker_deepgram.deepgram.messages import MalformedMessage, UnknownMessage
from pipecat_sagemaker_deepgram.deepgram.v2.messages import (
    ConfigureFailure,
    ConfigureSuccess,
    FluxConnected,
    FluxError,
    FluxMessage,
    FluxWarning,
    TurnInfo,
    TurnWord,
    parse_flux_message,
    sequence_id,
    write_times,
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
    assert (info.event, info.turn_index, sequence_id(TURN)) == ("EndOfTurn", 3, 8)
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
    ("body", "number", "expected"),
    [
        ({"type": "Connected", "sequence_id": 0, "request_id": "r"}, 0, FluxConnected("r")),
        ({"type": "ConfigureSuccess", "sequence_id": 9}, 9, ConfigureSuccess()),
        (
            {"type": "ConfigureFailure", "sequence_id": 9, "code": "C", "description": "d"},
            9,
            ConfigureFailure("C", "d"),
        ),
        ({"type": "Warning", "sequence_id": 1, "code": "W"}, 1, FluxWarning("W", "")),
        ({"type": "Error", "code": "E", "description": "d"}, None, FluxError("E", "d")),
        ({"type": "Error", "variant": "V", "message": "m"}, None, FluxError("V", "m")),
        ({"error": "busy", "message": "m"}, None, FluxError("busy", "m")),
        ({"type": "New", "sequence_id": 2}, 2, UnknownMessage("New")),
        (TURN | {"event": "New"}, 8, UnknownMessage("TurnInfo New")),
        (TURN | {"event": "Connected"}, 8, FluxConnected("r")),
        ({"sequence_id": True}, None, UnknownMessage("")),
    ],
)
def test_every_other_message(
    body: dict[str, Any], number: int | None, expected: FluxMessage
) -> None:
    assert parse_flux_message(json.dumps(body)) == (expected, body)
    assert sequence_id(body) == number


@pytest.mark.parametrize(
    "strange",
    [
        {"languages": [1]},
        {"languages": "en"},
        {"trigger": 3},
        {"end_of_turn_confidence": "sure"},
        {"words": [TURN["words"][0] | {"confidence": "high"}, *TURN["words"][1:]]},
    ],
)
def test_what_is_not_needed_costs_no_text(strange: dict[str, Any]) -> None:
    info = _parse(**TURN | strange)
    assert isinstance(info, TurnInfo)
    assert info.transcript == "Turn it off."
    assert info.is_timed
    assert info.text_end == 5.5


@pytest.mark.parametrize(
    "strange",
    [
        {"audio_window_start": ""},
        {"words": [{"confidence": 1}]},
        {"words": 3},
        {"words": [7]},
        {"transcript": 5550199},
    ],
    ids=str,
)
def test_what_cannot_be_read_beside_the_text_does_not_cost_it(strange: dict[str, Any]) -> None:
    body = TURN | strange
    info, kept = parse_flux_message(json.dumps(body))
    assert isinstance(info, TurnInfo)
    assert info.transcript == str(body["transcript"])
    assert (info.turn_index, info.words) == (TURN["turn_index"], ())
    write_times(kept, info.in_session_time(lambda time: time + 1.0))
    assert kept["audio_window_end"] == TURN["audio_window_end"] + 1.0


@pytest.mark.parametrize(
    "data",
    [
        b"\x00",
        "no JSON",
        "[1]",
        json.dumps(TURN | {"turn_index": None}),
        json.dumps(TURN | {"audio_window_end": "later"}),
        json.dumps(TURN | {"audio_window_end": 1e300}),
        json.dumps(TURN | {"event": None}),
        '{"type":"TurnInfo","event":"Update","turn_index":0,"audio_window_end":NaN}',
        '{"type":"TurnInfo","event":"Update","turn_index":0,"audio_window_end":"inf"}',
        '{"type":"TurnInfo","event":"Update","turn_index":0,"audio_window_end":1e400}',
        "[" * 100_000,
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
            write_times(read, message.in_session_time(lambda at: at + 10.0))


def test_times_move_to_the_sessions_clock_in_message_and_body() -> None:
    message, body = parse_flux_message(json.dumps(TURN))
    assert isinstance(message, TurnInfo)
    moved = message.in_session_time(lambda at: at + 10.0)
    write_times(shifted := body, moved)
    assert (moved.audio_window_start, moved.audio_window_end) == (14.2, 16.8)
    assert (shifted["audio_window_start"], shifted["audio_window_end"]) == (14.2, 16.8)
    assert [word.start for word in moved.words] == [w["start"] for w in shifted["words"]]
    assert moved.words[2].end == shifted["words"][2]["end"] == 15.5


def test_a_time_that_is_null_stays_null_in_the_body() -> None:
    word = {"word": "Turn", "start": None, "end": None}
    reported = TURN | {"audio_window_start": None, "words": [word]}
    message, body = parse_flux_message(json.dumps(reported))
    assert isinstance(message, TurnInfo)
    assert message.audio_window_start == 0.0
    write_times(shifted := body, message.in_session_time(lambda at: at + 10.0))
    assert (shifted["audio_window_start"], shifted["audio_window_end"]) == (None, 16.8)
    assert shifted["words"] == [word]
