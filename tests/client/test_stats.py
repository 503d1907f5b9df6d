# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
"""Every event of a session is counted where it counts, and put into words."""

from dataclasses import asdict
from typing import Any, get_args

import pytest

from pipecat_sagemaker_deepgram.client import records as events
from pipecat_sagemaker_deepgram.client.config import Target
from pipecat_sagemaker_deepgram.client.stats import SessionStats, describe
from pipecat_sagemaker_deepgram.exceptions import RejectedError, StreamIdentity, StreamLostError

TARGET = Target(endpoint_name="my-endpoint", region="eu-west-1")
IDENTITY = StreamIdentity(endpoint_name="my-endpoint", request_id="req-1")
CAUSE = StreamLostError("The line went dead")
REFUSED = RejectedError("Long and long", status_code=503, code="ServiceUnavailable")

EVENTS: dict[events.SessionEvent, tuple[dict[str, Any], str, str]] = {
    events.Connecting(3, TARGET): (
        {"_opened": asdict(TARGET)},
        "DEBUG",
        "opening stream 3 to my-endpoint",
    ),
    events.Connected(3, IDENTITY, connect_seconds=0.5, replayed_seconds=0.0, is_first=True): (
        {"streams_connected": 1, "last_connect_seconds": 0.5},
        "DEBUG",
        "stream 3 is up after 0.50 s (endpoint my-endpoint, request id req-1)",
    ),
    events.Connected(4, IDENTITY, 0.5, 1.25, is_first=False, outage_seconds=0.75): (
        {"streams_connected": 1, "last_connect_seconds": 0.5, "replayed_seconds": 1.25},
        "INFO",
        "stream 4 took over after 0.75 s; 1.2 s sent again, no word lost "
        "(endpoint my-endpoint, request id req-1)",
    ),
    events.Connected(
        5, IDENTITY, 0.5, 0.0, is_first=False, outage_seconds=61.0, dropped_seconds=40.5
    ): (
        {"streams_connected": 1, "last_connect_seconds": 0.5},
        "INFO",
        "stream 5 took over after 61.00 s; 40.5 s lost (endpoint my-endpoint, request id req-1)",
    ),
    events.Connected(2, IDENTITY, 0.5, 0.0, is_first=True, outage_seconds=0.61): (
        {"streams_connected": 1, "last_connect_seconds": 0.5},
        "INFO",
        "stream 2 is up after 0.61 s; no word lost (endpoint my-endpoint, request id req-1)",
    ),
    events.Lost(3, CAUSE): ({"losses": 1}, "WARNING", "stream 3 was lost: The line went dead."),
    events.AttemptFailed(4, CAUSE): (
        {"failed_attempts": 1},
        "DEBUG",
        "stream 4 could not be opened: The line went dead.",
    ),
    events.RetryScheduled(1, 0.25, CAUSE): (
        {},
        "DEBUG",
        "retry 1 in 0.25 s, after: The line went dead",
    ),
    events.RetryScheduled(2, 0.75, CAUSE): (
        {},
        "WARNING",
        "retry 2 in 0.75 s, after: The line went dead",
    ),
    events.RetryScheduled(2, 0.75, REFUSED): (
        {},
        "WARNING",
        "retry 2 in 0.75 s, after: HTTP 503 ServiceUnavailable",
    ),
    events.FailedOver(TARGET): (
        {"failovers": 1},
        "WARNING",
        "switched to my-endpoint in eu-west-1",
    ),
    events.StreamChanged(5, "rotation", 0.25): (
        {"changes": 1, "streams_connected": 1, "replayed_seconds": 0.25},
        "DEBUG",
        "stream 5 has taken over (rotation)",
    ),
    events.ChangeRefused("settings", CAUSE): (
        {},
        "WARNING",
        "no stream could be opened to take over (settings): The line went dead.",
    ),
    events.ControlSent(6, "Finalize"): ({}, "TRACE", "stream 6 was sent Finalize"),
    events.SilenceSent(6, 0.1): ({}, "TRACE", "stream 6 was sent 0.10 s of silence"),
    events.AudioDropped(2.5, "buffer_limit"): (
        {"lost_seconds": 2.5},
        "WARNING",
        "2.50 s of audio was lost (buffer_limit)",
    ),
    events.AudioDropped(0.0, "message_too_large"): (
        {"unread_messages": 1},
        "WARNING",
        "a message from the container was too large to be read",
    ),
    events.ContainerSlow(6, 12.34): (
        {},
        "WARNING",
        "the container of stream 6 is 12.3 s behind",
    ),
    events.GivenUp(CAUSE, 3.5): (
        {},
        "ERROR",
        "recovery has failed and 3.50 s of audio was lost: The line went dead.",
    ),
    events.Closed(1.5): (
        {},
        "WARNING",
        "closed with 1.50 s of audio unanswered",
    ),
    events.Closed(0.0): ({}, "DEBUG", "closed"),
}


def test_no_event_is_without_a_sentence() -> None:
    assert {type(event) for event in EVENTS} == set(get_args(events.SessionEvent.__value__))


@pytest.mark.parametrize("event", EVENTS, ids=lambda event: type(event).__name__)
def test_an_event_is_counted(event: events.SessionEvent) -> None:
    stats = SessionStats()
    stats.count(event)
    counted = EVENTS[event][0] | {"is_connected": isinstance(event, events.Connected)}
    assert asdict(stats) == asdict(SessionStats()) | counted


@pytest.mark.parametrize(
    "end",
    [each for each in EVENTS if isinstance(each, events.Lost | events.GivenUp | events.Closed)],
)
def test_no_stream_is_up_behind_its_end(end: events.SessionEvent) -> None:
    stats = SessionStats(is_connected=True)
    stats.count(end)
    assert not stats.is_connected


@pytest.mark.parametrize("event", EVENTS, ids=lambda event: type(event).__name__)
def test_an_event_is_put_into_words(event: events.SessionEvent) -> None:
    assert describe(event) == EVENTS[event][1:]


def test_counts_and_seconds_add_up() -> None:
    stats = SessionStats()
    for event in list(EVENTS) * 2:
        stats.count(event)
    assert stats.streams_connected == 10
    assert stats.replayed_seconds == 3.0
    assert stats.lost_seconds == 5.0
