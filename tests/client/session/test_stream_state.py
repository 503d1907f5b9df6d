# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
"""One stream: its keepalive, its silences, its times."""

from collections import deque
from typing import Any

import pytest

from pipecat_sagemaker_deepgram.client.session.actions import Write
from pipecat_sagemaker_deepgram.client.session.ledger import AudioRun
from pipecat_sagemaker_deepgram.client.session.stream_state import (
    HEARD_ALL,
    StreamPhase,
    StreamState,
)
from pipecat_sagemaker_deepgram.client.stream_protocol import (
    Keepalive,
    Reader,
    Reading,
    StreamProtocol,
)
from pipecat_sagemaker_deepgram.exceptions import StreamIdentity

RATE = 1000
TEXT_KEEPALIVE = Keepalive(interval=4.0, text="alive", silence_seconds=0.1, first_audio_within=5.0)
SILENT_KEEPALIVE = Keepalive(interval=10.0, silence_seconds=0.0)


def make(keepalive: Keepalive | None = None, *, frame_size: int = 2, **fields: Any):
    defaults: dict[str, Any] = {"replays": True}
    protocol = StreamProtocol(
        bytes_per_second=lambda: RATE,
        keepalive=keepalive,
        frame_size=frame_size,
        **defaults | fields,
    )
    return StreamState(1, 0, protocol, deque(), now=0.0, rotate_at=None)


def ready(keepalive: Keepalive | None = None, *, at: float = 0.0, **fields: Any) -> StreamState:
    stream = make(keepalive, **fields)
    stream.opened(StreamIdentity(), at)
    stream.ready(at)
    return stream


def write_audio(stream: StreamState, now: float, *, position: int = 0):
    return stream.write_audio(AudioRun(position, bytes(100)), now)


def taken(stream: StreamState) -> list[Write]:
    """What the stream has had injected since this was last asked."""
    writes = list(stream._injections)
    stream._injections.clear()
    return writes


def injected(stream: StreamState, now: float) -> list[Write]:
    """What the stream has written by itself at a time."""
    stream.keep_alive(now)
    return taken(stream)


def position_of(stream: StreamState, seconds: float) -> float:
    return stream.timeline.to_position(seconds)


# Writing


def test_audio_is_written_as_binary_and_a_control_as_it_is() -> None:
    stream = ready()
    assert write_audio(stream, 0.0) == Write(1, bytes(100), is_text=False)
    for is_text in (True, False):
        assert stream.write_control(b"x", 0.0, is_text=is_text) == Write(1, b"x", is_text=is_text)


def test_the_streams_time_counts_the_audio_it_was_sent() -> None:
    stream = ready()
    stream.begin(500)
    write_audio(stream, 0.0, position=500)
    assert position_of(stream, 0.05) == 550


# Keepalive


def test_without_a_keepalive_nothing_is_ever_written_by_itself() -> None:
    stream = ready()
    assert stream.keepalive_at() is None
    assert injected(stream, 1e6) == []


def test_a_stream_without_audio_is_given_silence_in_time() -> None:
    stream = ready(TEXT_KEEPALIVE, at=10.0)
    assert stream.keepalive_at() == 15.0
    assert injected(stream, 14.9) == []
    assert injected(stream, 15.0) == [Write(1, bytes(100), is_text=False)]


def test_silence_is_no_time_of_the_session() -> None:
    stream = ready(TEXT_KEEPALIVE)
    stream.begin(500)
    injected(stream, 5.0)
    assert position_of(stream, 0.1) == 500


def test_a_stream_that_had_audio_is_given_text_when_nothing_was_written() -> None:
    stream = ready(TEXT_KEEPALIVE)
    write_audio(stream, 3.0)
    assert stream.keepalive_at() == 7.0
    assert injected(stream, 6.9) == []
    assert injected(stream, 7.0) == [Write(1, b"alive", is_text=True)]
    assert stream.keepalive_at() == 11.0


