# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
"""What a session that speaks gives its streams, over losses."""

import json

from pipecat_sagemaker_deepgram.client.records import Connected, Lost, StreamChanged
from pipecat_sagemaker_deepgram.deepgram.speak.aura import AuraSpeech
from pipecat_sagemaker_deepgram.deepgram.speak.relay import SpeechRelay
from pipecat_sagemaker_deepgram.exceptions import SageMakerDeepgramError, StreamIdentity

from .test_aura import CLOSE, FLUSH, say

LOST = Lost(1, SageMakerDeepgramError("gone"))
AGAIN = Connected(2, StreamIdentity(), 0.1, 0.0, False)


def given(relay: SpeechRelay) -> list[str]:
    """All that the stream in use is given now, in short."""
    found: list[str] = []
    while (message := relay.next()) is not None:
        read = json.loads(message)
        found.append(read.get("text") or read["type"])
    return found


def test_text_waits_for_the_next_stream() -> None:
    relay = SpeechRelay(AuraSpeech())
    relay.say(say("one"))
    assert given(relay) == ["one"]
    relay.observe(LOST)
    relay.say(say("two"))
    assert given(relay) == []
    relay.observe(AGAIN)
    assert given(relay) == ["one", "two"]


def test_a_stream_that_takes_over_is_given_what_was_not_spoken() -> None:
    relay = SpeechRelay(AuraSpeech())
    relay.say(say("one"))
    given(relay)
    relay.observe(StreamChanged(2, "requested", 0.0))
    assert given(relay) == ["one"]


def test_two_losses_over_the_same_text_are_one_too_many() -> None:
    relay = SpeechRelay(AuraSpeech())
    relay.say(say("one"))
    given(relay)
    answers: list[bool] = []
    for _ in range(2):
        relay.observe(LOST)
        answers.append(relay.is_lost_for_good())
        relay.observe(AGAIN)
        given(relay)
    assert answers == [False, True]


def test_a_loss_over_nothing_does_not_count_for_the_text_that_follows() -> None:
    """As where the container has ended an idle stream."""
    relay = SpeechRelay(AuraSpeech())
    relay.observe(LOST)
    assert not relay.is_lost_for_good()
    relay.observe(AGAIN)
    relay.say(say("one"))
    given(relay)
    relay.observe(LOST)
    assert not relay.is_lost_for_good()


def test_it_is_done_when_all_before_the_close_is_spoken() -> None:
    relay = SpeechRelay(AuraSpeech())
    for message in (say("one"), FLUSH, CLOSE):
        relay.say(message)
    given(relay)
    assert relay.is_closing
    assert not relay.is_done
