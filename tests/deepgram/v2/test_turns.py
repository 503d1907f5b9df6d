# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
"""Turns over streams: folded, resumed, ended; nothing twice."""

import pytest

from pipecat_sagemaker_deepgram.deepgram.v2.end_request import ANSWER_TIMEOUT
from pipecat_sagemaker_deepgram.deepgram.v2.messages import TurnWord
from pipecat_sagemaker_deepgram.deepgram.v2.turns import CONFIRM_MARGIN

from .listener import Listener, timed

TEXT = "Hi I need to cancel my subscription"


def test_the_life_of_a_turn_as_deepgrams_documentation_describes_it() -> None:
    listener = Listener()
    listener.hear("Update", 0.5)
    listener.hear("StartOfTurn", 0.6, "Hi I")
    listener.hear("Update", 0.8, "Hi I need to")
    listener.hear("Update", 1.0, f"{TEXT}.")
    listener.hear("EagerEndOfTurn", 1.1, f"{TEXT}.")
    listener.hear("TurnResumed", 1.2, f"{TEXT} please")
    listener.hear("Update", 1.4, f"{TEXT} please.")
    listener.hear("EagerEndOfTurn", 1.5, f"{TEXT} please.")
    listener.hear("Update", 1.6, f"{TEXT} please.")
    listener.hear("EndOfTurn", 1.7, f"{TEXT} please.")
    assert listener.reported == [
        "start Hi I",
        "update Hi I need to",
        f"update {TEXT}.",
        f"eager {TEXT}.",
        "resume",
        f"update {TEXT} please.",
        f"eager {TEXT} please.",
        f"update {TEXT} please.",
        f"end {TEXT} please.",
    ]
    assert listener.ends[0].is_committed
    assert not listener.ends[0].is_ours
    assert not listener.machine.is_open


def test_turns_follow_each_other_by_their_index() -> None:
    listener = Listener()
    for index, text in enumerate(("one", "two")):
        listener.hear("StartOfTurn", 1.0 + index, text, turn_index=index)
        listener.hear("EndOfTurn", 1.5 + index, text, turn_index=index)
    assert listener.reported == ["start one", "end one", "start two", "end two"]


@pytest.mark.parametrize("event", ["Update", "EndOfTurn", "StartOfTurn"])
def test_a_message_of_a_turn_that_has_ended_is_stale(event: str) -> None:
    listener = Listener()
    listener.hear("StartOfTurn", 1.0, "one")
    listener.hear("EndOfTurn", 1.5, "one")
    listener.hear(event, 2.0, "one again")
    assert listener.reported == ["start one", "end one"]


def test_an_end_that_did_not_come_is_made_up_for() -> None:
    listener = Listener()
    listener.hear("StartOfTurn", 1.0, "one")
    listener.hear("StartOfTurn", 3.0, "two", turn_index=1, audio_window_start=2.0)
    assert listener.reported == ["start one", "end one", "start two"]
    assert not listener.ends[0].is_committed


def test_a_start_that_did_not_come_is_made_up_for() -> None:
    listener = Listener()
    listener.hear("Update", 1.0, "one")
    listener.hear("EndOfTurn", 1.5, "one")
    listener.hear("EndOfTurn", 3.0, "two", turn_index=1)
    assert listener.reported == ["start one", "update one", "end one", "start two", "end two"]


def test_a_turn_that_ends_without_text_ends_with_what_was_shown() -> None:
    listener = Listener()
    listener.hear("StartOfTurn", 1.0, "one")
    listener.hear("EndOfTurn", 1.5, "")
    assert listener.reported == ["start one", "end one"]


def test_a_turn_whose_words_the_container_takes_back_ends_without_any() -> None:
    listener = Listener()
    listener.hear("StartOfTurn", 1.0, "one")
    listener.hear("EagerEndOfTurn", 1.2, "one")
    listener.hear("EndOfTurn", 1.5, "", body={"transcript": ""})
    assert listener.reported == ["start one", "eager one", "resume", "end"]


def test_a_turn_that_is_taken_back_keeps_what_a_stream_before_has_heard() -> None:
    listener = Listener()
    listener.hear("StartOfTurn", 1.0, "one two", words=timed(("one", 0, 0.4), ("two", 0.5, 0.9)))
    listener.hear("Update", 1.5, "two", stream=2, begins_at=0.45, words=timed(("two", 0.5, 0.9)))
    listener.hear("EndOfTurn", 2.0, "", stream=2, begins_at=0.45, body={"transcript": ""})
    assert listener.ends[0].transcript == "one"


