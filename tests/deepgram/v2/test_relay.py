# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
"""What a session's streams say of turns reads as if one stream had said it."""

import json
from copy import deepcopy
from random import Random
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipecat_sagemaker_deepgram.client.records import (
    Closed,
    Connected,
    Lost,
    Message,
    Record,
)
from pipecat_sagemaker_deepgram.client.session.timeline import StreamTimeline
from pipecat_sagemaker_deepgram.deepgram.steps import Acknowledge
from pipecat_sagemaker_deepgram.deepgram.v2.messages import parse_flux_message
from pipecat_sagemaker_deepgram.deepgram.v2.protocol import in_session_time
from pipecat_sagemaker_deepgram.deepgram.v2.relay import FluxRelay
from pipecat_sagemaker_deepgram.deepgram.v2.turns import CONFIRM_MARGIN
from pipecat_sagemaker_deepgram.exceptions import StreamIdentity, StreamLostError

from .flux_container import Call, speech

RATE = 32_000


class Container:
    """One stream's messages, as they reach a relay."""

    def __init__(self, relay: FluxRelay, stream: int = 1, since: float = 0.0) -> None:
        self.relay = relay
        self.stream = stream
        self.timeline = StreamTimeline(bytes_per_second=RATE)
        self.timeline.begin_run(0, round(since * RATE), is_silence=False)
        self.numbers = 0
        connected = Connected(stream, StreamIdentity(), 0.0, 0.0, stream == 1)
        assert relay.observe(connected, 0.0) == []

    def say(self, message: dict[str, Any]) -> list[Any]:
        data = json.dumps(message | {"sequence_id": self.numbers})
        self.numbers += 1
        value = in_session_time(parse_flux_message(data), self.timeline)
        record = Message(data, value, self.stream, self.timeline)
        return read(self.relay.observe(record, 0.0))

    def turn(self, event: str, end: float, text: str = "", *, index: int = 0) -> list[Any]:
        """A word each tenth of a second, up to the end of the text."""
        texts = text.split()
        start = end - len(texts) / 10
        words = [
            {
                "word": word,
                "confidence": 0.9,
                "start": start + at / 10,
                "end": start + at / 10 + 0.1,
            }
            for at, word in enumerate(texts)
        ]
        info = {"type": "TurnInfo", "event": event, "turn_index": index, "words": words}
        times = {"audio_window_start": 0.0, "audio_window_end": end}
        return self.say(info | times | {"transcript": text, "end_of_turn_confidence": 0.5})


def read(steps: list[Any]) -> list[Any]:
    return [step if isinstance(step, Acknowledge) else dict(step) for step in steps]


def reported(messages: list[Any]) -> list[tuple[str, int, str]]:
    return [
        (each["event"], each["turn_index"], each["transcript"])
        for each in messages
        if isinstance(each, dict)
    ]


LOST = Lost(1, StreamLostError("lost"))


def test_what_one_stream_says_is_handed_on_as_it_is() -> None:
    stream = Container(FluxRelay())
    connected = {"type": "Connected", "request_id": "r"}
    assert stream.say(connected) == [connected | {"sequence_id": 0}]
    for number, (event, end, text) in enumerate(
        [
            ("Update", 0.5, ""),
            ("StartOfTurn", 1.0, "one"),
            ("Update", 1.2, "one two"),
            ("EagerEndOfTurn", 1.4, "one two"),
            ("TurnResumed", 1.6, "one two three"),
            ("Update", 1.8, "one two three"),
            ("EndOfTurn", 2.0, "one two three"),
        ],
        start=1,
    ):
        [message] = stream.turn(event, end, text)
        assert reported([message]) == [(event, 0, text)]
        assert message["sequence_id"] == number
        assert message["end_of_turn_confidence"] == 0.5
    assert reported(stream.turn("StartOfTurn", 3.0, "four", index=1)) == [
        ("StartOfTurn", 1, "four")
    ]


def test_a_turn_that_is_cut_goes_on() -> None:
    relay = FluxRelay()
    first = Container(relay)
    first.say({"type": "Connected", "request_id": "1"})
    first.turn("StartOfTurn", 1.0, "one")
    first.turn("EndOfTurn", 1.0, "one")
    first.turn("StartOfTurn", 3.0, "two three", index=1)
    assert relay.observe(LOST, 0.0) == []
    second = Container(relay, 2, since=2.0)
    assert second.say({"type": "Connected", "request_id": "2"}) == []
    assert second.turn("StartOfTurn", 0.9, "two") == []
    assert reported(second.turn("Update", 1.1, "two three four")) == [
        ("Update", 1, "two three four")
    ]
    [ended] = second.turn("EndOfTurn", 1.2, "two three four five")
    assert reported([ended]) == [("EndOfTurn", 1, "two three four five")]
    assert [word["word"] for word in ended["words"]] == ["two", "three", "four", "five"]
    assert reported(second.turn("StartOfTurn", 2.0, "six", index=1)) == [("StartOfTurn", 2, "six")]


