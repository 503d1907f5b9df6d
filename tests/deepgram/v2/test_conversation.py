# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
"""What follows from a session's records in a conversation with Flux."""

import json
from typing import Any

import pytest

from pipecat_sagemaker_deepgram.client.config import Target
from pipecat_sagemaker_deepgram.client.records import (
    ChangeRefused,
    Closed,
    Connected,
    Connecting,
    ControlSent,
    GivenUp,
    Lost,
    Message,
    SilenceSent,
    StreamChanged,
)
from pipecat_sagemaker_deepgram.client.session.timeline import StreamTimeline
from pipecat_sagemaker_deepgram.client.stream_protocol import Greeting, NewStream
from pipecat_sagemaker_deepgram.deepgram.controls import FORCE_END_TURN as FORCE_END_TURN_TEXT
from pipecat_sagemaker_deepgram.deepgram.steps import (
    Acknowledge,
    ChangeStream,
    LogLine,
    SendSilence,
    SendText,
    SettingsRefused,
)
from pipecat_sagemaker_deepgram.deepgram.v2.capabilities import (
    CONFIGURE,
    FORCE_END_TURN,
    UNPARSABLE,
    CapabilityCache,
    ContainerPlace,
)
from pipecat_sagemaker_deepgram.deepgram.v2.conversation import FluxConversation, FluxStep
from pipecat_sagemaker_deepgram.deepgram.v2.turn_events import (
    TurnEnded,
    TurnsSuspended,
    TurnStarted,
    TurnStillOpen,
)
from pipecat_sagemaker_deepgram.exceptions import (
    ModelUnavailableError,
    StreamError,
    StreamIdentity,
)

TARGET = Target(endpoint_name="e", region="r")
PLACE = ContainerPlace("e", "r")


class Talk:
    """A conversation whose first stream is up, and what followed."""

    def __init__(self, *, ends_turns: bool = False, knows: tuple[str, ...] = ()) -> None:
        self.settings: dict[str, Any] = {"model": "flux-general-en"}
        self.cache = CapabilityCache()
        for capability in knows:
            self.cache.learn(PLACE, capability, True, 0.0)
        self.conversation = FluxConversation(
            lambda: self.settings, capabilities=self.cache, ends_turns=ends_turns
        )
        self.now = 0.0
        self.steps: list[FluxStep] = []
        self.stream = 0
        self.greeting = self.connect()

    def connect(self, *, is_fresh: bool = True) -> Greeting:
        """Another stream comes up."""
        self.stream += 1
        self.take(Connecting(self.stream, TARGET))
        new = NewStream(number=self.stream, target=TARGET, is_fresh=is_fresh)
        greeting = self.conversation.protocol.greeting(new)
        self.take(Connected(self.stream, StreamIdentity(), 0.1, 0.0, False, greeting.text))
        return greeting

    def take(self, record: Any) -> list[FluxStep]:
        """A record comes; gives what follows."""
        followed = self.conversation.observe(record, self.now)
        self.steps += followed
        return followed

    def hear(self, **body: Any) -> list[FluxStep]:
        """A message comes; gives what follows."""
        protocol, timeline = self.conversation.protocol, StreamTimeline(bytes_per_second=32_000)
        data = json.dumps(body)
        value = protocol.in_session_time(protocol.new_reader()(data).value, timeline)
        return self.take(Message(data, value, self.stream, timeline))

    def turn(self, event: str, end: float, text: str, **fields: Any) -> list[FluxStep]:
        """A ``TurnInfo`` comes; gives what follows."""
        words = [{"word": word} for word in text.split()]
        body = {"type": "TurnInfo", "event": event, "turn_index": 0, "audio_window_end": end}
        return self.hear(**body, transcript=text, words=words, **fields)

    def speak(self, until: float) -> None:
        """Audio is given, and a turn is on."""
        self.conversation.audio_given(until, self.now)
        self.turn("StartOfTurn", until, "one")

    def ring(self) -> list[FluxStep]:
        """The next timer rings; gives what follows."""
        at = self.conversation.get_timer()
        assert at is not None
        self.now = at
        return self.conversation.handle_timer(at)

    def spend_silence(self) -> list[FluxStep]:
        """Silence is sent as long as it is asked for; gives what follows then."""
        while isinstance((steps := self.ring())[0], SendSilence):
            (silence,) = steps
            assert isinstance(silence, SendSilence)
            self.take(SilenceSent(self.stream, silence.seconds))
        return steps


