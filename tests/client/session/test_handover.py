# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
"""One stream taking over from another that works."""

from dataclasses import dataclass

import pytest

from pipecat_sagemaker_deepgram.client import records as events
from pipecat_sagemaker_deepgram.client.classify import classify
from pipecat_sagemaker_deepgram.client.config import ClientConfig, RetryPolicy, Target
from pipecat_sagemaker_deepgram.client.session.actions import DropStream
from pipecat_sagemaker_deepgram.client.session.handover import CHANGE_AGAIN_AFTER, Changeover
from pipecat_sagemaker_deepgram.client.session.recovery import Recovery
from pipecat_sagemaker_deepgram.client.session.stream_state import StreamPhase, StreamState
from pipecat_sagemaker_deepgram.client.session.streams import Lineup
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

    lineup: Lineup
    changeover: Changeover

    @property
    def active(self) -> StreamState:
        assert self.lineup.active is not None
        return self.lineup.active

    def speak(self, now: float) -> None:
        """Half a second of speech that is sent and not answered."""
        self.lineup.feed.append(LOUD, now)
        while self.lineup.feed.take(now, is_closing=False) is not None:
            pass

    def make_ready(self, now: float) -> StreamState:
        successor = self.lineup.successor
        assert successor is not None
        successor.opened(StreamIdentity(), now)
        successor.ready(now)
        return successor

    def told(self) -> list[events.SessionEvent]:
        told, self.lineup.events = self.lineup.events, []
        return [event for event in told if not isinstance(event, events.Connecting)]

    def dropped(self) -> list[int]:
        actions, self.lineup.actions = self.lineup.actions, []
        return [action.stream for action in actions if isinstance(action, DropStream)]


@pytest.fixture
def stage() -> Stage:
    config = ClientConfig(rotate_after=100.0, rotate_jitter=0.0, rotate_by=120.0, close_timeout=5.0)
    recovery = Recovery(RetryPolicy(), TargetList(TARGETS, retry_after=0.0), classify, lambda: 0.0)
    protocol = StreamProtocol(bytes_per_second=lambda: RATE, close_payload="bye", replays=True)
    lineup = Lineup(TARGETS, protocol, config=config, recovery=recovery, random=lambda: 0.0)
    stream = lineup.open(0.0)
    stream.opened(StreamIdentity(), 0.0)
    stream.ready(0.0)
    lineup.activate(stream, 0.0)
    return Stage(lineup, Changeover(lineup, config))


def test_without_a_stream_in_use_there_is_nothing_to_consider(stage: Stage) -> None:
    stage.lineup.active = None
    assert stage.changeover.due_at() is None
    stage.changeover.consider(1e9)
    assert stage.lineup.successor is None


def test_a_rotation_begins_when_it_is_due(stage: Stage) -> None:
    assert stage.changeover.due_at() == 100.0
    stage.changeover.consider(99.9)
    assert stage.lineup.successor is None
    stage.changeover.consider(100.0)
    assert stage.lineup.successor is not None


def test_a_successor_that_is_not_ready_is_waited_for_without_a_timer(stage: Stage) -> None:
    stage.changeover.begin("requested", 10.0, within=2.0)
    assert stage.changeover.due_at() is None
    stage.changeover.consider(50.0)
    assert stage.active.number == 1


def test_in_a_pause_the_successor_takes_over_and_the_rest_is_asked_for(stage: Stage) -> None:
    before = stage.active
    stage.changeover.begin("requested", 10.0, within=2.0)
    successor = stage.make_ready(10.5)
    stage.changeover.consider(10.5)
    assert stage.active is successor
    assert stage.lineup.draining is before
    assert before.phase is StreamPhase.FINISHING
    assert stage.changeover.drain_by == 15.5
    assert stage.told() == [events.StreamChanged(2, "requested", 0.0)]
    assert stage.dropped() == []