def test_a_long_turn_is_put_together_of_two_streams() -> None:
    relay = FluxRelay()
    first = Container(relay)
    first.turn("StartOfTurn", 1.0, "one two three four")
    relay.observe(LOST, 0.0)
    # The stream that follows is given the turn from the middle of it.
    second = Container(relay, 2, since=0.8)
    [updated] = second.turn("Update", 0.4, "three four five six")
    assert updated["transcript"] == "one two three four five six"
    assert [word["word"] for word in updated["words"]] == updated["transcript"].split()
    assert [word["start"] for word in updated["words"]] == sorted(
        word["start"] for word in updated["words"]
    )
    [eager] = second.turn("EagerEndOfTurn", 0.5, "three four five six")
    assert eager["transcript"] == updated["transcript"]
    resumed = second.turn("TurnResumed", 0.6, "three four five six")
    assert reported(resumed) == [("TurnResumed", 0, "one two three four five six")]


def test_a_turn_that_no_stream_ends_is_ended_and_its_audio_let_go() -> None:
    relay = FluxRelay(eot_timeout=1.0)
    stream = Container(relay)
    stream.turn("StartOfTurn", 1.0, "one two")
    closed = read(relay.observe(Closed(lost_seconds=0.0), 0.0))
    assert closed[0] == Acknowledge(1.0)
    assert reported(closed) == [("EndOfTurn", 0, "one two")]


def test_a_turn_that_is_not_reported_again_ends_in_time() -> None:
    relay = FluxRelay(eot_timeout=1.0)
    Container(relay).turn("StartOfTurn", 1.0, "one")
    relay.observe(LOST, 0.0)
    Container(relay, 2, since=1.0)
    due = relay.get_timer()
    assert due is not None
    assert relay.handle_timer(due - 0.1) == []
    assert reported(read(relay.handle_timer(due))) == [("EndOfTurn", 0, "one")]


def test_what_only_the_session_is_concerned_with_is_kept_from_the_reader() -> None:
    stream = Container(FluxRelay())
    assert stream.say({"type": "Error", "code": "INTERNAL", "description": "d"}) == []
    assert stream.say({"type": "ConfigureSuccess", "thresholds": {}}) == []
    stream.relay.sent({"type": "Configure", "thresholds": {}})
    [answer] = stream.say({"type": "ConfigureSuccess", "thresholds": {}})
    assert answer["sequence_id"] == 0


def test_what_configure_has_set_goes_for_later_streams_and_turns() -> None:
    relay = FluxRelay(eot_timeout=5.0)
    first = Container(relay)
    relay.sent({"type": "Configure", "thresholds": {"eot_timeout_ms": 1000}})
    [_] = first.say({"type": "ConfigureSuccess"})
    assert relay.query("model=m") == "model=m&eot_timeout_ms=1000"
    first.turn("StartOfTurn", 1.0, "one")
    relay.observe(LOST, 0.0)
    Container(relay, 2, since=1.0)
    assert relay.get_timer() == 1.0 + CONFIRM_MARGIN
    assert relay.heard_to == 1.0


def test_a_message_of_the_owners_own_has_the_next_number() -> None:
    stream = Container(FluxRelay())
    stream.say({"type": "Connected", "request_id": "1"})
    assert stream.relay.numbered({"type": "Error"}) == {"type": "Error", "sequence_id": 1}
    assert stream.turn("Update", 0.5)[0]["sequence_id"] == 2


# Whatever happens


class RelayedCall(Call):
    """A call whose records a relay takes too."""

    def __init__(self, *arguments: Any, **options: Any) -> None:
        self.relay = FluxRelay()
        self.read: list[dict[str, Any]] = []
        super().__init__(*arguments, **options)

    def _observe(self, record: Record) -> None:
        self._hand_on(self.relay.observe(deepcopy(record), self.now))
        super()._observe(record)

    def wait(self, seconds: float) -> None:
        super().wait(seconds)
        self._hand_on(self.relay.handle_timer(self.now))

    def _hand_on(self, steps: list[Any]) -> None:
        self.read += [step for step in read(steps) if isinstance(step, dict)]


@pytest.mark.parametrize("is_timed", [True, False], ids=["timed", "untimed"])
@settings(max_examples=100, deadline=None, derandomize=True)
@given(seed=st.integers(0, 2**32), steps=st.lists(st.sampled_from(["listen", "cut"]), max_size=30))
def test_every_word_is_read_in_one_turn_and_turns_alternate(
    is_timed: bool, seed: int, steps: list[str]
) -> None:
    random = Random(seed)
    call = RelayedCall(
        random, speech(random, random.randrange(0, 30)), is_timed=is_timed, long_turn=30.0
    )
    for step in steps:
        for _ in range(random.randrange(1, 12) if step == "listen" else 1):
            getattr(call, step)()
    call.listen_to_the_end()
    ended = [message for message in call.read if message["event"] == "EndOfTurn"]
    assert " ".join(each["transcript"] for each in ended).split() == [w.text for w in call.words]
    for each in ended:
        assert [word["word"] for word in each["words"]] == each["transcript"].split()
    assert [each["sequence_id"] for each in call.read] == list(range(len(call.read)))
    bounds = [each for each in call.read if each["event"] in ("StartOfTurn", "EndOfTurn")]
    assert [(each["event"], each["turn_index"]) for each in bounds] == [
        (event, index) for index in range(len(ended)) for event in ("StartOfTurn", "EndOfTurn")
    ]
