# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
"""What a client of v1/listen is sent when streams change behind it."""

import json
from typing import Any

from pipecat_sagemaker_deepgram.client import Closed, Message, StreamTimeline
from pipecat_sagemaker_deepgram.deepgram.v1.parsing import parse_message
from pipecat_sagemaker_deepgram.gateway.query import read_nova_query
from pipecat_sagemaker_deepgram.gateway.streaming.audio import client_audio
from pipecat_sagemaker_deepgram.gateway.streaming.nova import NovaListenRelay
from pipecat_sagemaker_deepgram.gateway.streaming.relay import (
    AwaitResults,
    SendControl,
    SendToClient,
    Summary,
)

QUERY = "model=nova-3&encoding=linear16&sample_rate=16000&interim_results=true&vad_events=true"


def relay() -> NovaListenRelay:
    parameters = read_nova_query(QUERY)
    return NovaListenRelay(
        parameters, client_audio(parameters), request_id="ours", created="2026-01-01T00:00:00Z"
    )


def message(body: dict[str, Any], stream: int = 1) -> Message:
    text = json.dumps(body)
    return Message(text, parse_message(text), stream, StreamTimeline(bytes_per_second=32_000))


def results(words: str, start: float, end: float, **flags: Any) -> dict[str, Any]:
    """Results whose words are evenly spread over their time."""
    texts = words.split()
    step = (end - start) / max(1, len(texts))
    spread = [
        {"word": text, "start": start + n * step, "end": start + (n + 1) * step, "confidence": 1.0}
        for n, text in enumerate(texts)
    ]
    return {
        "type": "Results",
        "channel_index": [0, 1],
        "start": start,
        "duration": end - start,
        "is_final": False,
        "speech_final": False,
        "from_finalize": False,
        "channel": {"alternatives": [{"transcript": words, "confidence": 1.0, "words": spread}]},
        "metadata": {"request_id": "theirs"},
    } | flags


def heard(relay: NovaListenRelay, body: dict[str, Any], stream: int = 1) -> list[dict[str, Any]]:
    steps = relay.observe(message(body, stream), 0.0)
    return [json.loads(step.text) for step in steps if isinstance(step, SendToClient)]


def best(body: dict[str, Any]) -> tuple[str, list[str]]:
    alternative = body["channel"]["alternatives"][0]
    return alternative["transcript"], [word["word"] for word in alternative["words"]]


def test_a_message_is_handed_on_under_the_clients_own_id():
    (only,) = heard(relay(), results("a b", 0.0, 1.0))
    assert best(only) == ("a b", ["a", "b"])
    assert only["metadata"]["request_id"] == "ours"


def test_an_answer_to_finalize_comes_to_whoever_has_asked():
    r = relay()
    assert isinstance(r.take_text('{"type":"Finalize","channel":1}')[0], SendToClient)
    (unasked,) = heard(r, results("", 0.0, 1.0, is_final=True, from_finalize=True))
    assert not unasked["from_finalize"]
    assert r.take_text('{"type":"Finalize"}') == [SendControl('{"type":"Finalize"}', "Finalize")]
    (asked,) = heard(r, results("", 1.0, 2.0, is_final=True, from_finalize=True))
    assert asked["from_finalize"]


def test_an_interim_that_no_final_can_follow_becomes_one():
    r = relay()
    heard(r, results("a b", 0.0, 2.0))
    (step,) = r.observe(Closed(0.0), 0.0)
    assert isinstance(step, SendToClient)
    final = json.loads(step.text)
    assert (best(final)[0], final["is_final"], "promoted" in final) == ("a b", True, False)


def test_one_metadata_ends_a_stream_and_counts_all_of_it():
    r = relay()
    metadata = {"type": "Metadata", "request_id": "theirs", "sha256": "x", "duration": 1.0}
    assert heard(r, metadata | {"models": ["m"]}) == []
    assert heard(r, metadata | {"models": ["n"]}, stream=2) == []
    assert r.observe(Closed(0.0), 0.0) == []
    (step,) = r.finish(Summary(seconds=7.0, sha256="digest"))
    assert isinstance(step, SendToClient)
    last = json.loads(step.text)
    assert (last["duration"], last["sha256"], last["request_id"]) == (7.0, "digest", "ours")
    assert last["models"] == ["n"]


def test_an_error_that_the_session_overcomes_is_not_reported():
    r = relay()
    assert heard(r, {"type": "Error", "variant": "Internal", "description": "x"}) == []
    assert len(heard(r, {"type": "Error", "variant": "SchemaError", "description": "x"})) == 1


def test_what_a_client_says():
    r = relay()
    assert r.take_text('{"type":"KeepAlive"}') == []
    assert r.take_text('{"type":"CloseStream"}') == [AwaitResults()]
    for text in ("{", "[]", "{}", '{"type":"Configure"}', '{"type":"Finalize","channel":3}'):
        (step,) = r.take_text(text)
        assert isinstance(step, SendToClient)
        assert json.loads(step.text)["variant"] == "SchemaError"
    assert r.control_in(b'{"type":"CloseStream"}') == '{"type":"CloseStream"}'
    assert r.control_in(bytes(640)) is None
    assert r.control_in(b"{" + bytes(638) + b"}") is None
