# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
"""What is known of the passages of a turn."""

from concurrent.futures import Future

from pipecat_sagemaker_deepgram.container.recognizers.moonshine.passage_reader import PassageReading
from pipecat_sagemaker_deepgram.container.recognizers.moonshine.segmenter import Passage
from pipecat_sagemaker_deepgram.container.recognizers.moonshine.turn_readings import TurnReadings

FIRST = Passage(0, 50, ((10, 40),), has_paused=True)
SECOND = Passage(60, 110, ((70, 100),), has_paused=True)


class Readings:
    """Readings whose readers answer when they are told to."""

    def __init__(self) -> None:
        self.turn = TurnReadings()
        self.asked: list[tuple[Passage, Future[PassageReading]]] = []

    def read(self, passage: Passage) -> "Future[PassageReading]":
        self.asked.append((passage, Future()))
        return self.asked[-1][1]

    def add(self, passage: Passage) -> "Readings":
        self.turn.add_reading(passage, self.read)
        return self

    def answer(self, text: str, probability: float | None = None, *, at: int = -1) -> "Readings":
        self.asked[at][1].set_result(PassageReading(text, probability))
        self.turn.collect()
        return self

    def glance(self, passage: Passage, text: str) -> "Readings":
        glance: Future[PassageReading] = Future()
        self.turn.add_glance(passage, glance)
        glance.set_result(PassageReading(text))
        self.turn.collect()
        return self

    def end_turn(self) -> "Readings":
        self.turn.end_turn(self.read)
        return self

    @property
    def text(self) -> str:
        return " ".join(word.text for word in self.turn.words)


def test_passages_are_put_together_in_their_order_whichever_is_read_first():
    readings = Readings().add(FIRST).add(SECOND)
    assert readings.answer("c d", at=1).text == "c d"
    assert readings.answer("a b", at=0).text == "a b c d"


def test_words_have_times_inside_what_was_voiced():
    words = Readings().add(FIRST).answer("a b").turn.words
    assert [(word.start, word.end) for word in words] == [(0.32, 0.8), (0.8, 1.28)]
    assert all(word.estimated for word in words)


def test_a_glance_holds_until_the_passage_is_read():
    readings = Readings().glance(Passage(0, 30, ((10, 30),)), "a")
    assert readings.add(FIRST).text == "a"
    assert readings.turn.unread_from == 50
    assert readings.answer("a b").text == "a b"
    assert readings.turn.unread_from is None


def test_an_empty_glance_changes_nothing():
    open_passage = Passage(0, 30, ((10, 30),))
    readings = Readings().glance(open_passage, "a").glance(open_passage, "")
    assert readings.text == "a"


def test_a_glance_that_comes_after_its_passage_ended_is_dropped():
    readings = Readings()
    late: Future[PassageReading] = Future()
    readings.turn.add_glance(Passage(0, 30, ((10, 30),)), late)
    readings.add(FIRST)
    assert late.cancelled()
    assert not readings.turn.is_glancing


def test_the_probability_is_that_of_the_latest_passage():
    readings = Readings().add(FIRST).answer("a", 0.9)
    assert readings.turn.end_probability == 0.9
    readings.add(SECOND)
    assert readings.turn.end_probability == 0.0
    assert readings.answer("b", 0.2).turn.end_probability == 0.2


def test_a_passage_without_words_is_forgotten():
    readings = Readings().add(FIRST).answer("", 0.5)
    assert readings.turn.begin is None
    assert readings.turn.end_probability == 0.5


def test_an_ended_turn_takes_what_was_read_and_leaves_what_was_not():
    readings = Readings().add(FIRST).add(SECOND).answer("a b", at=0).end_turn()
    assert readings.text == ""
    assert readings.turn.unread_from == 110
    assert readings.answer("c d", at=1).text == "c d"


def test_of_a_passage_reported_by_a_glance_only_the_rest_is_read_for_the_next_turn():
    readings = Readings().glance(Passage(0, 30, ((10, 30),)), "a").add(FIRST).end_turn()
    first, rest = readings.asked
    assert first[1].cancelled()
    assert rest[0] == Passage(30, 50, ((30, 40),), has_paused=True)
    assert readings.answer("b").text == "b"


def test_of_an_open_passage_reported_by_a_glance_only_the_rest_is_read_later():
    readings = Readings().glance(Passage(0, 30, ((10, 30),)), "a").end_turn()
    assert readings.text == ""
    readings.add(FIRST)
    assert readings.asked[0][0] == Passage(30, 50, ((30, 40),), has_paused=True)


def test_a_passage_that_was_told_whole_is_not_read_again():
    readings = Readings().glance(Passage(0, 42, ((10, 40),)), "a").end_turn().add(FIRST)
    assert readings.asked == []
    assert readings.turn.unread_from is None


def test_cancelling_asks_for_nothing_more():
    readings = Readings().add(FIRST)
    readings.turn.cancel()
    assert readings.asked[0][1].cancelled()
