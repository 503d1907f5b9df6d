# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
"""The audio ledger beside a naive one that knows the state of every single byte."""

from collections import Counter
from enum import Enum, auto

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from pipecat_sagemaker_deepgram.client.session.ledger import AudioRun

from .test_ledger import PLENTY, audio, control, make


class State(Enum):
    UNSENT = auto()
    SENT = auto()
    GONE = auto()
    """Acknowledged, or sent where nothing is kept for a replay."""
    DROPPED = auto()
    UNKEPT = auto()


KEPT = (State.UNSENT, State.SENT)


class LedgerMachine(RuleBasedStateMachine):
    """Compares the ledger with one that knows the state of every single byte."""

    @initialize(
        frame_size=st.sampled_from((1, 2, 4)),
        max_replay=st.sampled_from((0, 7, 40, PLENTY)),
        max_unsent=st.sampled_from((0, 5, 24, PLENTY)),
    )
    def begin(self, frame_size: int, max_replay: int, max_unsent: int) -> None:
        self.frame = frame_size
        self.max_replay = max_replay
        self.max_unsent = max_unsent
        self.ledger = make(
            frame_size=frame_size, max_replay_bytes=max_replay, max_unsent_bytes=max_unsent
        )
        self.bytes: list[State] = []
        self.acknowledged = 0
        self.marks: list[int] = []
        self.places: dict[int, int] = {}
        self.last_taken = -1
        self.high = (0, 0)

    def down(self, count: int) -> int:
        return count // self.frame * self.frame

    def up(self, count: int) -> int:
        return -(-count // self.frame) * self.frame

    def sent(self) -> int:
        return next(
            (index for index, state in enumerate(self.bytes) if state is State.UNSENT),
            len(self.bytes),
        )

    def set(self, start: int, end: int, state: State, *, of: tuple[State, ...] = KEPT) -> None:
        for index in range(start, min(end, len(self.bytes))):
            if self.bytes[index] in of:
                self.bytes[index] = state

    @rule(count=st.integers(0, 40))
    def append(self, count: int) -> None:
        given = audio(len(self.bytes), count)
        self.bytes += [State.UNSENT] * count
        excess = self.down(len(self.bytes) - self.sent()) - self.max_unsent
        expected = 0
        if excess > 0:
            expected = self.up(excess)
            self.set(0, self.sent() + expected, State.DROPPED, of=(*KEPT, State.UNKEPT))
        assert self.ledger.append(given) == expected

    @rule(maximum=st.integers(0, 30), minimum=st.integers(0, 10))
    def take(self, maximum: int, minimum: int) -> None:
        sent = self.sent()
        item = self.ledger.take(maximum=maximum, minimum=minimum)
        due = next((mark for mark in self.marks if mark > self.last_taken), None)
        place = None if due is None else self.places[due]
        if place is not None and place <= sent:
            assert item == control(str(due))
            assert due is not None
            self.last_taken = due
            return
        stop = self.down(len(self.bytes) - sent)
        count = min(self.down(maximum), stop if place is None else min(stop, place - sent))
        if count == 0 or (count < minimum and (place is None or sent + count < place)):
            assert item is None
            return
        assert item == AudioRun(sent, audio(sent, count))
        self.set(sent, sent + count, State.SENT)
        excess = self.bytes.count(State.SENT) - self.max_replay
        if excess > 0:
            first = self.bytes.index(State.SENT)
            gone = State.UNKEPT if self.max_replay else State.GONE
            self.set(0, first + self.up(excess), gone, of=(State.SENT,))

    @rule()
    def add_control(self) -> None:
        number = len(self.marks)
        self.marks.append(number)
        self.places[number] = self.down(len(self.bytes))
        self.ledger.add_control(control(str(number)))

    @rule(fraction=st.floats(0, 1.2))
    def acknowledge(self, fraction: float) -> None:
        position = min(self.down(int(fraction * len(self.bytes))), self.sent())
        advance = max(0, position - self.acknowledged)
        assert self.ledger.acknowledge(int(fraction * len(self.bytes))) == advance
        self.acknowledged += advance
        self.set(0, self.acknowledged, State.GONE, of=(*KEPT, State.UNKEPT))

    @rule()
    def rewind(self) -> None:
        replayed = self.bytes.count(State.SENT)
        self.set(0, len(self.bytes), State.UNSENT)
        self.set(0, len(self.bytes), State.DROPPED, of=(State.UNKEPT,))
        assert self.ledger.rewind() == replayed

    @rule(count=st.integers(0, 40))
    def rewind_and_drop(self, count: int) -> None:
        self.rewind()
        dropped = min(self.up(count), self.down(self.bytes.count(State.UNSENT)))
        first = self.sent()
        self.set(0, first + dropped, State.DROPPED)
        assert self.ledger.drop_oldest(count) == dropped

    @invariant()
    def it_agrees(self) -> None:
        count = Counter(self.bytes)
        assert self.ledger.appended == len(self.bytes)
        assert self.ledger.sent == self.sent()
        assert self.ledger.acknowledged == self.acknowledged
        assert self.ledger.kept_bytes == count[State.UNSENT] + count[State.SENT]
        assert self.ledger.unsent_bytes == self.down(count[State.UNSENT])
        assert self.ledger.dropped_bytes == count[State.DROPPED]

    @invariant()
    def positions_never_go_back(self) -> None:
        high = (self.ledger.acknowledged, self.ledger.appended)
        assert self.ledger.acknowledged <= self.ledger.sent <= self.ledger.appended
        assert all(now >= before for now, before in zip(high, self.high, strict=True))
        self.high = high

    @invariant()
    def what_is_kept_is_what_was_given(self) -> None:
        first = len(self.bytes) - self.ledger.kept_bytes
        expected = audio(first, self.ledger.kept_bytes)
        assert self.ledger.kept(0, len(self.bytes)) == expected


LedgerMachine.TestCase.settings = settings(
    max_examples=50, stateful_step_count=20, deadline=None, derandomize=True, database=None
)


class TestNaiveModel(LedgerMachine.TestCase):
    """Only a cap drops audio, positions never go back, controls keep their places."""
