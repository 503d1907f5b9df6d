# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
"""What a session's streams say reads as if one stream had said it."""

import json
from copy import deepcopy
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipecat_sagemaker_deepgram.client.config import Target
from pipecat_sagemaker_deepgram.client.records import Closed, Connecting, GivenUp, Message, Record
from pipecat_sagemaker_deepgram.client.session.timeline import StreamTimeline
from pipecat_sagemaker_deepgram.deepgram.steps import Acknowledge
from pipecat_sagemaker_deepgram.deepgram.v1.parsing import parse_message
from pipecat_sagemaker_deepgram.deepgram.v1.relay import NovaRelay
from pipecat_sagemaker_deepgram.deepgram.v1.steps import NovaStep
from pipecat_sagemaker_deepgram.exceptions import StreamLostError

from .nova_session import NovaSession, spoken
from .test_conversation_property import HAPPENING, hold, often

RATE = 32_000
CLOSED = Closed(lost_seconds=0.0)
GIVEN_UP = GivenUp(StreamLostError("lost"), 0.0)


def results(text: str, start: float, *, is_final: bool = False, **more: Any) -> dict[str, Any]:
    """A word each tenth of a second."""
    words = [
        {"word": word, "start": start + at / 10, "end": start + (at + 1) / 10, "confidence": 1.0}
        for at, word in enumerate(text.split())
    ]
    best = {"transcript": text, "confidence": 1.0, "words": words}
    return {
        "type": "Results",
        "channel_index": [0, 1],
        "start": start,
        "duration": max(0.1, len(words) / 10),
        "is_final": is_final,
        "channel": {"alternatives": [best]},
    } | more


class Reader:
    """Reads what a relay hands on."""

    def __init__(self) -> None:
        self.relay = NovaRelay()

    def hear(self, message: dict[str, Any] | str, *, stream: int = 1, since: float = 0.0):
        data = message if isinstance(message, str) else json.dumps(message)
        timeline = StreamTimeline(bytes_per_second=RATE)
        timeline.begin_run(0, round(since * RATE), is_silence=False)
        record = Message(data, parse_message(data), stream, timeline)
        return self.observe(record)

    def observe(self, record: Any) -> list[dict[str, Any]]:
        assert self.relay.get_timer() is None
        assert self.relay.handle_timer(0.0) == []
        steps = self.relay.observe(record, 0.0)
        return [dict(step) for step in steps if not isinstance(step, Acknowledge)]


def text(message: dict[str, Any]) -> str:
    best = message["channel"]["alternatives"][0]
    assert [word["word"] for word in best["words"]] == best["transcript"].split()
    return best["transcript"]


def test_what_one_stream_says_is_handed_on_as_it_is() -> None:
    reader = Reader()
    said = [
        {"type": "SpeechStarted", "channel": [0], "timestamp": 0.1},
        results("one", 0.0),
        results("one two", 0.0, is_final=True, from_a_newer_container={"a": 1}),
        {"type": "UtteranceEnd", "channel": [0], "last_word_end": 0.2},
        {"type": "SomethingNew", "x": [1, None]},
        {"type": "Results", "channel": "unreadable"},
    ]
    assert [reader.hear(message) for message in said] == [[message] for message in said]


def test_words_that_were_said_before_are_not_said_again() -> None:
    reader = Reader()
    reader.hear(results("one two", 0.0, is_final=True))
    [interim] = reader.hear(results("one two three", 0.0), stream=2)
    [final] = reader.hear(results("one two three", 0.0, is_final=True), stream=2)
    [again] = reader.hear(results("two three", 0.1, is_final=True), stream=3)
    assert [text(each) for each in (interim, final, again)] == ["three", "three", ""]
    assert final["is_final"]
    assert final["channel"]["alternatives"][0]["words"][0]["start"] == 0.2


def test_an_interim_of_a_replay_waits_until_it_has_come_as_far() -> None:
    reader = Reader()
    reader.hear(results("one two three", 0.0))
    assert reader.hear(results("one two", 0.0), stream=2) == []
    [interim] = reader.hear(results("one two three four", 0.0), stream=2)
    assert text(interim) == "one two three four"
    assert reader.relay.heard_to == 0.4


def test_the_times_of_finals_run_on() -> None:
    reader = Reader()
    reader.hear(results("one two", 0.0, is_final=True))
    [again] = reader.hear(results("two three", 0.1, is_final=True), stream=2)
    assert (text(again), again["start"]) == ("three", 0.2)
    assert again["start"] + again["duration"] == pytest.approx(0.3)