def _ended(steps: list[FluxStep]) -> list[TurnEnded]:
    return [step for step in steps if isinstance(step, TurnEnded)]


# Turns


def test_a_turn_of_the_container_needs_no_command() -> None:
    talk = Talk()
    assert talk.turn("StartOfTurn", 1.0, "one") == [TurnStarted("one")]
    assert len(talk.turn("EndOfTurn", 1.5, "one")) == 1
    assert talk.conversation.get_timer() is None


def test_what_is_given_up_ends_the_turn_and_suspends_all() -> None:
    talk = Talk()
    talk.speak(1.0)
    answered, ended, suspended = talk.take(GivenUp(StreamError("refused"), 0.0))
    assert answered == Acknowledge(1.0)
    assert isinstance(ended, TurnEnded)
    assert not ended.is_committed
    assert suspended == TurnsSuspended()


def test_the_end_of_the_session_ends_the_turn_and_asks_for_nothing() -> None:
    talk = Talk()
    talk.speak(1.0)
    (ended,) = talk.take(Closed(0.0))
    assert isinstance(ended, TurnEnded)
    assert talk.take(Closed(0.0)) == []


def test_only_a_turn_that_is_on_is_proposed_again() -> None:
    talk = Talk()
    assert talk.conversation.unmuted("user", 0.0) == []
    talk.speak(1.0)
    assert talk.conversation.unmuted("user", 0.0) == [TurnStillOpen()]


def test_missing_messages_are_counted() -> None:
    talk = Talk()
    talk.hear(type="Connected", sequence_id=0)
    talk.hear(type="New", sequence_id=1)
    talk.turn("Update", 0.5, "", sequence_id=4)
    assert talk.conversation.gaps == 2


def test_settings_that_are_decided_here_count_at_once() -> None:
    talk = Talk()
    talk.settings |= {"min_confidence": 0.5, "eot_timeout_ms": 1000}
    assert talk.conversation.change_settings({"min_confidence": None}, 0.0) == []
    words = [{"word": "one", "confidence": 0.4}]
    body = {"type": "TurnInfo", "event": "StartOfTurn", "turn_index": 0, "audio_window_end": 1.0}
    assert talk.hear(**body, transcript="one", words=words) == []


# Turns that the application ends


def test_a_container_that_understands_it_is_asked_to_end_the_turn() -> None:
    talk = Talk(ends_turns=True, knows=(FORCE_END_TURN,))
    talk.speak(1.0)
    steps = talk.conversation.request_end(1.0, talk.now)
    assert steps == [SendText(FORCE_END_TURN_TEXT, kind=FORCE_END_TURN)]
    talk.take(ControlSent(talk.stream, FORCE_END_TURN))
    assert talk.turn("EndOfTurn", 1.0, "one", trigger="manual") == _ended(talk.steps)


def test_of_another_container_the_turn_is_ended_here_and_a_new_stream_goes_on() -> None:
    talk = Talk(ends_turns=True)
    talk.speak(1.0)
    assert talk.conversation.request_end(1.0, talk.now) == []
    *_, answered, handed_on, ended = talk.turn("Update", 1.0, "one")
    assert answered == Acknowledge(1.0)
    assert handed_on == ChangeStream("requested", within=0.0)
    assert isinstance(ended, TurnEnded)
    assert ended.is_committed


# Silence


def test_audio_that_stops_in_a_turn_is_replaced_by_silence_as_long_as_a_stream_takes_it() -> None:
    talk = Talk()
    talk.speak(1.0)
    asked = talk.ring()
    assert len(asked) == 1
    assert isinstance(asked[0], SendSilence)
    talk.take(SilenceSent(talk.stream, asked[0].seconds))
    (more,) = talk.ring()
    assert isinstance(more, SendSilence)
    assert more.seconds < asked[0].seconds
    assert talk.ring() == [], "no stream has taken it"


def test_a_container_that_does_not_listen_to_the_end_is_left_for_another() -> None:
    talk = Talk()
    talk.speak(1.0)
    talk.conversation.audio_given(1.0, talk.now)
    assert talk.spend_silence() == [ChangeStream("requested", within=0.0)]


