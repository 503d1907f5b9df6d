# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
"""How fast audio goes out of the ledger."""

from typing import Any

import pytest

from pipecat_sagemaker_deepgram.client.config import ClientConfig
from pipecat_sagemaker_deepgram.client.session.feed import AudioFeed
from pipecat_sagemaker_deepgram.client.session.ledger import AudioRun, Control
from pipecat_sagemaker_deepgram.client.stream_protocol import StreamProtocol

RATE = 1000
FINALIZE = Control(payload=b"finalize", kind="Finalize")


def make(*, replays: bool = True, **fields: Any) -> AudioFeed:
    protocol = StreamProtocol(bytes_per_second=lambda: RATE, replays=replays)
    feed = AudioFeed(protocol, ClientConfig(**fields))
    feed.begin(0.0)
    return feed


def quiet(seconds: float) -> bytes:
    return bytes(int(seconds * RATE / 2) * 2)


def taken_seconds(feed: AudioFeed, now: float, *, is_closing: bool = False) -> list[float]:
    """The lengths of all chunks that can be taken."""
    lengths = []
    while (item := feed.take(now, is_closing=is_closing)) is not None:
        assert isinstance(item, AudioRun)
        lengths.append(feed.seconds(len(item.data)))
    return lengths


# Chunks


def test_what_has_piled_up_goes_out_in_chunks_of_the_greatest_size() -> None:
    feed = make(max_chunk_seconds=0.25)
    feed.append(quiet(0.6), 0.0)
    assert taken_seconds(feed, 0.0) == [0.25, 0.25, 0.1]


def test_without_a_least_size_every_append_can_go_at_once() -> None:
    feed = make()
    for now in (0.0, 0.02):
        feed.append(quiet(0.02), now)
        assert feed.get_timer(now) is None
        assert taken_seconds(feed, now) == [0.02]


def test_audio_below_the_least_size_waits_for_more() -> None:
    feed = make(min_chunk_seconds=0.08)
    for index in range(4):
        assert taken_seconds(feed, index * 0.02) == []
        feed.append(quiet(0.02), index * 0.02)
    assert taken_seconds(feed, 0.06) == [0.08]


def test_audio_below_the_least_size_waits_no_longer_than_twice_that() -> None:
    feed = make(min_chunk_seconds=0.08)
    feed.append(quiet(0.02), 1.0)
    feed.append(quiet(0.02), 1.1)
    assert feed.get_timer(1.1) == pytest.approx(1.16)
    assert taken_seconds(feed, 1.15) == []
    assert taken_seconds(feed, 1.16) == [0.04]
    assert feed.get_timer(1.16) is None


def test_the_wait_begins_anew_with_the_next_audio() -> None:
    feed = make(min_chunk_seconds=0.08)
    feed.append(quiet(0.02), 1.0)
    taken_seconds(feed, 1.16)
    feed.append(quiet(0.02), 5.0)
    assert feed.get_timer(5.0) == pytest.approx(5.16)
    assert taken_seconds(feed, 5.0) == []


def test_the_beginning_of_a_frame_does_not_end_the_gathering() -> None:
    feed = make(min_chunk_seconds=0.08)
    feed.append(quiet(0.02) + b"\0", 1.0)
    taken_seconds(feed, 1.16)
    feed.append(b"\0" + quiet(0.02), 5.0)
    assert taken_seconds(feed, 5.0) == []


def test_the_beginning_of_a_frame_is_not_replayed_slowly() -> None:
    feed = make(min_chunk_seconds=0.08, replay_speed=2.0)
    feed.append(b"\0", 1.0)
    feed.begin(1.0)
    assert not feed.is_paced
    feed.append(b"\0" + quiet(0.02), 1.01)
    assert feed.get_timer(1.01) == pytest.approx(1.17)


def test_a_slow_replay_gathers_nothing() -> None:
    feed = make(min_chunk_seconds=0.08, replay_speed=2.0)
    feed.append(quiet(0.02), 1.0)
    feed.begin(1.0)
    assert feed.is_paced
    assert not feed.is_gathering(0.9)


def test_a_writer_that_does_not_come_is_not_waited_for_with_a_timer() -> None:
    """A timer in the past would fire again and again until the peer takes something."""
    feed = make(min_chunk_seconds=0.08)
    feed.append(quiet(0.02), 1.0)
    assert feed.get_timer(1.2) is None


def test_what_is_sent_again_does_not_wait_for_more() -> None:
    feed = make(min_chunk_seconds=0.08)
    feed.append(quiet(0.02), 1.0)
    assert taken_seconds(feed, 1.16) == [0.02]
    feed.rewind()
    feed.begin(3.0)
    assert taken_seconds(feed, 3.0) == [0.02]


def test_a_control_flushes_the_least_size() -> None:
    feed = make(min_chunk_seconds=0.08)
    feed.append(quiet(0.02), 0.0)
    feed.ledger.add_control(FINALIZE)
    assert isinstance(feed.take(0.0, is_closing=False), AudioRun)
    assert feed.take(0.0, is_closing=False) == FINALIZE


def test_closing_flushes_the_least_size() -> None:
    feed = make(min_chunk_seconds=0.08)
    feed.append(quiet(0.02), 0.0)
    assert taken_seconds(feed, 0.0, is_closing=True) == [0.02]


# Replays


