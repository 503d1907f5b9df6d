# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
"""One stream taking over from another that works."""

from dataclasses import dataclass

import pytest

from pipecat_sagemaker_deepgram.client import records as events
from pipecat_sagemaker_deepgram.client.classify import classify
from pipecat_sagemaker_deepgram.client.config import ClientConfig, RetryPolicy, Target
from pipecat_sagemaker_deepgram.client.session.actions import DropStream
from pipecat_sagemaker_deepgram.client.session.handover import (
    CHANGE_AGAIN_AFTER,
    WITH_THE_ANSWER,
    Handover,
)
from pipecat_sagemaker_deepgram.client.session.recovery import Recovery
from pipecat_sagemaker_deepgram.client.session.state import SessionState
from pipecat_sagemaker_deepgram.client.session.stream_state import StreamState
from pipecat_sagemaker_deepgram.client.session.streams import SessionStreams
from pipecat_sagemaker_deepgram.client.session.targets import TargetList
from pipecat_sagemaker_deepgram.client.stream_protocol import StreamProtocol
from pipecat_sagemaker_deepgram.exceptions import (
    ModelUnavailableError,
    RejectedError,
    StreamIdentity,
)

TARGETS = (Target(endpoint_name="e0"),)
RATE = 1000
LOUD = (5000).to_bytes(2, "little") * 250
REFUSED = RejectedError("refused", status_code=400, code="ValidationException")
PASSING = RejectedError("unavailable", status_code=503, code="ServiceUnavailable")
FULL = ModelUnavailableError("full", log_group="g")


@dataclass
class Stage:
    """A stream that is up, and what may replace it."""

    state: SessionState
    streams: SessionStreams
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

    def hear(self, *, is_idle: bool) -> None:
        """The active stream, which was sent something, reports a pause or none."""
        self.active.sent_bytes += 1
        self.active._reports_pause = is_idle

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
    streams = SessionStreams(
        TARGETS, protocol, config=config, recovery=recovery, state=state, random=lambda: 0.0
    )
    stream = streams.open(0.0)
    stream.opened(StreamIdentity(), 0.0)
    stream.ready(0.0)
    streams.activate(stream, 0.0)
    return Stage(state, streams, Handover(streams, state, recovery, config))


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


def test_in_a_pause_the_successor_takes_over(stage: Stage) -> None:
    stage.handover.request("requested", 10.0, within=2.0)
    successor = stage.make_ready(10.5)
    stage.handover.consider(10.5)
    assert stage.active is successor
    assert stage.happened() == [events.StreamChanged(2, "requested", 0.0)]
    assert stage.dropped() == [1]


def test_a_change_of_settings_stays_one_when_another_reason_comes_along(stage: Stage) -> None:
    stage.handover.request("settings", 10.0, within=2.0)
    stage.handover.request("requested", 10.5, within=5.0)
    stage.make_ready(10.6)
    assert stage.handover.due_at() == 12.0
    stage.handover.refused(REFUSED, 10.5)
    assert stage.happened() == [events.ChangeRefused("settings", REFUSED)]


def test_an_open_turn_is_waited_for(stage: Stage) -> None:
    stage.handover.request("settings", 10.0, within=2.0)
    stage.make_ready(10.5)
    stage.hear(is_idle=False)
    stage.handover.consider(11.9)
    assert stage.active.number == 1
    assert stage.handover.due_at() == 12.0


def test_unanswered_speech_is_waited_for_and_then_replayed(stage: Stage) -> None:
    stage.speak(10.0)
    stage.hear(is_idle=False)
    stage.handover.request("settings", 10.0, within=2.0)
    successor = stage.make_ready(10.5)
    stage.handover.consider(11.9)
    assert stage.active.number == 1
    stage.handover.consider(12.0)
    assert stage.active is successor
    assert stage.dropped() == [1]
    assert stage.happened() == [events.StreamChanged(2, "settings", 0.5)]
    assert stage.streams.feed.ledger.unsent_bytes == 500


def test_a_refusal_is_reported_with_its_reason_and_the_stream_stays(stage: Stage) -> None:
    stage.handover.request("settings", 10.0, within=2.0)
    stage.handover.refused(REFUSED, 10.5)
    assert stage.happened() == [events.ChangeRefused("settings", REFUSED)]
    assert stage.active.number == 1
    assert stage.streams.successor is None
    assert stage.dropped() == [2]


