# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
"""The state machine of turns."""

from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipecat_sagemaker_deepgram.container.recognizers.recognizer import Hearing, RecognizedWord
from pipecat_sagemaker_deepgram.container.v2.turns import (
    Thresholds,
    TurnDetector,
    TurnEvent,
    transcript,
)

EAGER = Thresholds(end=0.7, eager=0.4)


def said(text: str) -> tuple[RecognizedWord, ...]:
    return tuple(RecognizedWord(word, i, i + 1) for i, word in enumerate(text.split()))


def reported(events: list[TurnEvent]) -> list[tuple[str, str]]:
    return [(event.name, event.transcript) for event in events]


class Talk:
    """A detector that is told of 0.1 s of audio at a time."""

    def __init__(self, thresholds: Thresholds | None = None) -> None:
        self.detector = TurnDetector(thresholds or Thresholds())
        self._steps = 0

    def hear(
        self, text: str, confidence: float = 0.0, *, silence: float = 0.0
    ) -> list[tuple[str, str]]:
        self._steps += 1
        hearing = Hearing(self._steps / 10, said(text), silence, confidence)
        return reported(self.detector.hear(hearing))


def test_without_speech_there_is_an_empty_update_every_quarter_of_a_second():
    detector = TurnDetector(Thresholds())
    found = [event for i in range(1, 201) for event in detector.hear(Hearing(i / 100))]
    assert [event.window_end for event in found] == [0.25, 0.5, 0.75, 1.0, 1.25, 1.5, 1.75, 2.0]
    assert {(event.name, event.transcript) for event in found} == {("Update", "")}


def test_a_turn_starts_with_its_first_word_and_ends_with_confidence():
    talk = Talk()
    assert talk.hear("") == []
    assert talk.hear("hi") == [("StartOfTurn", "hi")]
    assert talk.hear("hi there", 0.69) == []
    assert talk.hear("hi there", 0.7) == [("EndOfTurn", "hi there")]


def test_a_change_of_state_takes_the_place_of_an_update():
    detector = TurnDetector(Thresholds())
    events = [e for i in range(1, 60) for e in detector.hear(Hearing(i / 100, said("hi")))]
    assert [(e.name, e.window_end) for e in events] == [
        ("StartOfTurn", 0.01),
        ("Update", 0.26),
        ("Update", 0.51),
    ]


def test_the_lifecycle_of_the_documentation():
    talk = Talk(Thresholds(end=0.7, eager=0.3))
    assert talk.hear("Hi I", 0.1) == [("StartOfTurn", "Hi I")]
    assert talk.hear("Hi I cancel.", 0.3, silence=0.1) == [("EagerEndOfTurn", "Hi I cancel.")]
    assert talk.hear("Hi I cancel please", 0.1) == [("TurnResumed", "Hi I cancel please")]
    assert talk.hear("Hi I cancel please.", 0.3, silence=0.1) == [
        ("EagerEndOfTurn", "Hi I cancel please.")
    ]
    assert talk.hear("Hi I cancel please.", 0.7, silence=0.2) == [
        ("EndOfTurn", "Hi I cancel please.")
    ]


def test_speech_after_an_eager_end_resumes_the_turn_before_its_words_are_known():
    talk = Talk(EAGER)
    talk.hear("a")
    talk.hear("a", 0.5, silence=0.3)
    assert talk.hear("a", 0.0, silence=0.0) == [("TurnResumed", "a")]


def test_words_that_came_late_resume_an_eager_turn_before_it_ends():
    talk = Talk(EAGER)
    talk.hear("a")
    talk.hear("a", 0.5, silence=0.3)
    assert talk.hear("a b", 0.9, silence=0.4) == [
        ("TurnResumed", "a b"),
        ("EagerEndOfTurn", "a b"),
        ("EndOfTurn", "a b"),
    ]


def test_a_certain_end_is_reported_eagerly_first_where_that_is_asked():
    talk = Talk(EAGER)
    talk.hear("a")
    assert talk.hear("a", 0.9) == [("EagerEndOfTurn", "a"), ("EndOfTurn", "a")]


@pytest.mark.parametrize("eager", [None, 0.9])
def test_silence_of_the_timeout_ends_a_turn_whatever_the_confidence(eager):
    talk = Talk(Thresholds(end=0.9, eager=eager, timeout=0.5))
    talk.hear("a")
    assert talk.hear("a", 0.2, silence=0.49) == []
    assert talk.hear("a", 0.2, silence=0.5) == [("EndOfTurn", "a")]


def test_speech_resets_the_timeout():
    talk = Talk(Thresholds(timeout=0.5))
    talk.hear("a")
    for silence in (0.4, 0.0, 0.4):
        assert all(name == "Update" for name, _ in talk.hear("a", silence=silence))