def test_the_silence_that_was_given_counts_as_the_first_audio() -> None:
    stream = ready(TEXT_KEEPALIVE)
    injected(stream, 5.0)
    assert injected(stream, 9.0) == [Write(1, b"alive", is_text=True)]


def test_every_write_puts_the_keepalive_off() -> None:
    stream = ready(TEXT_KEEPALIVE)
    write_audio(stream, 0.0)
    assert stream.keepalive_at() == 4.0
    stream.write_control(b"x", 3.0, is_text=True)
    assert stream.keepalive_at() == 7.0
    write_audio(stream, 5.0)
    assert stream.keepalive_at() == 9.0


def test_an_injected_message_puts_the_keepalive_off() -> None:
    stream = ready(TEXT_KEEPALIVE)
    write_audio(stream, 0.0)
    stream.inject_text("probe", 3.0)
    assert stream.keepalive_at() == 7.0


def test_a_keepalive_that_the_peer_does_not_take_is_not_piled_up() -> None:
    stream = ready(TEXT_KEEPALIVE)
    write_audio(stream, 0.0)
    stream.keep_alive(4.0)
    stream.keep_alive(4.0)
    assert stream.keepalive_at() == 8.0
    assert injected(stream, 4.0) == [Write(1, b"alive", is_text=True)]


@pytest.mark.parametrize("frame_size", [2, 4])
def test_a_keepalive_without_text_is_silence_of_a_frame_at_least(frame_size: int) -> None:
    stream = ready(SILENT_KEEPALIVE, frame_size=frame_size)
    assert stream.keepalive_at() == 10.0
    assert injected(stream, 10.0) == [Write(1, bytes(frame_size), is_text=False)]
    assert stream.keepalive_at() == 20.0


def test_a_stream_whose_container_is_not_ready_is_kept_alive_too() -> None:
    stream = make(SILENT_KEEPALIVE)
    assert stream.keepalive_at() is None
    stream.opened(StreamIdentity(), 2.0)
    assert stream.keepalive_at() == 12.0


def test_a_stream_that_was_asked_for_the_rest_is_not_kept_alive() -> None:
    stream = ready(TEXT_KEEPALIVE)
    stream.phase = StreamPhase.FINISHING
    assert stream.keepalive_at() is None
    assert injected(stream, 1e6) == []


# What was not answered


def hearing(*heard_to: float | None, **fields: Any) -> StreamState:
    """A stream whose messages report these positions, in seconds, in turn."""
    readings = [Reading(heard_to=at) for at in heard_to]
    return ready(new_reader=lambda: reader_of(*readings), **fields)


def test_audio_waits_until_a_position_past_it_is_reported() -> None:
    stream = hearing(0.05, 0.2)
    write_audio(stream, 1.0, position=0)
    write_audio(stream, 4.0, position=100)
    assert stream.waiting_since == 1.0
    stream.read("", 5.0)
    assert (stream.waiting_since, stream.received_at) == (5.0, 5.0)
    assert stream.unheard_seconds == pytest.approx(0.15)
    stream.read("", 6.0)
    assert stream.waiting_since is None
    write_audio(stream, 7.0, position=200)
    assert stream.waiting_since == 7.0


def test_the_same_position_again_is_no_answer() -> None:
    stream = hearing(0.05, 0.05, None)
    write_audio(stream, 1.0, position=0)
    write_audio(stream, 1.0, position=100)
    for now in (2.0, 3.0, 4.0):
        stream.read("", now)
        assert stream.waiting_since == 2.0


def test_any_message_is_an_answer_where_no_position_is_ever_reported() -> None:
    stream = hearing(None)
    write_audio(stream, 1.0)
    stream.read("", 2.0)
    assert stream.waiting_since is None


def test_the_last_audio_need_not_be_reported_to_the_sample() -> None:
    stream = hearing(1.0 - HEARD_ALL)
    stream.write_audio(AudioRun(0, bytes(RATE)), 0.0)
    stream.read("", 1.0)
    assert stream.waiting_since is None