def test_a_turn_that_silence_does_not_end_is_ended_here() -> None:
    talk = Talk()
    talk.speak(1.0)
    answered, ended = talk.spend_silence()
    assert answered == Acknowledge(1.0)
    assert isinstance(ended, TurnEnded)


# Settings and what the container understands


def test_the_query_of_a_stream_is_that_of_the_settings_of_then() -> None:
    talk = Talk()
    query = talk.conversation.protocol.query
    assert query() == "model=flux-general-en"
    talk.settings |= {"keyterm": ["a b"]}
    assert query() == "model=flux-general-en&keyterm=a%20b"


def test_a_new_stream_with_nothing_open_is_sent_first_what_it_may_die_of() -> None:
    talk = Talk(ends_turns=True)
    assert talk.greeting.text == FORCE_END_TURN_TEXT
    talk.hear(type="Warning", code="FORCE_END_TURN_NO_ACTIVE_TURN")
    assert talk.cache.recall(PLACE, FORCE_END_TURN, 0.0) is True
    assert talk.connect() == Greeting()


@pytest.mark.parametrize("is_fresh", [True, False])
def test_a_stream_that_has_to_hear_a_turn_again_is_not_tried_on(is_fresh: bool) -> None:
    talk = Talk(ends_turns=True)
    if is_fresh:
        talk.speak(1.0)
        talk.take(Lost(talk.stream, StreamError("reset")))
    assert talk.connect(is_fresh=is_fresh).text == ""


def test_a_container_that_closes_the_stream_over_it_is_known_from_then_on() -> None:
    talk = Talk(ends_turns=True)
    (line,) = talk.hear(type="Error", code=UNPARSABLE, description="unknown variant `Force`")
    assert line == LogLine("INFO", f"this container does not understand {FORCE_END_TURN}")
    assert talk.cache.recall(PLACE, FORCE_END_TURN, 0.0) is False
    assert talk.connect() == Greeting(forgets=(FORCE_END_TURN,))


def test_settings_go_in_the_stream_or_by_another_and_back_if_they_are_refused() -> None:
    talk = Talk(knows=(CONFIGURE,))
    talk.settings["eot_threshold"] = 0.8
    (sent,) = talk.conversation.change_settings({"eot_threshold": None}, talk.now)
    assert isinstance(sent, SendText)
    (refused,) = talk.hear(type="ConfigureFailure", code="C", description="too high")
    assert isinstance(refused, SettingsRefused)
    assert refused.previous == {"eot_threshold": None}
    talk.settings["redact"] = "numbers"
    steps = talk.conversation.change_settings({"redact": None}, talk.now)
    assert steps == [ChangeStream("settings")]
    cause = ModelUnavailableError("no", log_group="g")
    (refused,) = talk.take(ChangeRefused("settings", cause))
    assert refused == SettingsRefused({"redact": None}, cause)


def test_a_stream_that_has_taken_over_has_the_settings() -> None:
    talk = Talk()
    talk.settings["redact"] = "numbers"
    talk.conversation.change_settings({"redact": None}, talk.now)
    talk.stream += 1
    talk.take(Connecting(talk.stream, TARGET))
    assert talk.take(StreamChanged(talk.stream, "settings", 0.0)) == []


# What is only logged


@pytest.mark.parametrize(
    ("body", "level"),
    [
        ({"type": "Warning", "code": "W", "description": "of secret words"}, "DEBUG"),
        ({"type": "Warning", "code": "of secret words"}, "DEBUG"),
        ({"type": "New", "transcript": "secret words"}, "DEBUG"),
        ({"type": "secret words"}, "DEBUG"),
        ({"type": "TurnInfo", "event": "secret words"}, "DEBUG"),
        ({"type": "TurnInfo", "event": "Update", "transcript": "secret words"}, "WARNING"),
    ],
)
def test_a_line_in_the_log_quotes_nothing(body: dict[str, Any], level: str) -> None:
    line, *quotes = Talk().hear(**body)
    assert isinstance(line, LogLine)
    assert all(isinstance(each, LogLine) and each.level == "TRACE" for each in quotes)
    assert line.level == level
    assert "secret" not in line.text
