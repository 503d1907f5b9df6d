# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
"""One stream taking over from another that works."""

from dataclasses import dataclass

import pytest

from pipecat_sagemaker_deepgram.client import records as events
from pipecat_sagemaker_deepgram.client.classify import classify
from pipecat_sagemaker_deepgram.client.config import ClientConfig, RetryPolicy, Target
from pipecat_sagemaker_deepgram.client.session.actions import DropStream
from pipecat_sagemaker_deepgram.client.session.handover import CHANGE_AGAIN_AFTER, Handover
from pipecat_sagemaker_deepgram.client.session.recovery import Recovery
from pipecat_sagemaker_deepgram.client.session.state import SessionState
from pipecat_sagemaker_deepgram.client.session.stream_state import StreamPhase, StreamState
from pipecat_sagemaker_deepgram.client.session.streams import Streams
from pipecat_sagemaker_deepgram.client.session.targets import TargetList
from pipecat_sagemaker_deepgram.client.stream_protocol import StreamProtocol
from pipecat_sagemaker_deepgram.exceptions import StreamIdentity, StreamLostError

TARGETS = (Target(endpoint_name="e0"),)
RATE = 1000
LOUD = (5000).to_bytes(2, "little") * 250
REFUSED = StreamLostError("refused")


@dataclass
class Stage:
    """A stream that is up, and what may replace it."""

    state: SessionState
    streams: Streams
    handover: Handover

    @property
    def active(self) -> StreamState:
        assert self.streams.active is not None
        return self.streams.active

    def speak(self, now: float) -> None:
        """Half a second of speech that is sent and not answered."""
        self.streams.feed.append(LOUD, now)
        while self.streams.feed.take(now, is_closing=False) is not None:
            pass

    def make_ready(self, now: float) -> StreamState:
        successor = self.streams.successor
        assert successor is not None
        successor.opened(StreamIdentity(), now)
        successor.ready(now)
        return successor

    def happened(self) -> list[events.Record]:
        happened = list(self.state.records)
        self.state.records.clear()
        return [record for record in happened if not isinstance(record, events.Connecting)]

    def dropped(self) -> list[int]:
        actions = list(self.state.actions)
        self.state.actions.clear()
        return [action.stream for action in actions if isinstance(action, DropStream)]


@pytest.fixture
def stage() -> Stage:
    config = ClientConfig(rotate_after=100.0, rotate_jitter=0.0, rotate_by=120.0, close_timeout=5.0)
    recovery = Recovery(RetryPolicy(), TargetList(TARGETS, retry_after=0.0), classify, lambda: 0.0)
    protocol = StreamProtocol(bytes_per_second=lambda: RATE, close_payload="bye", replays=True)
    state = SessionState()
    streams = Streams(
        TARGETS, protocol, config=config, recovery=recovery, state=state, random=lambda: 0.0
    )
    stream = streams.open(0.0)
    stream.opened(StreamIdentity(), 0.0)
    stream.ready(0.0)
    streams.activate(stream, 0.0)
    return Stage(state, streams, Handover(streams, state, config))


def test_without_a_stream_in_use_there_is_nothing_to_consider(stage: Stage) -> None:
    stage.streams.active = None
    assert stage.handover.due_at() is None
    stage.handover.consider(1e9)
    assert stage.streams.successor is None


def test_a_rotation_begins_when_it_is_due(stage: Stage) -> None:
    assert stage.handover.due_at() == 100.0
    stage.handover.consider(99.9)
    assert stage.streams.successor is None
    stage.handover.consider(100.0)
    assert stage.streams.successor is not None


def test_a_successor_that_is_not_ready_is_waited_for_without_a_timer(stage: Stage) -> None:
    stage.handover.request("requested", 10.0, within=2.0)
    assert stage.handover.due_at() is None
    stage.handover.consider(50.0)
    assert stage.active.number == 1


def test_in_a_pause_the_successor_takes_over_and_the_rest_is_asked_for(stage: Stage) -> None:
    before = stage.active
    stage.handover.request("requested", 10.0, within=2.0)
    successor = stage.make_ready(10.5)
    stage.handover.consider(10.5)
    assert stage.active is successor
    assert stage.streams.draining is before
    assert before.phase is StreamPhase.FINISHING
    assert stage.handover.drain_by == 15.5
    assert stage.happened() == [events.StreamChanged(2, "requested", 0.0)]
    assert stage.dropped() == []