@pytest.mark.parametrize(
    ("reading", "unanswered"),
    [
        (Reading(heard_to=1.0), 1.0),
        (Reading(heard_to=1.0, acknowledged_to=0.7), 0.3),
        (Reading(heard_to=0.9, is_last=True), 0.1),
        (Reading(acknowledged_to=1.0), 0.0),
        (Reading(is_last=True), 0.0),
        (Reading(), 1.0),
    ],
)
def test_what_was_listened_to_is_not_answered_for_good(reading: Reading, unanswered: float) -> None:
    stream = ready(new_reader=lambda: reader_of(reading))
    stream.write_audio(AudioRun(0, bytes(RATE)), 0.0)
    stream.read("", 1.0)
    assert stream.has_answered_all() == (unanswered == 0.0)


@pytest.mark.parametrize(
    ("heard_to", "is_all"), [(1.0, False), (1.39, False), (1.4, True), (1.5, True)]
)
def test_the_last_of_the_silence_at_the_end_of_a_stream_need_not_be_answered(
    heard_to: float, is_all: bool
) -> None:
    reading = Reading(heard_to=heard_to, is_last=True)
    stream = ready(new_reader=lambda: reader_of(reading), closing_silence=0.5)
    stream.write_audio(AudioRun(0, bytes(RATE)), 0.0)
    assert stream.finish(0.0) == pytest.approx(0.5)
    stream.read("", 1.0)
    assert stream.has_answered_all() == is_all


def test_a_stream_that_was_sent_no_audio_ends_without_silence() -> None:
    stream = ready(closing_silence=0.5)
    assert stream.finish(0.0) == 0.0
    assert stream.sent_bytes == 0


def test_a_probe_is_sent_once_until_there_is_more_audio() -> None:
    stream = ready(stall_probe=lambda: "hello?")
    write_audio(stream, 1.0)
    assert stream.probe(6.0)
    assert stream.waiting_since == 6.0
    assert not stream.probe(6.0)
    assert taken(stream) == [Write(1, b"hello?", is_text=True)]
    write_audio(stream, 12.0, position=100)
    assert stream.probe(13.0)


def test_a_stream_without_a_probe_is_not_asked() -> None:
    stream = ready()
    write_audio(stream, 1.0)
    assert not stream.probe(6.0)
    assert taken(stream) == []


def test_audio_and_silence_go_out_encoded_and_are_counted_as_they_were_given() -> None:
    stream = ready(TEXT_KEEPALIVE, encode=lambda audio: audio[::2].replace(b"\0", b"s"))
    assert injected(stream, 5.0) == [Write(1, b"s" * 50, is_text=False)]
    assert stream.write_audio(AudioRun(0, b"a\0b\0" * 25), 5.0).data == b"ab" * 25
    assert stream.sent_bytes == 200
    assert position_of(stream, 0.15) == 50


# Reading


def reader_of(*readings: Reading) -> Reader:
    remaining = iter(readings)
    return lambda data: next(remaining)


def test_a_pause_is_what_the_last_message_says_it_is() -> None:
    readings = [Reading(is_idle=False), Reading(is_idle=True)]
    stream = ready(new_reader=lambda: reader_of(*readings))
    assert stream.is_in_pause, "it was sent nothing"
    write_audio(stream, 0.0)
    assert not stream.is_in_pause
    stream.read("", 1.0)
    assert not stream.is_in_pause
    stream.read("", 2.0)
    assert stream.is_in_pause


def test_every_stream_has_a_reader_of_its_own() -> None:
    made = []

    def new_reader() -> Reader:
        made.append(1)
        return lambda data: Reading(value=len(made))

    protocol = StreamProtocol(new_reader=new_reader)
    for number in (1, 2):
        StreamState(number, 0, protocol, deque(), now=0.0, rotate_at=None)
    assert len(made) == 2
