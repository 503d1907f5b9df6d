# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
"""What a client of v2/listen is sent when streams change behind it."""

import json
from typing import Any

from pipecat_sagemaker_deepgram.client import Connected, Lost, Message, NewStream, StreamTimeline
from pipecat_sagemaker_deepgram.client.config import Target
from pipecat_sagemaker_deepgram.deepgram.v2.messages import parse_flux_message
from pipecat_sagemaker_deepgram.exceptions import StreamIdentity, StreamLostError
from pipecat_sagemaker_deepgram.gateway.query import read_flux_query
from pipecat_sagemaker_deepgram.gateway.streaming.audio import client_audio
from pipecat_sagemaker_deepgram.gateway.streaming.flux import FluxListenRelay
from pipecat_sagemaker_deepgram.gateway.streaming.relay import CloseNow, SendToClient, Step

QUERY = "model=flux-general-en&encoding=linear16&sample_rate=16000"
TARGET = Target(endpoint_name="endpoint", region="us-east-1")


def relay() -> FluxListenRelay:
    parameters = read_flux_query(QUERY)
    return FluxListenRelay(parameters, client_audio(parameters), request_id="ours")


def message(body: dict[str, Any], stream: int = 1) -> Message:
    text = json.dumps(body)
    return Message(text, parse_flux_message(text), stream, StreamTimeline(bytes_per_second=32_000))


def turn(event: str, text: str, end: float, index: int = 0) -> dict[str, Any]:
    """A turn whose words take a second each, the first from 0."""
    words = [
        {"word": word, "confidence": 0.9, "start": float(n), "end": n + 1.0}
        for n, word in enumerate(text.split())
    ]
    return {
        "type": "TurnInfo",
        "event": event,
        "turn_index": index,
        "audio_window_start": 0.0,
        "audio_window_end": end,
        "transcript": text,
        "words": words,
        "end_of_turn_confidence": 0.1,
    }


def said(steps: list[Step] | Any) -> list[dict[str, Any]]:
    return [json.loads(step.text) for step in steps if isinstance(step, SendToClient)]


def heard(relay: FluxListenRelay, body: dict[str, Any], stream: int = 1) -> list[dict[str, Any]]:
    return said(relay.observe(message(body, stream), 0.0))


def up(relay: FluxListenRelay, stream: int) -> None:
    """A stream comes up, as another one after the first."""
    if stream > 1:
        relay.observe(Lost(stream - 1, StreamLostError("lost")), 0.0)
    relay.observe(Connected(stream, StreamIdentity(), 0.1, 1.0, stream == 1), 0.0)


def test_a_turn_that_outlives_its_stream_is_one_turn():
    r = relay()
    up(r, 1)
    reported = heard(r, {"type": "Connected", "request_id": "theirs", "sequence_id": 0})
    reported += heard(r, turn("StartOfTurn", "a b", 2.0))
    up(r, 2)
    reported += heard(r, {"type": "Connected", "request_id": "others", "sequence_id": 0}, stream=2)
    reported += heard(r, turn("StartOfTurn", "a", 1.0), stream=2)
    reported += heard(r, turn("Update", "a b c", 3.0), stream=2)
    reported += heard(r, turn("EndOfTurn", "a b c", 4.0), stream=2)
    reported += heard(r, turn("Update", "", 5.0, index=1), stream=2)
    assert [m.get("event", m["type"]) for m in reported] == [
        "Connected", "StartOfTurn", "Update", "EndOfTurn", "Update",
    ]  # fmt: skip
    assert [m["sequence_id"] for m in reported] == list(range(5))
    assert [m["turn_index"] for m in reported[1:]] == [0, 0, 0, 1]
    assert {m["request_id"] for m in reported} == {"ours"}
    assert reported[3]["transcript"] == "a b c"
    assert [word["word"] for word in reported[3]["words"]] == ["a", "b", "c"]


def test_several_configures_that_nobody_answered_are_one_for_the_next_stream():
    r = relay()
    up(r, 1)
    r.take_text('{"type":"Configure","thresholds":{"eot_threshold":0.8},"keyterms":["a"]}')
    r.take_text('{"type":"Configure","thresholds":{"eot_timeout_ms":900},"keyterms":["b"]}')
    greeting = r.protocol.greeting(NewStream(number=2, target=TARGET, is_fresh=False))
    assert json.loads(greeting.text) == {
        "type": "Configure",
        "thresholds": {"eot_threshold": 0.8, "eot_timeout_ms": 900},
        "keyterms": ["b"],
    }
    answer = {
        "type": "ConfigureSuccess",
        "thresholds": {"eot_threshold": 0.8, "eot_timeout_ms": 900},
        "keyterms": ["b"],
        "sequence_id": 1,
    }
    assert len(heard(r, answer, stream=2)) == 2
    assert heard(r, answer, stream=2) == []
    changed = {"eot_threshold=0.8", "eot_timeout_ms=900", "keyterm=b"}
    assert set(r.protocol.query().split("&")) == {*QUERY.split("&"), *changed}
    later = r.protocol.greeting(NewStream(number=3, target=TARGET, is_fresh=False))
    assert later.text == ""
    assert later.forgets == ("Configure",)


def test_a_message_of_the_clients_that_the_endpoint_cannot_read_ends_the_stream():
    r = relay()
    up(r, 1)
    error = {"type": "Error", "code": "UNPARSABLE_CLIENT_MESSAGE", "description": "x"}
    assert r.observe(message(error), 0.0) == []
    r.take_text('{"type":"ForceEndTurn"}')
    reported, close = r.observe(message(error), 0.0)
    assert isinstance(reported, SendToClient)
    assert (json.loads(reported.text)["code"], close) == ("UNPARSABLE_CLIENT_MESSAGE", CloseNow())


def test_an_error_that_the_session_overcomes_is_not_reported_but_its_end_is():
    r = relay()
    up(r, 1)
    assert heard(r, {"type": "Error", "code": "INTERNAL_SERVER_ERROR", "description": "x"}) == []
    (error,) = said(r.fail())
    assert (error["type"], error["code"]) == ("Error", "INTERNAL_SERVER_ERROR")
    assert "request_id" not in error