def test_a_change_of_settings_stays_one_when_another_reason_comes_along(stage: Stage) -> None:
    stage.handover.request("settings", 10.0, within=2.0)
    stage.handover.request("requested", 10.5, within=5.0)
    stage.make_ready(10.6)
    assert stage.handover.due_at() == 12.0
    stage.handover.refused(REFUSED)
    assert stage.happened() == [events.ChangeRefused("settings", REFUSED)]


def test_an_open_turn_is_waited_for(stage: Stage) -> None:
    stage.handover.request("settings", 10.0, within=2.0)
    stage.make_ready(10.5)
    stage.active.is_idle = False
    stage.handover.consider(11.9)
    assert stage.active.number == 1
    assert stage.handover.due_at() == 12.0


def test_unanswered_speech_is_waited_for_and_then_replayed(stage: Stage) -> None:
    stage.speak(10.0)
    stage.handover.request("settings", 10.0, within=2.0)
    successor = stage.make_ready(10.5)
    stage.handover.consider(11.9)
    assert stage.active.number == 1
    stage.handover.consider(12.0)
    assert stage.active is successor
    assert stage.streams.draining is None
    assert stage.dropped() == [1]
    assert stage.happened() == [events.StreamChanged(2, "settings", 0.5)]
    assert stage.streams.feed.ledger.unsent_bytes == 500


def test_nothing_is_begun_or_completed_while_a_predecessor_is_drained(stage: Stage) -> None:
    stage.handover.request("requested", 10.0, within=2.0)
    stage.make_ready(10.0)
    stage.handover.consider(10.0)
    stage.handover.request("settings", 10.0, within=0.0)
    stage.make_ready(10.0)
    assert stage.handover.due_at() is None
    stage.handover.consider(11.0)
    assert stage.active.number == 2
    assert stage.handover.drained() is stage.active
    assert stage.handover.drain_by is None
    stage.handover.consider(11.0)
    assert stage.active.number == 3


def test_a_refusal_is_told_with_its_reason_and_the_stream_stays(stage: Stage) -> None:
    stage.handover.request("settings", 10.0, within=2.0)
    stage.handover.refused(REFUSED)
    assert stage.happened() == [events.ChangeRefused("settings", REFUSED)]
    assert stage.active.number == 1
    assert stage.streams.successor is None
    assert stage.dropped() == [2]


def test_a_rotation_that_was_refused_is_tried_again_later(stage: Stage) -> None:
    stage.handover.consider(100.0)
    stage.handover.refused(REFUSED)
    assert stage.handover.due_at() == 100.0 + CHANGE_AGAIN_AFTER
    stage.handover.consider(100.0 + CHANGE_AGAIN_AFTER)
    assert stage.streams.successor is not None


def test_a_rotation_cuts_at_its_latest_moment(stage: Stage) -> None:
    stage.speak(50.0)
    stage.handover.consider(100.0)
    stage.make_ready(100.5)
    assert stage.handover.due_at() == 120.0


def test_a_new_wish_replaces_the_successor_of_the_old_one(stage: Stage) -> None:
    stage.handover.request("requested", 10.0, within=2.0)
    stage.handover.request("settings", 10.0, within=2.0)
    assert stage.dropped() == [2]
    assert stage.streams.successor is not None
    assert stage.streams.successor.number == 3


def test_an_abandoned_handover_leaves_nothing(stage: Stage) -> None:
    stage.handover.request("requested", 10.0, within=2.0)
    stage.handover.abandon()
    assert stage.streams.successor is None
    assert stage.dropped() == [2]
    assert stage.handover.due_at() == 100.0


def test_a_successor_can_be_taken_for_another_use(stage: Stage) -> None:
    stage.handover.request("requested", 10.0, within=2.0)
    successor = stage.streams.successor
    assert stage.handover.take_successor() is successor
    assert stage.dropped() == []
    assert stage.handover.take_successor() is None
