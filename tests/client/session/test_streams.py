# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
"""Who is there, and what is to be done about whom."""

from typing import Any

import pytest

from pipecat_sagemaker_deepgram.client import records as events
from pipecat_sagemaker_deepgram.client.classify import classify
from pipecat_sagemaker_deepgram.client.config import ClientConfig, RetryPolicy, Target
from pipecat_sagemaker_deepgram.client.session.actions import DropStream, EndInput, OpenStream
from pipecat_sagemaker_deepgram.client.session.recovery import Recovery
from pipecat_sagemaker_deepgram.client.session.stream_state import StreamPhase
from pipecat_sagemaker_deepgram.client.session.streams import Lineup
from pipecat_sagemaker_deepgram.client.session.targets import TargetList
from pipecat_sagemaker_deepgram.client.stream_protocol import StreamProtocol
from pipecat_sagemaker_deepgram.exceptions import RejectedError, StreamIdentity, StreamLostError

TARGETS = (Target(endpoint_name="e0"), Target(endpoint_name="e1"))
EXPIRED = RejectedError("x", status_code=403, code="ExpiredToken")


def make(*, chance: float = 0.0, close_payload: str | None = None, **fields: Any):
    config = ClientConfig(**fields)
    recovery = Recovery(
        RetryPolicy(), TargetList(TARGETS, retry_after=60.0), classify, lambda: chance
    )
    lineup = Lineup(
        TARGETS,
        StreamProtocol(close_payload=close_payload),
        config=config,
        recovery=recovery,
        random=lambda: chance,
    )
    return lineup, recovery


def test_streams_are_numbered_from_1_and_told_of() -> None:
    lineup, _ = make()
    for number in (1, 2):
        assert lineup.open(0.0).number == number
    assert lineup.actions == [OpenStream(number, TARGETS[0], False) for number in (1, 2)]
    assert lineup.events == [events.Connecting(number, TARGETS[0]) for number in (1, 2)]


def test_the_next_stream_goes_where_recovery_says_and_as_whom() -> None:
    lineup, recovery = make()
    recovery.failed(StreamLostError("x"), 0, 0.0, leave=True)
    recovery.failed(EXPIRED, 1, 0.0, leave=False)
    lineup.open(0.0)
    assert lineup.actions == [OpenStream(1, TARGETS[1], True)]


def test_only_streams_with_a_place_are_there() -> None:
    lineup, _ = make()
    opening, active, successor, draining, nowhere = (lineup.open(0.0) for _ in range(5))
    lineup.opening, lineup.active = opening, active
    lineup.successor, lineup.draining = successor, draining
    assert set(lineup) == {opening, active, successor, draining}
    assert lineup.find(active.number) is active
    assert lineup.find(nowhere.number) is None


def test_a_stream_gets_the_audio_from_where_the_ledger_stands() -> None:
    lineup, _ = make()
    lineup.feed.append(bytes(100), 0.0)
    lineup.feed.take(0.0, is_closing=False)
    stream = lineup.open(0.0)
    lineup.activate(stream, 0.0)
    assert lineup.active is stream
    assert stream.timeline.to_position(0.0) == 100


def test_another_target_is_told_of_and_the_first_is_not() -> None:
    lineup, recovery = make()
    lineup.activate(lineup.open(0.0), 0.0)
    lineup.activate(lineup.open(0.0), 0.0)
    recovery.failed(StreamLostError("x"), 0, 0.0, leave=True)
    lineup.events.clear()
    lineup.activate(lineup.open(0.0), 0.0)
    assert lineup.events == [events.Connecting(3, TARGETS[1]), events.FailedOver(TARGETS[1])]


def test_the_rest_is_asked_for_with_the_protocols_payload() -> None:
    lineup, _ = make(close_payload="bye")
    stream = lineup.open(0.0)
    lineup.actions.clear()
    lineup.ask_for_the_rest(stream)
    assert stream.phase is StreamPhase.FINISHING
    write = stream.take_injection(0.0)
    assert write is not None
    assert (write.data, write.is_text) == (b"bye", True)
    assert lineup.actions == []


def test_the_rest_is_asked_for_by_ending_the_input_where_there_is_no_payload() -> None:
    lineup, _ = make()
    stream = lineup.open(0.0)
    lineup.actions.clear()
    lineup.ask_for_the_rest(stream)
    assert stream.phase is StreamPhase.FINISHING
    assert lineup.actions == [EndInput(1)]


def test_dropping_all_leaves_nobody() -> None:
    lineup, _ = make()
    lineup.active, lineup.successor = lineup.open(0.0), lineup.open(0.0)
    for stream in lineup:
        stream.opened(StreamIdentity(), 0.0)
    lineup.actions.clear()
    lineup.drop(None)
    lineup.drop_all()
    assert lineup.actions == [DropStream(1), DropStream(2)]
    assert list(lineup) == []


@pytest.mark.parametrize(
    ("chance", "fields", "at"),
    [
        (0.0, {"rotate_after": 100.0, "rotate_jitter": 20.0}, 1100.0),
        (0.5, {"rotate_after": 100.0, "rotate_jitter": 20.0}, 1090.0),
        (0.9, {"rotate_after": 100.0, "rotate_jitter": 0.0}, 1100.0),
        (0.9, {"rotate_after": None}, None),
    ],
)
def test_a_rotation_is_brought_forward_at_random(
    chance: float, fields: dict[str, Any], at: float | None
) -> None:
    lineup, _ = make(chance=chance, **fields)
    assert lineup.open(1000.0).rotate_at == at