def test_an_answer_to_finalize_is_one_where_the_caller_has_asked() -> None:
    reader = Reader()
    answers = [
        results("", at / 10, is_final=True, from_finalize=True, channel_index=[at % 2, 2])
        for at in range(6)
    ]
    heard = [reader.hear(answer)[0]["from_finalize"] for answer in answers[:2]]
    reader.relay.sent({"type": "Finalize"})
    heard += [reader.hear(answer)[0]["from_finalize"] for answer in answers[2:4]]
    reader.relay.sent({"type": "Finalize", "channel": 1})
    heard += [reader.hear(answer)[0]["from_finalize"] for answer in answers[4:]]
    assert heard == [False, False, True, True, False, True]


def test_speech_that_was_heard_before_does_not_begin_again() -> None:
    reader = Reader()
    started = {"type": "SpeechStarted", "channel": [0, 2], "timestamp": 0.1}
    assert reader.hear(started)
    reader.hear(results("one two three", 0.0))
    assert reader.hear(started | {"timestamp": 0.2}, stream=2) == []
    assert reader.hear(started | {"timestamp": 0.2, "channel": [1, 2]}, stream=2)
    assert reader.hear(started | {"timestamp": 0.5}, stream=2)


def test_what_is_reported_of_the_same_moment_is_reported_once() -> None:
    reader = Reader()
    started = {"type": "SpeechStarted", "timestamp": 1.0}
    ended = {"type": "UtteranceEnd", "last_word_end": 2.0}
    for message in (started, ended):
        assert reader.hear(message) == [message]
        assert reader.hear(message) == [message]  # of another channel, say
        assert reader.hear(message, stream=2) == []
    assert reader.hear({"type": "UtteranceEnd", "last_word_end": -1})
    assert reader.hear({"type": "SpeechStarted", "timestamp": 3.0}, stream=2)


def test_metadata_comes_once_and_last_and_counts_the_session() -> None:
    reader = Reader()
    first = {"type": "Metadata", "request_id": "1", "duration": 1.0, "sha256": "incomplete"}
    second = {"type": "Metadata", "request_id": "2", "duration": 2.0, "sha256": "abc"}
    assert reader.hear(first) == []
    assert reader.hear(second, stream=2, since=5.0) == []
    assert reader.observe(CLOSED) == [second | {"duration": 7.0}]


def test_an_interim_without_a_final_stands_for_it() -> None:
    reader = Reader()
    reader.hear(results("one", 0.0, is_final=True))
    reader.hear(results("two three", 0.1))
    [promoted] = reader.observe(GIVEN_UP)
    assert text(promoted) == "two three"
    assert (promoted["is_final"], promoted["speech_final"]) == (True, True)
    assert "promoted" not in promoted
    assert reader.observe(CLOSED) == []


def test_what_only_the_session_is_concerned_with_is_kept_from_the_reader() -> None:
    reader = Reader()
    assert reader.hear({"type": "Error", "variant": "InternalError", "description": "d"}) == []
    assert reader.hear("not JSON") == []
    assert reader.observe(Connecting(1, Target(endpoint_name="e"))) == []
    schema = {"type": "Error", "variant": "SchemaError", "description": "d"}
    assert reader.hear(schema) == [schema]


# Whatever happens


class RelayedSession(NovaSession):
    """A session whose records a relay takes too."""

    def __post_init__(self) -> None:
        self.reader = Reader()
        self.read: list[dict[str, Any]] = []
        super().__post_init__()

    def record(self, record: Record) -> list[NovaStep]:
        self.read += self.reader.observe(deepcopy(record))
        return super().record(record)

    def words_read(self, channel: int) -> list[str]:
        return [
            word
            for message in self.read
            if message["type"] == "Results" and message["is_final"]
            if message["channel_index"][0] == channel
            for word in text(message).split()
        ]


@given(happenings=st.lists(HAPPENING, min_size=20, max_size=60), channels=st.integers(1, 2))
@often
def test_every_word_is_read_once_and_in_order(
    happenings: list[tuple[str, Any]], channels: int
) -> None:
    session = RelayedSession(channels=channels)
    hold(session, happenings)
    session.connect()
    for channel in range(channels):
        session.final(channel)
    session.message({"type": "Metadata", "sha256": "1234", "duration": session.given})
    session.close()
    for channel in range(channels):
        assert session.words_read(channel) == spoken(0.0, session.given)
    assert [message["type"] for message in session.read].count("Metadata") == 1