def test_a_turn_that_was_never_reported_is_not_reported_as_it_is_taken_back() -> None:
    listener = Listener(min_confidence=0.9)
    listener.hear("StartOfTurn", 1.0, "one", words=(TurnWord("one", 0.5),))
    listener.hear("EndOfTurn", 1.5, "", body={"transcript": ""})
    assert listener.reported == []


def test_an_end_without_any_text_is_no_turn() -> None:
    listener = Listener()
    listener.hear("EndOfTurn", 1.5, "")
    assert listener.reported == []


# A cut in the middle of a turn


def _cut(listener: Listener, *, replayed: float = 1.0) -> None:
    listener.machine.stream_lost()
    listener.machine.stream_began(2, replayed_seconds=replayed, now=listener.now)


def test_the_turn_of_a_lost_stream_goes_on_on_the_next_one() -> None:
    listener = Listener()
    listener.hear("StartOfTurn", 1.0, "one")
    listener.hear("Update", 1.5, "one two three")
    _cut(listener)
    listener.hear("Update", 0.7, "", stream=2)
    listener.hear("StartOfTurn", 1.0, "one", stream=2)
    listener.hear("Update", 1.25, "one two", stream=2)
    listener.hear("Update", 1.5, "one two three", stream=2)
    listener.hear("Update", 1.75, "one two three four", stream=2)
    listener.hear("EndOfTurn", 2.0, "one two three four", stream=2)
    assert listener.reported == [
        "start one",
        "update one two three",
        "update one two three",
        "update one two three four",
        "end one two three four",
    ]


def test_a_replay_that_splits_a_turn_makes_two_of_it() -> None:
    listener = Listener()
    listener.hear("StartOfTurn", 1.0, "one")
    listener.hear("Update", 1.5, "one two three")
    _cut(listener)
    listener.hear("StartOfTurn", 1.0, "one", stream=2)
    listener.hear("EndOfTurn", 1.2, "one", stream=2)
    listener.hear("StartOfTurn", 1.4, "two", stream=2, turn_index=1, audio_window_start=1.2)
    listener.hear("EndOfTurn", 1.8, "two three", stream=2, turn_index=1, audio_window_start=1.2)
    assert [event.transcript for event in listener.ends] == ["one", "two three"]


def _predicted(listener: Listener) -> None:
    listener.hear("StartOfTurn", 1.0, "one")
    listener.hear("EagerEndOfTurn", 1.5, "one two")
    _cut(listener)
    listener.hear("StartOfTurn", 1.0, "one", stream=2)


def test_a_prediction_that_the_next_stream_repeats_is_not_reported_again() -> None:
    listener = Listener()
    _predicted(listener)
    listener.hear("EagerEndOfTurn", 1.5, "one two", stream=2)
    listener.hear("EndOfTurn", 1.8, "one two", stream=2)
    assert listener.reported == ["start one", "eager one two", "end one two"]


def test_a_prediction_that_the_next_stream_does_not_share_is_withdrawn_once() -> None:
    listener = Listener()
    _predicted(listener)
    listener.hear("Update", 1.6, "one two three", stream=2)
    listener.hear("TurnResumed", 1.7, "one two three", stream=2)
    listener.hear("EagerEndOfTurn", 2.0, "one two three", stream=2)
    assert listener.reported == [
        "start one",
        "eager one two",
        "resume",
        "update one two three",
        "eager one two three",
    ]


def test_an_end_resolves_a_prediction_across_the_cut() -> None:
    listener = Listener()
    _predicted(listener)
    listener.hear("EndOfTurn", 1.8, "one two!", stream=2)
    assert listener.reported == ["start one", "eager one two", "end one two!"]


def test_a_turn_that_the_next_stream_does_not_report_ends_with_the_text_so_far() -> None:
    listener = Listener(eot_timeout=5.0)
    listener.hear("StartOfTurn", 1.0, "one")
    _cut(listener, replayed=1.0)
    listener.hear("Update", 2.0, "", stream=2)
    listener.wait(1.0 + 5.0 + CONFIRM_MARGIN - 0.01)
    assert listener.ends == []
    listener.wait(0.02)
    assert listener.reported == ["start one", "end one"]
    assert listener.ends[0].is_ours