def test_a_change_of_settings_stays_one_when_another_reason_comes_along(stage: Stage) -> None:
    stage.changeover.begin("settings", 10.0, within=2.0)
    stage.changeover.begin("requested", 10.5, within=5.0)
    stage.make_ready(10.6)
    assert stage.changeover.due_at() == 12.0
    stage.changeover.refused(REFUSED)
    assert stage.told() == [events.ChangeRefused("settings", REFUSED)]


def test_an_open_turn_is_waited_for(stage: Stage) -> None:
    stage.changeover.begin("settings", 10.0, within=2.0)
    stage.make_ready(10.5)
    stage.active.is_idle = False
    stage.changeover.consider(11.9)
    assert stage.active.number == 1
    assert stage.changeover.due_at() == 12.0


def test_unanswered_speech_is_waited_for_and_then_replayed(stage: Stage) -> None:
    stage.speak(10.0)
    stage.changeover.begin("settings", 10.0, within=2.0)
    successor = stage.make_ready(10.5)
    stage.changeover.consider(11.9)
    assert stage.active.number == 1
    stage.changeover.consider(12.0)
    assert stage.active is successor
    assert stage.lineup.draining is None
    assert stage.dropped() == [1]
    assert stage.told() == [events.StreamChanged(2, "settings", 0.5)]
    assert stage.lineup.feed.ledger.unsent_bytes == 500


def test_nothing_is_begun_or_completed_while_a_predecessor_is_drained(stage: Stage) -> None:
    stage.changeover.begin("requested", 10.0, within=2.0)
    stage.make_ready(10.0)
    stage.changeover.consider(10.0)
    stage.changeover.begin("settings", 10.0, within=0.0)
    stage.make_ready(10.0)
    assert stage.changeover.due_at() is None
    stage.changeover.consider(11.0)
    assert stage.active.number == 2
    assert stage.changeover.drained() is stage.active
    assert stage.changeover.drain_by is None
    stage.changeover.consider(11.0)
    assert stage.active.number == 3


def test_a_refusal_is_told_with_its_reason_and_the_stream_stays(stage: Stage) -> None:
    stage.changeover.begin("settings", 10.0, within=2.0)
    stage.changeover.refused(REFUSED)
    assert stage.told() == [events.ChangeRefused("settings", REFUSED)]
    assert stage.active.number == 1
    assert stage.lineup.successor is None
    assert stage.dropped() == [2]


def test_a_rotation_that_was_refused_is_tried_again_later(stage: Stage) -> None:
    stage.changeover.consider(100.0)
    stage.changeover.refused(REFUSED)
    assert stage.changeover.due_at() == 100.0 + CHANGE_AGAIN_AFTER
    stage.changeover.consider(100.0 + CHANGE_AGAIN_AFTER)
    assert stage.lineup.successor is not None


def test_a_rotation_cuts_at_its_latest_moment(stage: Stage) -> None:
    stage.speak(50.0)
    stage.changeover.consider(100.0)
    stage.make_ready(100.5)
    assert stage.changeover.due_at() == 120.0


def test_a_new_wish_replaces_the_successor_of_the_old_one(stage: Stage) -> None:
    stage.changeover.begin("requested", 10.0, within=2.0)
    stage.changeover.begin("settings", 10.0, within=2.0)
    assert stage.dropped() == [2]
    assert stage.lineup.successor is not None
    assert stage.lineup.successor.number == 3


def test_an_abandoned_changeover_leaves_nothing(stage: Stage) -> None:
    stage.changeover.begin("requested", 10.0, within=2.0)
    stage.changeover.abandon()
    assert stage.lineup.successor is None
    assert stage.dropped() == [2]
    assert stage.changeover.due_at() == 100.0


def test_a_successor_can_be_taken_for_another_use(stage: Stage) -> None:
    stage.changeover.begin("requested", 10.0, within=2.0)
    successor = stage.lineup.successor
    assert stage.changeover.take_successor() is successor
    assert stage.dropped() == []
    assert stage.changeover.take_successor() is None