def test_a_replay_is_what_was_sent_and_not_acknowledged() -> None:
    feed = make()
    feed.append(quiet(1.0), 0.0)
    taken_seconds(feed, 0.0)
    feed.ledger.acknowledge(400)
    assert feed.rewind() == 600
    feed.begin(1.0)
    assert feed.is_replaying
    assert taken_seconds(feed, 1.0) == [0.25, 0.25, pytest.approx(0.1)]
    assert not feed.is_replaying


def test_a_protocol_that_does_not_replay_keeps_nothing() -> None:
    feed = make(replays=False)
    feed.append(quiet(1.0), 0.0)
    taken_seconds(feed, 0.0)
    assert feed.rewind() == 0
    assert feed.unanswered_bytes == 0


def test_no_more_is_replayed_than_the_limit_allows() -> None:
    feed = make(max_replay_seconds=0.4)
    feed.append(quiet(1.0), 0.0)
    taken_seconds(feed, 0.0)
    assert feed.rewind() == 400
    assert feed.take_losses() == {"replay_limit": pytest.approx(0.6)}
    feed.begin(1.0)
    item = feed.take(1.0, is_closing=False)
    assert isinstance(item, AudioRun)
    assert item.position == 600


def test_a_replay_is_unpaced_by_default() -> None:
    feed = make()
    feed.append(quiet(10.0), 0.0)
    taken_seconds(feed, 0.0)
    feed.rewind()
    feed.begin(0.0)
    assert sum(taken_seconds(feed, 0.0)) == pytest.approx(10.0)
    assert feed.get_timer(0.0) is None


@pytest.mark.parametrize("speed", [1.0, 1.25, 4.0])
def test_a_paced_replay_goes_as_many_times_faster_than_real_time(speed: float) -> None:
    feed = make(replay_speed=speed)
    feed.append(quiet(20.0), 0.0)
    taken_seconds(feed, 0.0)
    feed.rewind()
    feed.begin(100.0)
    now, sent = 100.0, 0.0
    while now < 104.0:
        chunks = taken_seconds(feed, now)
        assert all(chunk == 0.25 for chunk in chunks)
        sent += sum(chunks)
        assert sent <= (now - 100.0) * speed + 1e-9
        at = feed.get_timer(now)
        assert at is not None
        assert at > now
        now = at
    assert sent == pytest.approx(4.0 * speed, abs=2 * 0.25 * speed)


def test_a_paced_replay_paces_what_was_there_and_no_more() -> None:
    feed = make(replay_speed=1.0)
    feed.append(quiet(0.5), 0.0)
    taken_seconds(feed, 0.0)
    feed.rewind()
    feed.begin(0.0)
    feed.append(quiet(0.5), 0.0)
    assert taken_seconds(feed, 0.0) == []
    assert taken_seconds(feed, 0.5) == [0.25, 0.25, 0.25, 0.25]


def test_audio_that_waited_for_the_first_stream_is_paced_like_a_replay() -> None:
    feed = make(replay_speed=2.0)
    feed.append(quiet(2.0), 0.0)
    feed.begin(3.0)
    assert taken_seconds(feed, 3.0) == []
    assert sum(taken_seconds(feed, 3.5)) == pytest.approx(1.0)


# Losses


def test_losses_are_reported_once_each_by_its_reason() -> None:
    feed = make(max_unsent_bytes=1000)
    feed.append(quiet(1.5), 0.0)
    assert feed.take_losses() == {"buffer_limit": 0.5}
    assert feed.take_losses() == {}
    feed.append(quiet(0.25), 0.0)
    feed.refuse(quiet(2.0), "gave_up")
    assert feed.take_losses() == {"buffer_limit": 0.25, "gave_up": 2.0}


def test_what_is_given_up_is_what_nothing_answered() -> None:
    feed = make()
    feed.append(quiet(1.5), 0.0)
    taken_seconds(feed, 0.0)
    feed.ledger.acknowledge(500)
    feed.give_up("closed")
    assert feed.take_losses() == {"closed": 1.0}
    feed.give_up("closed")
    assert feed.take_losses() == {}


def test_what_the_replay_buffer_could_not_keep_is_lost_with_its_stream_and_not_before() -> None:
    feed = AudioFeed(
        StreamProtocol(bytes_per_second=lambda: RATE, replays=True),
        ClientConfig(max_replay_buffer_bytes=500),
    )
    feed.begin(0.0)
    feed.append(quiet(2.0), 0.0)
    taken_seconds(feed, 0.0)
    assert feed.take_losses() == {}
    feed.rewind()
    assert feed.take_losses() == {"replay_limit": 1.5}


# How full it is


def test_it_is_half_full_of_what_waits_to_be_sent() -> None:
    feed = make(max_unsent_bytes=1_000)
    feed.append(bytes(500), 0.0)
    assert not feed.is_half_full
    feed.append(bytes(2), 0.0)
    assert feed.is_half_full


def test_it_is_half_full_of_what_waits_to_be_acknowledged() -> None:
    feed = make(max_replay_buffer_bytes=1_000)
    feed.append(bytes(502), 0.0)
    assert not feed.is_half_full
    taken_seconds(feed, 0.0)
    assert feed.is_half_full
    feed.ledger.acknowledge(2)
    assert not feed.is_half_full


def test_it_is_never_full_of_what_is_not_kept() -> None:
    feed = make(replays=False)
    feed.append(bytes(5_000), 0.0)
    taken_seconds(feed, 0.0)
    assert not feed.is_half_full