def test_what_ended_unconfirmed_is_not_given_out_again() -> None:
    listener = Listener()
    listener.hear("StartOfTurn", 1.0, "one")
    listener.hear("Update", 1.5, "one two")
    _cut(listener)
    listener.wait(60.0)
    listener.hear("StartOfTurn", 1.4, "one two", stream=2)
    listener.hear("EndOfTurn", 2.0, "one two three", stream=2)
    assert listener.reported[2:] == ["end one two", "start three", "end three"]


def test_without_a_new_stream_nothing_is_decided() -> None:
    listener = Listener()
    listener.hear("StartOfTurn", 1.0, "one")
    _cut(listener)
    listener.machine.stream_lost()
    listener.wait(60.0)
    assert listener.ends == []


def test_of_a_long_turn_the_words_before_the_replay_are_kept() -> None:
    words = timed(("one", 1.0, 1.2), ("two", 1.3, 1.5), ("three", 1.6, 1.8))
    listener = Listener()
    listener.hear("StartOfTurn", 1.1, "one", words=words[:1])
    listener.hear("Update", 1.9, "one two three", words=words)
    _cut(listener)
    again = timed(("three", 1.6, 1.8), ("four", 1.9, 2.0))
    listener.hear("StartOfTurn", 1.8, "three", stream=2, begins_at=1.5, words=again[:1])
    listener.hear("EndOfTurn", 2.4, "three four", stream=2, begins_at=1.5, words=again)
    assert [event.transcript for event in listener.ends] == ["one two three four"]


# Turns that the application ends


def test_a_turn_ends_once_the_audio_before_the_request_was_listened_to() -> None:
    listener = Listener()
    listener.hear("StartOfTurn", 1.0, "one")
    listener.machine.request_end(1.5, listener.now, is_sent=False)
    listener.hear("Update", 1.25, "one two")
    assert listener.ends == []
    listener.hear("Update", 1.5, "one two three")
    assert listener.reported[-1] == "end one two three"
    assert listener.ends[0].is_committed
    assert listener.ends[0].is_ours


def test_of_the_same_turn_only_what_lies_beyond_is_reported() -> None:
    listener = Listener()
    listener.hear("StartOfTurn", 1.0, "one")
    listener.machine.request_end(1.0, listener.now, is_sent=False)
    listener.hear("Update", 1.25, "one two")
    listener.hear("Update", 1.5, "one two")
    listener.hear("Update", 1.75, "one two three")
    listener.hear("EndOfTurn", 2.0, "one two three")
    assert listener.reported[2:] == ["end one two", "start three", "update three", "end three"]


@pytest.mark.parametrize("is_sent", [True, False])
def test_a_request_that_nothing_answers_ends_the_turn_in_time(is_sent: bool) -> None:
    listener = Listener()
    listener.hear("StartOfTurn", 1.0, "one")
    listener.machine.request_end(1.5, listener.now, is_sent=is_sent)
    listener.machine.end_request_sent(listener.now)
    listener.wait(ANSWER_TIMEOUT)
    assert listener.reported == ["start one", "end one"]


def test_a_request_that_no_stream_has_taken_waits() -> None:
    listener = Listener()
    listener.hear("StartOfTurn", 1.0, "one")
    listener.machine.request_end(1.5, listener.now, is_sent=True)
    listener.wait(10 * ANSWER_TIMEOUT)
    assert listener.ends == []
    listener.machine.end_request_sent(listener.now)
    listener.wait(ANSWER_TIMEOUT)
    assert listener.reported == ["start one", "end one"]


@pytest.mark.parametrize("is_sent", [True, False])
def test_a_container_that_comes_on_towards_the_request_is_waited_for(is_sent: bool) -> None:
    listener = Listener()
    listener.hear("StartOfTurn", 1.0, "one")
    listener.machine.request_end(1.5, listener.now, is_sent=is_sent)
    listener.machine.end_request_sent(listener.now)
    for to in (1.1, 1.2, 1.3):
        listener.wait(0.9 * ANSWER_TIMEOUT)
        listener.hear("Update", to, "one two")
    assert listener.ends == []
    listener.wait(ANSWER_TIMEOUT)
    assert listener.reported[-1] == "end one two"


@pytest.mark.parametrize("is_sent", [True, False])
def test_in_an_outage_a_request_waits_for_the_next_stream_and_its_replay(is_sent: bool) -> None:
    listener = Listener()
    listener.hear("StartOfTurn", 1.0, "one")
    listener.machine.request_end(1.5, listener.now, is_sent=is_sent)
    listener.machine.end_request_sent(listener.now)
    listener.machine.stream_lost()
    listener.wait(10 * ANSWER_TIMEOUT)
    listener.machine.stream_began(2, replayed_seconds=1.0, now=listener.now)
    listener.wait(0.9 + ANSWER_TIMEOUT)
    assert listener.ends == []
    listener.wait(0.1)
    assert listener.reported == ["start one", "end one"]