def test_the_trigger_shows_what_ended_a_turn():
    detector = TurnDetector(Thresholds(timeout=0.5))
    (model,) = detector.hear(Hearing(0.1, said("a"), 0.0, 0.9))[1:]
    (timeout,) = detector.hear(Hearing(0.2, said("b"), 0.5))[1:]
    detector.hear(Hearing(0.3, said("c")))
    (manual,) = detector.force_end()
    assert [e.trigger for e in (model, timeout, manual)] == ["model", "timeout", "manual"]
    assert [e.turn_index for e in (model, timeout, manual)] == [0, 1, 2]


def test_a_window_begins_where_the_turn_before_ended():
    detector = TurnDetector(Thresholds())
    detector.hear(Hearing(0.1, said("a"), 0.0, 0.9))
    (update,) = detector.hear(Hearing(0.4))
    assert (update.turn_index, update.window_start, update.window_end) == (1, 0.1, 0.4)


def test_forcing_an_end_first_reports_what_was_not_reported_yet():
    talk = Talk()
    talk.hear("a")
    talk.hear("a b")
    assert reported(talk.detector.force_end()) == [("Update", "a b"), ("EndOfTurn", "a b")]


def test_forcing_an_end_supersedes_an_eager_one_without_resuming():
    talk = Talk(EAGER)
    talk.hear("a")
    talk.hear("a", 0.5, silence=0.2)
    assert reported(talk.detector.force_end()) == [("EndOfTurn", "a")]


def test_without_a_turn_nothing_can_be_forced():
    talk = Talk()
    talk.hear("")
    assert talk.detector.force_end() == []
    talk.hear("a", 0.9)
    assert talk.detector.force_end() == []


def test_new_thresholds_hold_from_the_next_hearing_on():
    talk = Talk()
    talk.hear("a", 0.6)
    talk.detector.thresholds = Thresholds(end=0.6)
    assert talk.hear("a", 0.6) == [("EndOfTurn", "a")]


def test_words_that_vanish_are_kept_while_a_turn_is_open():
    talk = Talk()
    talk.hear("a")
    assert talk.hear("", 0.9) == [("EndOfTurn", "a")]


def test_catching_up_reports_what_was_heard_since_the_last_message():
    talk = Talk()
    talk.hear("a")
    assert talk.detector.catch_up() == []
    talk.hear("a b")
    assert reported(talk.detector.catch_up()) == [("Update", "a b")]
    assert talk.detector.catch_up() == []


def test_catching_up_reports_words_that_became_known_without_more_audio():
    talk = Talk()
    talk.hear("a")
    talk.detector.hear(Hearing(0.1, said("a b")))
    assert reported(talk.detector.catch_up()) == [("Update", "a b")]
    assert talk.detector.catch_up() == []


hearings = st.lists(
    st.tuples(
        st.integers(0, 3),
        st.sampled_from([0.0, 0.1, 0.3, 1.0]),
        st.sampled_from([0.0, 0.2, 0.4, 0.6, 0.9, 1.0]),
        st.sampled_from([None, Thresholds(), EAGER, Thresholds(end=1.0, timeout=0.5)]),
        st.booleans(),
    ),
    max_size=60,
)
NEXT = {
    "StartOfTurn": {"EagerEndOfTurn", "EndOfTurn"},
    "EagerEndOfTurn": {"TurnResumed", "EndOfTurn"},
    "TurnResumed": {"EagerEndOfTurn", "EndOfTurn"},
    "EndOfTurn": {"StartOfTurn"},
}


@settings(deadline=None)
@given(hearings)
def test_whatever_is_heard_the_events_follow_the_state_machine_and_lose_no_word(steps):
    """New words, any silence, any confidence, changed thresholds and forced ends, in any order."""
    detector = TurnDetector(Thresholds())
    events: list[TurnEvent] = []
    words: tuple[RecognizedWord, ...] = ()
    spoken = 0
    for i, (count, silence, confidence, thresholds, is_forced) in enumerate(steps):
        if thresholds:
            detector.thresholds = thresholds
        words += tuple(RecognizedWord(f"w{spoken + n}", i, i + 1) for n in range(count))
        spoken += count
        for found in (
            detector.hear(Hearing((i + 1) / 10, words, silence, confidence)),
            detector.force_end() if is_forced else [],
        ):
            events += found
            if any(event.name == "EndOfTurn" for event in found):
                words = ()
    states = [event.name for event in events if event.name != "Update"]
    assert states[:1] in ([], ["StartOfTurn"])
    assert all(after in NEXT[before] for before, after in pairwise(states))
    turns = [event.transcript for event in events if event.name == "EndOfTurn"]
    assert " ".join([*turns, transcript(words)]).split() == [f"w{n}" for n in range(spoken)]