def test_a_rotation_that_was_refused_is_tried_again_later(stage: Stage) -> None:
    stage.handover.consider(100.0)
    stage.handover.refused(REFUSED, 10.5)
    assert stage.handover.due_at() == 100.0 + CHANGE_AGAIN_AFTER
    stage.handover.consider(100.0 + CHANGE_AGAIN_AFTER)
    assert stage.streams.successor is not None


def test_a_rotation_cuts_at_its_latest_moment(stage: Stage) -> None:
    stage.hear(is_idle=False)
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


@pytest.mark.parametrize("reason", ["settings", "requested"])
def test_what_somebody_asked_for_is_tried_again_until_it_works(
    stage: Stage, reason: events.ChangeReason
) -> None:
    stage.handover.request(reason, 10.0, within=2.0)
    now = 10.0
    for _ in range(50):
        stage.handover.refused(PASSING, now)
        assert stage.happened() == []
        at = stage.handover.due_at()
        assert at is not None
        assert at - now <= 2.0
        now = at
        stage.handover.consider(now)
        assert stage.streams.successor is not None
    successor = stage.make_ready(now)
    stage.handover.consider(now)
    assert stage.active is successor


def test_a_container_that_is_full_or_refuses_is_asked_twice_more(stage: Stage) -> None:
    stage.handover.request("settings", 10.0, within=2.0)
    for _ in range(2):
        stage.handover.refused(FULL, 10.0)
        assert stage.happened() == []
        stage.handover.consider(20.0)
    stage.handover.refused(FULL, 20.0)
    assert stage.happened() == [events.ChangeRefused("settings", FULL)]


def test_a_new_request_begins_its_attempts_anew(stage: Stage) -> None:
    stage.handover.request("settings", 10.0, within=2.0)
    for _ in range(2):
        stage.handover.refused(FULL, 10.0)
        stage.handover.consider(20.0)
    stage.handover.request("settings", 20.0, within=2.0)
    stage.handover.refused(FULL, 20.0)
    assert stage.happened() == []


# A peer that drains


def test_a_peer_that_drains_in_mid_stream_is_left_in_the_next_pause(stage: Stage) -> None:
    stage.hear(is_idle=False)
    stage.handover.draining(stage.active, 10.0)
    successor = stage.make_ready(10.5)
    stage.handover.consider(60.0)
    assert stage.active.number == 1
    assert stage.handover.due_at() == 120.0
    stage.hear(is_idle=True)
    stage.handover.consider(60.0)
    assert stage.active is successor
    assert stage.happened() == [events.StreamChanged(2, "goaway", 0.0)]


def test_a_goaway_with_the_answer_asks_for_nothing(stage: Stage) -> None:
    stage.handover.draining(stage.active, WITH_THE_ANSWER - 0.01)
    assert stage.streams.successor is None
    assert stage.handover.due_at() == 100.0


def test_peers_that_all_drain_are_not_left_more_often_than_a_refused_rotation(
    stage: Stage,
) -> None:
    stage.handover.draining(stage.active, 10.0)
    stage.make_ready(10.5)
    stage.handover.consider(10.5)
    stage.handover.draining(stage.active, 15.0)
    assert stage.streams.successor is None
    assert stage.handover.due_at() == 10.0 + CHANGE_AGAIN_AFTER


def test_a_rotation_that_is_due_earlier_is_not_put_off_by_a_peer_that_drains(stage: Stage) -> None:
    stage.handover.draining(stage.active, 90.0)
    stage.make_ready(90.5)
    stage.handover.consider(90.5)
    stage.active.rotate_at = 100.0
    stage.handover.draining(stage.active, 95.0)
    assert stage.handover.due_at() == 100.0


def test_a_successor_that_drains_before_its_time_is_left_after_it(stage: Stage) -> None:
    stage.hear(is_idle=False)
    stage.handover.request("settings", 10.0, within=2.0)
    successor = stage.make_ready(10.1)
    stage.handover.draining(successor, 11.5)
    stage.handover.consider(12.0)
    assert stage.active is successor
    stage.handover.consider(12.0)
    stage.make_ready(12.1)
    stage.handover.consider(12.1)
    assert [type(event) for event in stage.happened()] == [events.StreamChanged] * 2


def test_a_peer_that_drains_is_kept_where_no_other_can_be_had(stage: Stage) -> None:
    stage.handover.draining(stage.active, 10.0)
    stage.handover.refused(FULL, 10.5)
    assert stage.happened() == [events.ChangeRefused("goaway", FULL)]
    assert stage.active.number == 1
    assert stage.handover.due_at() == 10.0 + CHANGE_AGAIN_AFTER