def test_a_request_made_in_an_outage_waits_for_the_stream_and_its_replay() -> None:
    listener = Listener()
    listener.machine.stream_began(1, replayed_seconds=0.0, now=listener.now)
    listener.hear("StartOfTurn", 1.0, "one")
    listener.machine.stream_lost()
    listener.machine.request_end(1.5, listener.now, is_sent=False)
    listener.wait(10 * ANSWER_TIMEOUT)
    assert listener.ends == []
    listener.machine.stream_began(2, replayed_seconds=1.5, now=listener.now)
    listener.hear("StartOfTurn", 1.2, "one", stream=2)
    listener.hear("Update", 1.6, "one two", stream=2)
    assert listener.reported[-1] == "end one two"
    assert listener.ends[0].is_committed


def test_a_request_made_before_the_first_stream_is_up_waits_for_it() -> None:
    listener = Listener()
    listener.machine.request_end(1.5, listener.now, is_sent=False)
    listener.wait(10 * ANSWER_TIMEOUT)
    listener.machine.stream_began(1, replayed_seconds=0.0, now=listener.now)
    listener.hear("StartOfTurn", 1.0, "one")
    listener.hear("Update", 1.5, "one two")
    assert listener.reported[-1] == "end one two"


@pytest.mark.parametrize("words", [timed(("Yes.", 1.1, 1.4)), (TurnWord("Yes."),)])
def test_a_short_turn_that_is_reported_late_is_the_requests(words: tuple[TurnWord, ...]) -> None:
    listener = Listener()
    listener.machine.request_end(1.5, listener.now, is_sent=False)
    listener.hear("StartOfTurn", 1.75, "Yes.", words=words)
    assert listener.reported == ["start Yes.", "end Yes."]


def test_the_time_for_a_replay_is_not_cut_short_by_the_request_that_follows_it() -> None:
    listener = Listener()
    listener.hear("StartOfTurn", 1.0, "one")
    listener.machine.request_end(1.5, listener.now, is_sent=True)
    listener.machine.stream_lost()
    listener.machine.stream_began(2, replayed_seconds=3.0, now=listener.now)
    listener.machine.end_request_sent(listener.now)
    listener.wait(2.0 + ANSWER_TIMEOUT)
    assert listener.ends == []
    listener.wait(1.0)
    assert listener.reported == ["start one", "end one"]


def test_a_request_does_not_end_the_turn_that_follows() -> None:
    listener = Listener()
    listener.hear("StartOfTurn", 1.0, "one")
    listener.machine.request_end(1.5, listener.now, is_sent=True)
    listener.hear("EndOfTurn", 1.6, "one")
    listener.hear("StartOfTurn", 2.0, "two", turn_index=1)
    listener.wait(ANSWER_TIMEOUT)
    assert listener.reported == ["start one", "end one", "start two"]


# Confidence


def _sure(confidence: float, text: str = "one") -> tuple[TurnWord, ...]:
    return tuple(TurnWord(word, confidence) for word in text.split())


def test_a_turn_that_is_never_sure_enough_leaves_no_trace() -> None:
    listener = Listener(min_confidence=0.5)
    listener.hear("StartOfTurn", 1.0, "one", words=_sure(0.3))
    listener.hear("EagerEndOfTurn", 1.2, "one", words=_sure(0.3))
    assert listener.machine.is_open
    assert not listener.machine.is_shown
    listener.hear("EndOfTurn", 1.5, "one", words=_sure(0.4))
    assert listener.reported == []


def test_a_turn_that_was_sure_enough_once_is_told_to_its_end() -> None:
    listener = Listener(min_confidence=0.5)
    listener.hear("StartOfTurn", 1.0, "one", words=_sure(0.3))
    listener.hear("Update", 1.2, "one", words=_sure(0.5))
    listener.hear("Update", 1.4, "one", words=_sure(0.2))
    listener.hear("EndOfTurn", 1.5, "one", words=_sure(0.1))
    assert listener.reported == ["start one", "update one", "update one", "end one"]


def test_a_container_that_reports_no_confidence_is_believed() -> None:
    listener = Listener(min_confidence=0.9)
    listener.hear("StartOfTurn", 1.0, "one")
    assert listener.reported == ["start one"]
